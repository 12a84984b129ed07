using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Numerics;

/// <summary>Units of attention, over three chunks of keys of which the last is not full.</summary>
static unsafe class AttentionUnits
{
    const int Keys = 150;

    public static IEnumerable<NumericUnit> All =>
    [
        Of(Precision.F32, "1c986a6db604f2de", FunctionUnits.Exp),
        Of(Precision.W8A8, "058381544fe3dbd1", FunctionUnits.Exp, OperationUnits.Rounding),
    ];

    public static string Name(Precision precision) => $"attention, {precision.ToString().ToLowerInvariant()}";

    static NumericUnit Of(Precision precision, string bits, params string[] parts) =>
        NumericUnit.Vectorised(Name(precision), bits, parts, (hash, set) => Add(hash, precision, set));

    static void Add(BitHash hash, Precision precision, InstructionSet set)
    {
        ModelConfig config = ModelUnits.Shape;
        int width = config.HeadWidth;
        HeadShape shape = HeadShape.Of(config, precision, set);
        using var cache = new KvCacheCpu(config, precision, PageSize.PagesFor(Keys));
        int[] pages = FilledPages(cache, shape);
        int[] seen = [1, 33, 64, 65, 128, Keys];
        float[] queries = UnitInputs.Singles(32, seen.Length * width, 4), outputs = new float[seen.Length * width];
        using var attention = new AttentionCpu(shape);
        attention.Reserve(Keys);
        fixed (float* q = queries, y = outputs)
        {
            var rows = new AttentionQuery[seen.Length];
            for (int i = 0; i < seen.Length; i++)
                rows[i] = new AttentionQuery(q + (i * width), y + (i * width), pages, seen[i]);
            attention.Run(rows, cache, layer: 0, kvHead: 0);
        }
        hash.AddRange<float>(outputs);
    }

    static int[] FilledPages(KvCacheCpu cache, in HeadShape shape)
    {
        int[] pages = [.. Enumerable.Range(0, PageSize.PagesFor(Keys)).Select(_ => cache.Rent())];
        int width = shape.HeadWidth;
        float[] keys = UnitInputs.Singles(30, Keys * width, 2), values = UnitInputs.Singles(31, Keys * width);
        fixed (float* k = keys, v = values)
        {
            for (int i = 0; i < Keys; i++)
            {
                HeadPage page = new(cache.Head(pages[i / PageSize.Tokens], 0, 0), shape);
                page.Write(k + (i * width), v + (i * width), i % PageSize.Tokens, shape);
            }
        }
        return pages;
    }
}
