using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;

namespace Kernels.Tests.Attention;

public unsafe class AttentionTests
{
    const int Chunk = HeadShape.Chunk;

    [Test]
    public void Every_form_equals_the_portable_one_bit_for_bit(
        [Values(2, 8, 12, 16, 20, 40, 64, 72, 80, 100, 128)] int headWidth,
        [ValueSource(typeof(Precisions), nameof(Precisions.Exact))] Precision precision)
    {
        foreach ((string name, Row[] rows) in Batches())
        {
            float[] expected = Attend(headWidth, precision, InstructionSet.Portable, rows, together: false);
            foreach (InstructionSet set in InstructionSets.Supported)
            {
                Assert.That(Attend(headWidth, precision, set, rows, together: true), Is.EqualTo(expected), $"{set}, {name}");
                Assert.That(
                    Attend(headWidth, precision, set, rows, together: false), Is.EqualTo(expected), $"{set}, {name}, each query alone");
            }
        }
    }

    [Test]
    public void Keys_beyond_those_that_exist_are_not_read_into_the_result(
        [Values(16, 64)] int headWidth, [ValueSource(typeof(Precisions), nameof(Precisions.Exact))] Precision precision)
    {
        Row[] rows = [new([0, 1], 70), new([0, 1], 71), new([0, 1], 73), new([0, 1], 75)];
        foreach (InstructionSet set in InstructionSets.Supported)
        {
            float[] clean = Attend(headWidth, precision, set, rows, together: true);
            float[] dirty = Attend(headWidth, precision, set, rows, together: true, dirtyFrom: 76);
            Assert.That(dirty, Is.EqualTo(clean), $"{set}");
        }
    }

    /// <summary>Pages and keys of each row: shared by tiles of every size, with other ends, and none shared.</summary>
    static IEnumerable<(string Name, Row[] Rows)> Batches()
    {
        yield return ("one row", [new([0], 1)]);
        yield return ("own pages", [new([0], 5), new([1], 17), new([2], 64), new([3], 33), new([4], 49)]);
        yield return ("a shared prompt", [.. Enumerable.Range(0, 7).Select(i => new Row([0, 1, 2 + i], 129 + (i * 9)))]);
        yield return ("two prompts", [new([0, 2], 100), new([0, 3], 65), new([1, 4], 128), new([1, 5], 90), new([1, 6], 66)]);
        yield return ("a prompt passing", [.. Enumerable.Range(0, 37).Select(i => new Row([0, 1], 45 + i))]);
    }

    static float[] Attend(int headWidth, Precision precision, InstructionSet set, Row[] rows, bool together, int dirtyFrom = int.MaxValue)
    {
        ModelConfig config = RandomCheckpoint.Shape(layers: 1, heads: 1, kvHeads: 1, headWidth: headWidth);
        using var cache = new KvCacheCpu(config, precision, 10);
        Fill(cache, config, precision, dirtyFrom);
        HeadShape shape = HeadShape.Of(config, precision, set);
        using var attention = new AttentionCpu(shape);
        attention.Reserve(3 * Chunk);
        using var queries = new NativeBuffer<float>((long)rows.Length * headWidth);
        using var outputs = new NativeBuffer<float>((long)rows.Length * headWidth);
        Random random = new(5);
        foreach (ref float x in queries.Span)
            x = (random.NextSingle() - 0.5f) * 8;
        var list = new AttentionQuery[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            list[i] = new AttentionQuery(queries.Data + (i * headWidth), outputs.Data + (i * headWidth), rows[i].Pages, rows[i].Keys);
        int step = together ? list.Length : 1;
        for (int first = 0; first < list.Length; first += step)
            attention.Run(list.AsSpan(first, step), cache, 0, 0);
        return outputs.Span.ToArray();
    }

    static void Fill(KvCacheCpu cache, ModelConfig config, Precision precision, int dirtyFrom)
    {
        Random random = new(3);
        while (cache.Available > 0)
        {
            int page = cache.Rent();
            HeadPage head = new(cache.Head(page, 0, 0), HeadShape.Of(config, precision, InstructionSet.Portable));
            for (int j = 0; j < Chunk; j++)
            {
                bool dirty = (page * Chunk) + j >= dirtyFrom;
                for (int d = 0; d < config.HeadWidth; d++)
                    Put(head, config, precision, j, d, random.Next(-127, 128), random.Next(-127, 128), dirty);
                if (precision == Precision.W8A8)
                    (head.KeyScales[j], head.ValueScales[j]) = (random.NextSingle() / 100, random.NextSingle() / 100);
                if (precision == Precision.W8A8 && dirty)
                    (head.KeyScales[j], head.ValueScales[j]) = (1e30f, 1e30f);
            }
        }
    }

    static void Put(in HeadPage head, ModelConfig config, Precision precision, int slot, int dimension, int key, int value, bool dirty)
    {
        int padded = KvCacheCpu.PaddedWidth(config);
        if (precision == Precision.W8A8)
        {
            ((sbyte*)head.Keys)[HeadPage.Int8Key(slot, dimension, config.HeadWidth)] = (sbyte)(dirty ? 127 : key);
            ((sbyte*)head.Values)[(slot * padded) + dimension] = (sbyte)(dirty ? -127 : value);
        }
        else
        {
            ((float*)head.Keys)[HeadPage.SingleKey(slot, dimension, config.HeadWidth)] = dirty ? 1e30f : key / 500f;
            ((float*)head.Values)[(slot * padded) + dimension] = dirty ? -1e30f : value / 50f;
        }
    }

    sealed record Row(int[] Pages, int Keys);
}
