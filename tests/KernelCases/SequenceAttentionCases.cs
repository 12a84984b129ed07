using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;

namespace KernelCases;

/// <summary>SequenceAttention.cu and SequenceAttentionBackward.cu against <see cref="SequenceAttention"/>.</summary>
public static class SequenceAttentionCases
{
    public static IEnumerable<KernelCase> All()
    {
        yield return Case(rows: 1, sequences: 3, heads: 1, kvHeads: 1, headWidth: 2);
        yield return Case(rows: 13, sequences: 2, heads: 4, kvHeads: 2, headWidth: 10);
        yield return Case(rows: 64, sequences: 1, heads: 1, kvHeads: 1, headWidth: 16);
        yield return Case(rows: 65, sequences: 1, heads: 2, kvHeads: 1, headWidth: 8);
        yield return Case(rows: 131, sequences: 2, heads: 2, kvHeads: 1, headWidth: 6);
        yield return Case(rows: 70, sequences: 1, heads: 1, kvHeads: 1, headWidth: 72);
        yield return Case(rows: 20, sequences: 1, heads: 1, kvHeads: 1, headWidth: 130);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        int kvHeads = random.Next(1, 4);
        yield return Case(
            random.Next(1, 300), random.Next(1, 5), kvHeads * random.Next(1, 4), kvHeads, headWidth: 2 * random.Next(1, 80));
    }

    static KernelCase Case(int rows, int sequences, int heads, int kvHeads, int headWidth) => new(
        "SequenceAttention.sequence_attention",
        $"{sequences} sequences of {rows}, {heads} heads of {headWidth} on {kvHeads}",
        device => Run(device, rows, sequences, GeneratorCases.Llama with { Heads = heads, KvHeads = kvHeads, HeadWidth = headWidth }));

    static void Run(IKernelDevice device, int rows, int sequences, ModelConfig config)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(rows + config.HeadWidth);
        int all = rows * sequences, step = config.QueryWidth + (2 * config.KvWidth), chunks = PageSize.PagesFor(rows);
        float[] qkv = Values.Random(random, all * step), dMixed = Values.Random(random, all * config.QueryWidth);
        var mixed = new float[dMixed.Length];
        var dQkv = new float[qkv.Length];
        Attend(config, rows, sequences, qkv, mixed, dMixed, dQkv);
        var parameters = new SequenceAttentionParameters
        {
            Qkv = arrays.Upload(qkv),
            Mixed = arrays.Output<float>(mixed.Length),
            Maxima = arrays.Output<float>(all * config.Heads * chunks),
            Factors = arrays.Output<float>(all * config.Heads * chunks),
            DMixed = arrays.Upload(dMixed),
            Dots = arrays.Output<float>(all * config.Heads),
            DQkv = arrays.Output<float>(dQkv.Length),
            Rows = rows,
            Sequences = sequences,
            Heads = config.Heads,
            KvHeads = config.KvHeads,
            HeadWidth = config.HeadWidth,
        };
        SequenceAttentionCuda.Forward(device, parameters);
        arrays.MustEqual<float>(parameters.Mixed, mixed, "mixed");
        SequenceAttentionCuda.Backward(device, parameters);
        arrays.MustEqual<float>(parameters.DQkv, dQkv, "gradient of q, k and v");
    }

    static unsafe void Attend(ModelConfig config, int rows, int sequences, float[] qkv, float[] mixed, float[] dMixed, float[] dQkv)
    {
        int step = config.QueryWidth + (2 * config.KvWidth), width = config.QueryWidth;
        using var attention = new SequenceAttention(config, rows, InstructionSet.Portable);
        fixed (float* q = qkv, o = mixed, dO = dMixed, dQ = dQkv)
        {
            for (int first = 0; first < rows * sequences; first += rows)
            {
                attention.Forward(q + (first * step), step, rows, o + (first * width), width);
                attention.Backward(
                    q + (first * step), step, rows, o + (first * width), dO + (first * width), width, dQ + (first * step), step);
            }
        }
    }
}
