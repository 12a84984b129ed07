using Harness.Kernels.Attention;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Models;

/// <summary>
/// A decoder-only transformer of the llama family on the CPU. Every row's numbers depend on its sequence alone: not on the other rows
/// of the pass, the workers or the instruction set.
/// </summary>
public sealed unsafe class CpuTransformer : IDisposable
{
    /// <summary>Rows that one piece of element-wise work takes.</summary>
    const int RowsPerPiece = 4;

    /// <summary>Matrices of one layer up to this size leave room in a core's cache for the rows that pass them.</summary>
    const long SmallLayer = 512 << 10;

    const int LeastRowsApart = 8;
    const int MostRowsApart = 32;

    /// <summary>Pieces a worker should find in a phase, so that a slow one does not hold up the rest.</summary>
    const int PiecesPerWorker = 4;

    /// <summary>Heads of at most this many bytes a page are small.</summary>
    const int SmallHeadBytes = 4096;

    readonly Checkpoint checkpoint;
    readonly Precision precision;
    readonly bool small;
    readonly ModelConfig config;
    readonly WorkerPool pool;
    readonly CpuWeights weights;
    readonly RotaryTable rotary;
    readonly AttentionCpu[] attention;
    readonly AttentionQuery[][] attentionQueries;
    readonly KeyValueWriter keyValues;
    readonly NativeBuffer<float> residual;
    readonly NativeBuffer<float> qkv;
    readonly NativeBuffer<float> delta;
    readonly NativeBuffer<float> gateUp;
    readonly NativeBuffer<float> logits;
    readonly LinearInput normed;
    readonly LinearInput mixed;
    readonly LinearInput? activated;
    readonly CpuExperts? experts;
    readonly LinearInput last;
    readonly Action<int> forward;
    ForwardBatch batch = null!;
    Action<int, int>? visitLogits;
    int reserved;

    /// <param name="checkpoint">Kept for the embedding's rows; not disposed here.</param>
    /// <param name="precision">Arithmetic of the matrices, keys and values.</param>
    /// <param name="cache">Where keys and values go.</param>
    /// <param name="instructionSet">Form of the linear kernels.</param>
    /// <param name="pool">Workers that share each pass.</param>
    /// <param name="limits">Capacity of a pass.</param>
    public CpuTransformer(
        Checkpoint checkpoint,
        Precision precision,
        KvCacheCpu cache,
        InstructionSet instructionSet,
        WorkerPool pool,
        TransformerLimits limits)
    {
        this.checkpoint = checkpoint;
        this.precision = precision;
        this.pool = pool;
        config = checkpoint.Config;
        small = ModelFlops.BodyWeights(config) / config.Layers <= SmallLayer;
        Cache = cache;
        Limits = limits;
        weights = CpuWeights.Load(checkpoint, precision, instructionSet, pool);
        rotary = new RotaryTable(config);
        HeadShape shape = HeadShape.Of(config, precision, instructionSet);
        attention = Enumerable.Range(0, pool.Workers).Select(_ => new AttentionCpu(shape)).ToArray();
        attentionQueries = attention.Select(_ => new AttentionQuery[MostRowsApart * (config.Heads / config.KvHeads)]).ToArray();
        keyValues = new KeyValueWriter(config, shape, rotary, cache);
        residual = new NativeBuffer<float>((long)limits.Rows * config.Width);
        delta = new NativeBuffer<float>((long)limits.Rows * config.Width);
        qkv = new NativeBuffer<float>((long)limits.Rows * weights.Layers[0].Qkv.Outputs);
        int feedForward = weights.Layers[0].FeedForward?.Width ?? 0;
        gateUp = new NativeBuffer<float>(2L * limits.Rows * feedForward);
        activated = feedForward > 0 ? new LinearInput(limits.Rows, feedForward, precision, instructionSet) : null;
        experts = config.Experts is null ? null : new CpuExperts(config, precision, instructionSet, pool, limits.Rows);
        logits = new NativeBuffer<float>((long)limits.LogitRows * config.Vocabulary);
        normed = new LinearInput(limits.Rows, config.Width, precision, instructionSet);
        mixed = new LinearInput(limits.Rows, config.QueryWidth, precision, instructionSet);
        last = new LinearInput(limits.LogitRows, config.Width, precision, instructionSet);
        forward = ForwardOnWorker;
    }

    public ModelConfig Config => config;

    public KvCacheCpu Cache { get; }

    public TransformerLimits Limits { get; }

    /// <summary>Where the feed-forward that every row passes puts its outputs: beside experts, it is one of them.</summary>
    float* FeedForwardOutput => experts is null ? delta.Data : experts.Shared;

    /// <summary>Logits [vocabulary] of the i-th row that the last pass was asked for.</summary>
    public float* Logits(int i) => logits.Data + ((long)i * config.Vocabulary);

    /// <summary>One pass: writes keys and values of every row and the logits that the batch asks for.</summary>
    /// <param name="rows">What passes.</param>
    /// <param name="visit">Called on a worker, given its number, for each i whose <see cref="Logits"/> are there; several at once.</param>
    /// <exception cref="HarnessException">A token is outside the vocabulary, or the numbers are not finite.</exception>
    public void Forward(ForwardBatch rows, Action<int, int>? visit = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Rows, Limits.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.LogitCount, Limits.LogitRows);
        int positions = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            config.RequireToken(rows.Tokens[row]);
            positions = Math.Max(positions, rows.Positions[row] + 1);
        }
        Reserve(positions);
        batch = rows;
        visitLogits = visit;
        pool.Run(forward);
    }

    public void Dispose()
    {
        weights.Dispose();
        rotary.Dispose();
        foreach (AttentionCpu scratch in attention)
            scratch.Dispose();
        foreach (IDisposable? buffer in new IDisposable?[]
            { residual, qkv, delta, gateUp, logits, normed, mixed, activated, experts, last })
            buffer?.Dispose();
    }

    void Reserve(int positions)
    {
        if (positions <= reserved)
            return;
        reserved = Math.Max(positions, Math.Min(2 * positions, config.ContextLength));
        rotary.Reserve(reserved);
        foreach (AttentionCpu scratch in attention)
            scratch.Reserve(reserved);
    }

    void ForwardOnWorker(int worker)
    {
        if (small && batch.OneRowPerSequence && batch.LogitCount == batch.Rows)
            ForwardApart(worker);
        else
            ForwardTogether(worker);
    }

    /// <summary>All workers share each step of the pass, which matrices larger than a cache want.</summary>
    void ForwardTogether(int worker)
    {
        while (NextRows(batch.Rows, RowsPerPiece, out int first, out int end))
            Embed(first, end);
        pool.Barrier();
        for (int index = 0; index < weights.Layers.Length; index++)
        {
            TransformerLayer layer = weights.Layers[index];
            while (NextRows(batch.Rows, RowsPerPiece, out int first, out int end))
                Normalise(index == 0 ? null : delta, layer.AttentionNorm, first, end);
            pool.Barrier();
            Multiply(normed, batch.Rows, layer.Qkv, qkv.Data);
            pool.Barrier();
            while (NextRows(batch.Rows, RowsPerPiece, out int first, out int end))
                WriteKeysAndValues(index, layer, first, end);
            pool.Barrier();
            AttendTogether(worker, index);
            pool.Barrier();
            while (NextRows(batch.Rows, RowsPerPiece, out int first, out int end))
                mixed.Prepare(first, end - first);
            pool.Barrier();
            Multiply(mixed, batch.Rows, layer.Output, delta.Data);
            pool.Barrier();
            while (NextRows(batch.Rows, RowsPerPiece, out int first, out int end))
            {
                Normalise(delta, layer.FeedForwardNorm, first, end);
                experts?.Route(layer, normed, first, end);
            }
            pool.Barrier();
            if (layer.FeedForward is { } feedForward)
            {
                Multiply(normed, batch.Rows, feedForward.GateUp, gateUp.Data);
                pool.Barrier();
                while (NextRows(batch.Rows, RowsPerPiece, out int first, out int end))
                    Activate(first, end);
                pool.Barrier();
                Multiply(activated!, batch.Rows, feedForward.Down, FeedForwardOutput);
                pool.Barrier();
            }
            if (experts is null)
                continue;
            experts.RunTogether(layer, normed, batch.Rows, delta.Data);
            pool.Barrier();
        }
        while (NextRows(batch.LogitCount, RowsPerPiece, out int first, out int end))
            NormaliseLast(first, end);
        pool.Barrier();
        Multiply(last, batch.LogitCount, weights.Head, logits.Data);
        if (visitLogits is null)
            return;
        pool.Barrier();
        while (NextRows(batch.LogitCount, 1, out int first, out int end))
            VisitLogits(worker, first, end);
    }

    /// <summary>Each worker takes rows from token to logits by itself: nobody waits, and what a few rows need stays in its cache.</summary>
    void ForwardApart(int worker)
    {
        int size = Math.Clamp(batch.Rows / (PiecesPerWorker * pool.Workers), LeastRowsApart, MostRowsApart);
        while (NextRows(batch.Rows, size, out int first, out int end))
        {
            Embed(first, end);
            for (int index = 0; index < weights.Layers.Length; index++)
            {
                TransformerLayer layer = weights.Layers[index];
                Normalise(index == 0 ? null : delta, layer.AttentionNorm, first, end);
                MultiplyRows(normed, first, end, layer.Qkv, qkv.Data);
                WriteKeysAndValues(index, layer, first, end);
                Attend(worker, index, first, end, 0, config.KvHeads);
                mixed.Prepare(first, end - first);
                MultiplyRows(mixed, first, end, layer.Output, delta.Data);
                Normalise(delta, layer.FeedForwardNorm, first, end);
                FeedForwardApart(worker, layer, first, end);
            }
            NormaliseLast(first, end);
            MultiplyRows(last, first, end, weights.Head, logits.Data);
            VisitLogits(worker, first, end);
        }
    }

    void FeedForwardApart(int worker, TransformerLayer layer, int first, int end)
    {
        if (layer.FeedForward is { } feedForward)
        {
            MultiplyRows(normed, first, end, feedForward.GateUp, gateUp.Data);
            Activate(first, end);
            MultiplyRows(activated!, first, end, feedForward.Down, FeedForwardOutput);
        }
        if (experts is null)
            return;
        experts.Route(layer, normed, first, end);
        experts.RunApart(worker, layer, normed, first, end, delta.Data);
    }

    void Embed(int first, int end)
    {
        for (int row = first; row < end; row++)
            checkpoint.ReadRows(
                TensorNames.Embedding, batch.Tokens[row], new Span<float>(residual.Data + ((long)row * config.Width), config.Width));
    }

    void Normalise(NativeBuffer<float>? added, NativeBuffer<float> weight, int first, int end)
    {
        for (int row = first; row < end; row++)
        {
            float* x = residual.Data + ((long)row * config.Width);
            if (added is null)
                RmsNormCpu.Run(x, weight.Data, config.NormEpsilon, config.Width, normed.Row(row));
            else
                RmsNormCpu.AddAndRun(
                    x, added.Data + ((long)row * config.Width), weight.Data, config.NormEpsilon, config.Width, normed.Row(row));
        }
        normed.Prepare(first, end - first);
    }

    void WriteKeysAndValues(int index, TransformerLayer layer, int first, int end)
    {
        for (int row = first; row < end; row++)
            keyValues.Write(qkv.Data + ((long)row * layer.Qkv.Outputs), layer, index, batch.Sequences[row].Pages, batch.Positions[row]);
    }

    void AttendTogether(int worker, int layer)
    {
        // Heads of one row lie together, so small ones are walked in memory order; large ones stay in the cache for the rows that share
        // them.
        int headsPerPiece = HeadPage.Bytes(config, precision) <= SmallHeadBytes ? config.KvHeads : 1;
        int rowPieces = (batch.Rows + RowsPerPiece - 1) / RowsPerPiece;
        for (int piece = pool.Claim(); piece < rowPieces * (config.KvHeads / headsPerPiece); piece = pool.Claim())
        {
            int first = piece % rowPieces * RowsPerPiece;
            int firstHead = piece / rowPieces * headsPerPiece;
            Attend(worker, layer, first, Math.Min(first + RowsPerPiece, batch.Rows), firstHead, firstHead + headsPerPiece);
        }
    }

    void Attend(int worker, int layer, int first, int end, int firstKvHead, int endKvHead)
    {
        int group = config.Heads / config.KvHeads;
        int width = weights.Layers[layer].Qkv.Outputs;
        Span<AttentionQuery> queries = attentionQueries[worker].AsSpan(0, (end - first) * group);
        for (int kvHead = firstKvHead; kvHead < endKvHead; kvHead++)
        {
            for (int i = 0; i < queries.Length; i++)
            {
                int row = first + (i / group);
                int offset = ((kvHead * group) + (i % group)) * config.HeadWidth;
                queries[i] = new AttentionQuery(
                    qkv.Data + ((long)row * width) + offset, mixed.Row(row) + offset, batch.Sequences[row].Pages, batch.Positions[row] + 1);
            }
            attention[worker].Run(queries, Cache, layer, kvHead);
        }
    }

    void Activate(int first, int end)
    {
        int width = activated!.Width;
        for (int row = first; row < end; row++)
        {
            float* gate = gateUp.Data + (2L * row * width);
            SwiGluCpu.Run(gate, gate + width, width, activated.Row(row));
        }
        activated.Prepare(first, end - first);
    }

    void NormaliseLast(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            long offset = (long)batch.LogitRows[i] * config.Width;
            RmsNormCpu.AddAndRun(
                residual.Data + offset, delta.Data + offset, weights.FinalNorm.Data, config.NormEpsilon, config.Width, last.Row(i));
        }
        last.Prepare(first, end - first);
    }

    void VisitLogits(int worker, int first, int end)
    {
        for (int i = first; i < end; i++)
            visitLogits?.Invoke(worker, i);
    }

    void Multiply(LinearInput x, int rows, Projection matrix, float* y)
    {
        int wanted = PiecesPerWorker * pool.Workers;
        int tiles = (matrix.Outputs + LinearInt8.OutputTile - 1) / LinearInt8.OutputTile;
        int size = Math.Max(1, tiles / wanted) * LinearInt8.OutputTile;
        for (int first = pool.Claim() * size; first < matrix.Outputs; first = pool.Claim() * size)
            matrix.Run(x, 0, rows, first, Math.Min(size, matrix.Outputs - first), y, matrix.Outputs);
    }

    static void MultiplyRows(LinearInput x, int first, int end, Projection matrix, float* y) =>
        matrix.Run(x, first, end - first, 0, matrix.Outputs, y, matrix.Outputs);

    bool NextRows(int rows, int size, out int first, out int end)
    {
        first = pool.Claim() * size;
        end = Math.Min(first + size, rows);
        return first < rows;
    }
}

/// <summary>Capacity of one pass.</summary>
/// <param name="Rows">Most rows.</param>
/// <param name="LogitRows">Most rows with logits.</param>
public readonly record struct TransformerLimits(int Rows, int LogitRows);
