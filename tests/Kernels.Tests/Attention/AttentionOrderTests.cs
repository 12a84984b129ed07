using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;
using Kernels.Tests.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.Attention;

/// <summary>
/// Scores in blocks of 64 dimensions; values in a chain over ascending keys; chunks of 64 keys combined in ascending order under one
/// maximum.
/// </summary>
public sealed unsafe class AttentionOrderTests
{
    /// <summary>A block of dimensions and a short one; two chunks of keys and a short one.</summary>
    const int Width = 80, Keys = 150, Queries = 8;

    [Test]
    public void Chunks_of_64_keys_are_combined_in_ascending_order(
        [ValueSource(typeof(Precisions), nameof(Precisions.Exact))] Precision precision)
    {
        float[][] queries = [.. LinearReference.Random(Queries * Width, 10).Chunk(Width)];
        // Keys grow from chunk to chunk, and with them the maximum.
        float[][] keys = [.. LinearReference.Random(Keys * Width, 11).Select((x, i) => x * (1 + (i / Width / 64))).Chunk(Width)];
        float[][] values = [.. LinearReference.Random(Keys * Width, 12).Chunk(Width)];
        AttentionOrder right = new(precision);
        SummingOrder.IsTheOnlyOne(
            InOrder(right),
            InstructionSets.Supported.Select(set => ($"{set}", Attend(precision, set, queries, keys, values))),
            Others(right).Select(other => (other.Name, InOrder(other.Order))));

        float[] InOrder(AttentionOrder order) => [.. queries.SelectMany(query => order.Attend(query, keys, values))];
    }

    static IEnumerable<(string Name, AttentionOrder Order)> Others(AttentionOrder right)
    {
        yield return ("one softmax over all keys", right with { Chunk = Keys });
        yield return ("chunks of 32 keys", right with { Chunk = 32 });
        yield return ("chunks from the last to the first", right with { ChunksDescend = true });
        yield return ("chunks under a running maximum", right with { Running = true });
        yield return ("chunks multiplied, rounded and added", right with { UnfusedChunks = true });
        yield return ("keys from the last to the first", right with { KeysDescend = true });
        yield return ("values multiplied, rounded and added", right with { UnfusedValues = true });
        yield return ("a division by the sum", right with { Divides = true });
        yield return ("the scales first", right with { ScalesFirst = true });
        if (right.Precision == Precision.F32)
            yield return ("scores in one chain", right with { DimensionBlock = Width });
        else
            yield return ("values scaled before they are weighted", right with { ScaledValues = true });
    }

    static float[] Attend(Precision precision, InstructionSet set, float[][] queries, float[][] keys, float[][] values)
    {
        ModelConfig config = RandomCheckpoint.Shape(layers: 1, heads: 1, kvHeads: 1, headWidth: Width);
        HeadShape shape = HeadShape.Of(config, precision, set);
        using var cache = new KvCacheCpu(config, precision, PageSize.PagesFor(Keys));
        int[] pages = [.. Enumerable.Range(0, PageSize.PagesFor(Keys)).Select(_ => cache.Rent())];
        for (int i = 0; i < Keys; i++)
        {
            fixed (float* key = keys[i], value = values[i])
                new HeadPage(cache.Head(pages[i / PageSize.Tokens], 0, 0), shape).Write(key, value, i % PageSize.Tokens, shape);
        }
        using var attention = new AttentionCpu(shape);
        attention.Reserve(Keys);
        var outputs = new float[Queries * Width];
        for (int i = 0; i < Queries; i++)
        {
            fixed (float* query = queries[i], output = &outputs[i * Width])
                attention.Run([new AttentionQuery(query, output, pages, Keys)], cache, layer: 0, kvHead: 0);
        }
        return outputs;
    }
}
