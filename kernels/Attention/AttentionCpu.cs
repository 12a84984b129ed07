using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>One query head of one row.</summary>
/// <param name="query">[head width], after RoPE.</param>
/// <param name="output">[head width].</param>
/// <param name="pages">The sequence's pages, by position / 64.</param>
/// <param name="keys">Keys that the query sees: its position + 1.</param>
public readonly unsafe struct AttentionQuery(float* query, float* output, int[] pages, int keys)
{
    public readonly float* Query = query;
    public readonly float* Output = output;
    public readonly int[] Pages = pages;
    public readonly int Keys = keys;

    /// <summary>Keys of a chunk that the query sees: 64, fewer in its last one, none or less beyond.</summary>
    internal int KeysIn(int chunk) => Math.Min(Keys - (chunk * HeadShape.Chunk), HeadShape.Chunk);

    /// <summary>Whether the query's keys of a chunk lie in this page.</summary>
    internal bool Reads(int page, int chunk) => KeysIn(chunk) > 0 && Pages[chunk] == page;
}

/// <summary>
/// Causal attention of query heads over pages of keys and values. Each chunk of 64 keys has its own maximum, sum of exponentials and
/// output; chunks are combined in ascending order with weights exp(max_chunk - max), as in Milakov and Gimelshein 2018 (arXiv
/// 1805.02867). So the result depends neither on who shares a page nor on how the work is split, and neighbouring queries that read the
/// same page pass it together, in tiles.
/// </summary>
public sealed unsafe class AttentionCpu : IDisposable
{
    /// <summary>Queries that walk their pages together.</summary>
    public const int Queries = 32;

    readonly HeadShape shape;
    readonly float scale;
    readonly NativeBuffer<float> scores = new(QueryTile.Most * HeadShape.Chunk);
    readonly NativeBuffer<float> unused;
    readonly NativeBuffer<short> quantized;
    readonly NativeBuffer<float> scales = new(Queries + QueryTile.Most);
    NativeBuffer<float> maxima = new(0);
    NativeBuffer<float> sums = new(0);
    NativeBuffer<float> outputs = new(0);
    int capacity;

    /// <summary>Scratch of one worker.</summary>
    public AttentionCpu(HeadShape shape)
    {
        this.shape = shape;
        scale = 1f / MathF.Sqrt(shape.HeadWidth);
        unused = new NativeBuffer<float>(shape.PaddedWidth);
        quantized = new NativeBuffer<short>((Queries + QueryTile.Most) * (long)shape.PaddedWidth);
    }

    /// <summary>Makes room for contexts of up to <paramref name="tokens"/> tokens.</summary>
    public void Reserve(int tokens)
    {
        int chunks = PageSize.PagesFor(tokens);
        if (chunks <= capacity)
            return;
        DisposePartials();
        capacity = chunks;
        maxima = new NativeBuffer<float>((long)Queries * chunks);
        sums = new NativeBuffer<float>((long)Queries * chunks);
        outputs = new NativeBuffer<float>((long)Queries * chunks * shape.PaddedWidth);
    }

    /// <param name="queries">Those of one sequence or prompt side by side.</param>
    /// <param name="cache">Holds the pages.</param>
    /// <param name="layer">0-based.</param>
    /// <param name="kvHead">The key and value head of these query heads.</param>
    public void Run(ReadOnlySpan<AttentionQuery> queries, KvCacheCpu cache, int layer, int kvHead)
    {
        for (; queries.Length > Queries; queries = queries[Queries..])
            RunTogether(queries[..Queries], cache, layer, kvHead);
        RunTogether(queries, cache, layer, kvHead);
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { scores, unused, quantized, scales })
            buffer.Dispose();
        DisposePartials();
    }

    void DisposePartials()
    {
        maxima.Dispose();
        sums.Dispose();
        outputs.Dispose();
    }

    void RunTogether(ReadOnlySpan<AttentionQuery> queries, KvCacheCpu cache, int layer, int kvHead)
    {
        int chunks = 0;
        for (int i = 0; i < queries.Length; i++)
        {
            chunks = Math.Max(chunks, PageSize.PagesFor(queries[i].Keys));
            if (shape.Quantized)
                scales.Data[i] = shape.Quantize(queries[i].Query, quantized.Data + (i * shape.PaddedWidth)) * scale;
        }
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int taken;
            for (int first = 0; first < queries.Length; first += taken)
            {
                ReadOnlySpan<AttentionQuery> rest = queries[first..];
                if (rest[0].KeysIn(chunk) <= 0)
                    taken = 1;
                else if (shape.Quantized)
                    taken = AttendInt8(rest, first, chunk, cache, layer, kvHead);
                else
                    taken = AttendSingle(rest[0], first, chunk, Page(rest[0], chunk, cache, layer, kvHead));
            }
        }
        for (int i = 0; i < queries.Length; i++)
            Combine(i, PageSize.PagesFor(queries[i].Keys), queries[i].Output);
    }

    HeadPage Page(in AttentionQuery query, int chunk, KvCacheCpu cache, int layer, int kvHead) =>
        new(cache.Head(query.Pages[chunk], layer, kvHead), shape);

    /// <summary>A tile of the leading queries: those that share the first one's page, or else those that share none.</summary>
    int AttendInt8(ReadOnlySpan<AttentionQuery> queries, int first, int chunk, KvCacheCpu cache, int layer, int kvHead)
    {
        bool shared = queries.Length > 1 && queries[1].Reads(queries[0].Pages[chunk], chunk);
        float** partials = stackalloc float*[QueryTile.Most];
        QueryTile tile = new()
        {
            Shared = shared,
            Page = Page(queries[0], chunk, cache, layer, kvHead),
            Values = quantized.Data + (first * shape.PaddedWidth),
            Width = shape.PaddedWidth,
            Scales = scales.Data + first,
            Scores = scores.Data,
            Outputs = partials,
        };
        while (tile.Queries < Math.Min(QueryTile.Most, queries.Length) && Joins(queries, tile.Queries, chunk, shared))
        {
            int q = tile.Queries++;
            tile.Keys = Math.Max(tile.Keys, queries[q].KeysIn(chunk));
            tile.Offsets[q] = shared ? 0 : Page(queries[q], chunk, cache, layer, kvHead).Keys - tile.Page.Keys;
            partials[q] = outputs.Data + (Place(first + q, chunk) * shape.PaddedWidth);
        }
        for (int q = tile.Queries; q < QueryTile.Most; q++)
            partials[q] = unused.Data;
        ChunkScores.Int8(tile, shape.HeadWidth, shape.InstructionSet);
        for (int q = 0; q < tile.Queries; q++)
        {
            long place = Place(first + q, chunk);
            (maxima.Data[place], sums.Data[place]) = ChunkSoftmax.Run(tile.ScoresOf(q), queries[q].KeysIn(chunk), shape.InstructionSet);
        }
        ChunkValues.Int8(tile, shape.PaddedWidth, shape.InstructionSet);
        return tile.Queries;
    }

    static bool Joins(ReadOnlySpan<AttentionQuery> queries, int index, int chunk, bool shared)
    {
        if (index == 0)
            return true;
        if (queries[index].KeysIn(chunk) <= 0)
            return false;
        int page = queries[index].Pages[chunk];
        return shared
            ? page == queries[0].Pages[chunk]
            : index + 1 == queries.Length || !queries[index + 1].Reads(page, chunk);
    }

    int AttendSingle(in AttentionQuery query, int index, int chunk, in HeadPage page)
    {
        int count = query.KeysIn(chunk);
        long place = Place(index, chunk);
        ChunkScores.Single(query.Query, scale, page, shape.HeadWidth, count, scores.Data);
        (maxima.Data[place], sums.Data[place]) = ChunkSoftmax.Run(scores.Data, count, shape.InstructionSet);
        ChunkValues.Single(scores.Data, page, shape.PaddedWidth, count, outputs.Data + (place * shape.PaddedWidth));
        return 1;
    }

    /// <summary>Where a query's partial results of a chunk lie.</summary>
    long Place(int query, int chunk) => ((long)query * capacity) + chunk;

    void Combine(int query, int chunks, float* output)
    {
        float* weights = maxima.Data + Place(query, 0);
        float* chunkSums = sums.Data + Place(query, 0);
        float* partials = outputs.Data + (Place(query, 0) * shape.PaddedWidth);
        float max = weights[0];
        for (int chunk = 1; chunk < chunks; chunk++)
            max = MathF.Max(max, weights[chunk]);
        float total = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            weights[chunk] = ExactSingle.Exp(weights[chunk] - max);
            total = MathF.FusedMultiplyAdd(weights[chunk], chunkSums[chunk], total);
        }
        Vector256<float> inverse = Vector256.Create(1f / total);
        int d = 0;
        for (; d + 32 <= shape.HeadWidth; d += 32)
        {
            Vector256<float> a = default, b = default, c = default, e = default;
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                float* partial = partials + ((long)chunk * shape.PaddedWidth) + d;
                Vector256<float> weight = Vector256.Create(weights[chunk]);
                a = Vector256.FusedMultiplyAdd(weight, Vector256.Load(partial), a);
                b = Vector256.FusedMultiplyAdd(weight, Vector256.Load(partial + 8), b);
                c = Vector256.FusedMultiplyAdd(weight, Vector256.Load(partial + 16), c);
                e = Vector256.FusedMultiplyAdd(weight, Vector256.Load(partial + 24), e);
            }
            (a * inverse).Store(output + d);
            (b * inverse).Store(output + d + 8);
            (c * inverse).Store(output + d + 16);
            (e * inverse).Store(output + d + 24);
        }
        for (; d < shape.PaddedWidth; d += 8)
        {
            Vector256<float> sum = default;
            for (int chunk = 0; chunk < chunks; chunk++)
                sum = Vector256.FusedMultiplyAdd(
                    Vector256.Create(weights[chunk]), Vector256.Load(partials + ((long)chunk * shape.PaddedWidth) + d), sum);
            sum *= inverse;
            if (d + 8 <= shape.HeadWidth)
                sum.Store(output + d);
            else
                new ReadOnlySpan<float>(&sum, shape.HeadWidth - d).CopyTo(new Span<float>(output + d, shape.HeadWidth - d));
        }
    }
}
