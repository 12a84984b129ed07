using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Kernels.RotaryEmbedding;

namespace KernelCases;

/// <summary>RotaryEmbedding.cu against the steps of <see cref="KeyValueWriter"/>.</summary>
public static class RotaryEmbeddingCases
{
    const int MaxPages = 3, PageCount = 3 * MaxPages;
    static readonly int[] Positions = [0, 63, -1, 64, 130], Sequences = [1, 0, 0, 1, 2];

    public static IEnumerable<KernelCase> All()
    {
        foreach ((int heads, int kvHeads, int width) in new[]
        {
            (1, 1, 6), (1, 1, 8), (2, 1, 16), (2, 2, 20), (3, 1, 32), (3, 1, 64), (4, 2, 80), (2, 1, 128), (1, 1, 256), (1, 1, 250),
        })
        {
            foreach (Precision precision in Enum.GetValues<Precision>())
            {
                var shape = new AttentionHeads(heads, kvHeads, width, precision);
                string kernel = $"RotaryEmbedding.rotary_embedding_{shape.Suffix}";
                bool bias = width != 64, norms = width % 20 == 0 || width == 128;
                yield return new KernelCase(
                    kernel, $"{shape}{(bias ? ", biases" : "")}{(norms ? ", norms" : "")}", device => Run(device, shape, bias, norms));
            }
        }
        yield return new KernelCase("RotaryEmbedding.rotary_embedding_int8", "a value that is NaN", ReportsNaN);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        for (int i = 0; i < 6; i++)
        {
            int kvHeads = random.Next(1, 4);
            var shape = new AttentionHeads(kvHeads * random.Next(1, 6), kvHeads, random.Next(1, 129) * 2, (Precision)(i % 3));
            bool bias = random.Next(2) == 0, norms = random.Next(2) == 0;
            yield return new KernelCase(
                "RotaryEmbedding",
                $"{shape}{(bias ? ", biases" : "")}{(norms ? ", norms" : "")}",
                device => Run(device, shape, bias, norms));
        }
    }

    static void Run(IKernelDevice device, AttentionHeads shape, bool bias, bool norms)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(shape.HeadWidth);
        using var inputs = new RotaryInputs(shape, random, Positions, bias, norms);
        int[] pages = [.. Enumerable.Range(0, PageCount)];
        random.Shuffle(pages);
        RotaryEmbeddingParameters parameters = Upload(arrays, inputs, pages);
        RotaryEmbeddingCuda.Run(device, shape.Precision, parameters);

        int rows = Positions.Length, queries = rows * shape.Heads;
        float[] qkv = [.. inputs.Qkv];
        byte[] cache = Poisoned.Array<byte>(PageCount * shape.PageBytes);
        sbyte[] q = Poisoned.Array<sbyte>(queries * shape.Pad);
        float[] scales = Poisoned.Array<float>(queries);
        for (int row = 0; row < rows; row++)
        {
            if (Positions[row] < 0)
                continue;
            float[] finished = inputs.Finish(row);
            int page = pages[(Sequences[row] * MaxPages) + (Positions[row] / PageSize.Tokens)];
            for (int head = 0; head < shape.KvHeads; head++)
            {
                for (int part = 0; part < 2; part++)
                {
                    ReadOnlySpan<float> x =
                        finished.AsSpan((shape.Heads + (part * shape.KvHeads) + head) * shape.HeadWidth, shape.HeadWidth);
                    shape.Write(cache, page, head, Positions[row] % PageSize.Tokens, part == 1, x);
                }
            }
            for (int head = 0; head < shape.Heads; head++)
            {
                Span<float> query = finished.AsSpan(head * shape.HeadWidth, shape.HeadWidth);
                int place = (row * shape.Heads) + head;
                if (!shape.Quantized)
                {
                    query.CopyTo(qkv.AsSpan((row * shape.QkvWidth) + (head * shape.HeadWidth)));
                    continue;
                }
                (sbyte[] values, float scale) = shape.Quantize(query);
                values.CopyTo(q, place * shape.Pad);
                scales[place] = scale * (1f / MathF.Sqrt(shape.HeadWidth));
            }
        }
        arrays.MustEqual<byte>(parameters.Cache, cache, "pages");
        arrays.MustEqual<float>(parameters.Qkv, qkv, "qkv");
        arrays.MustEqual<sbyte>(parameters.Q, q, "q");
        arrays.MustEqual<float>(parameters.QueryScales, scales, "query scales");
        arrays.MustEqual<int>(parameters.Errors, [0], "errors");
    }

    static void ReportsNaN(IKernelDevice device)
    {
        using var arrays = new DeviceArrays(device);
        var shape = new AttentionHeads(1, 1, 16, Precision.W8A8);
        using var inputs = new RotaryInputs(shape, new Random(1), Positions, bias: false, norms: false);
        inputs.Qkv[^3] = float.NaN;
        RotaryEmbeddingParameters parameters = Upload(arrays, inputs, [.. Enumerable.Range(0, PageCount)]);
        RotaryEmbeddingCuda.Run(device, shape.Precision, parameters);
        arrays.MustEqual<int>(parameters.Errors, [1], "errors");
    }

    static RotaryEmbeddingParameters Upload(DeviceArrays arrays, RotaryInputs inputs, int[] pages)
    {
        AttentionHeads shape = inputs.Shape;
        int queries = Positions.Length * shape.Heads;
        return inputs.Upload(arrays) with
        {
            Positions = arrays.Upload(Positions),
            Sequences = arrays.Upload(Sequences),
            Pages = arrays.Upload(pages),
            Cache = arrays.Output<byte>(PageCount * shape.PageBytes),
            Q = arrays.Output<sbyte>(queries * shape.Pad),
            QueryScales = arrays.Output<float>(queries),
            Errors = arrays.Upload(new int[1]),
            MaxPages = MaxPages,
        };
    }
}
