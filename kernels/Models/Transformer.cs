using Harness.Kernels.Attention;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;
using Harness.Kernels.Models.Checkpoints;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Models;

/// <summary>
/// A decoder-only transformer of the llama family on the CPU. Every row's numbers depend on its sequence alone: not on the other rows
/// of the pass, the workers or the instruction set.
/// </summary>
public sealed unsafe class Transformer : IDisposable
{
    /// <summary>Rows that one piece of element-wise work takes.</summary>
    const int RowsPerPiece = 4;

    /// <summary>Linear layers are cut at multiples of this many outputs.</summary>
    const int OutputTile = 32;

    /// <summary>Pieces a worker should find in a phase, so that a slow one does not hold up the rest.</summary>
    const int PiecesPerWorker = 4;

    readonly Checkpoint checkpoint;
    readonly ModelConfig config;
    readonly WorkerPool pool;
    readonly TransformerWeights weights;
    readonly RotaryTable rotary;
    readonly AttentionCpu[] attention;
    readonly KeyValueWriter keyValues;
    readonly NativeBuffer<float> residual;
    readonly NativeBuffer<float> qkv;
    readonly NativeBuffer<float> delta;
    readonly NativeBuffer<float> gateUp;
    readonly NativeBuffer<float> logits;
    readonly LinearInput normed;
    readonly LinearInput mixed;
    readonly LinearInput activated;
    readonly LinearInput last;
    readonly Action<int> forward;
    ForwardBatch batch = null!;
    int reserved;

    /// <param name="checkpoint">Kept for the embedding's rows; not disposed here.</param>
    /// <param name="precision">Arithmetic of the matrices, keys and values.</param>
    /// <param name="cache">Where keys and values go.</param>
    /// <param name="instructionSet">Form of the linear kernels.</param>
    /// <param name="pool">Workers that share each pass.</param>
    /// <param name="limits">Capacity of a pass.</param>
    public Transformer(Checkpoint checkpoint, Precision precision, KvCache cache, InstructionSet instructionSet, WorkerPool pool, TransformerLimits limits)
    {
        this.checkpoint = checkpoint;
        this.pool = pool;
        config = checkpoint.Config;
        Cache = cache;
        Limits = limits;
        weights = TransformerWeights.Load(checkpoint, precision, instructionSet, pool);
        rotary = new RotaryTable(config);
        AttentionShape shape = AttentionShape.Of(config, precision, instructionSet);
        attention = Enumerable.Range(0, pool.Workers).Select(_ => new AttentionCpu(shape)).ToArray();
        keyValues = new KeyValueWriter(config, shape, rotary, cache);
        residual = new NativeBuffer<float>((long)limits.Rows * config.Width);
        delta = new NativeBuffer<float>((long)limits.Rows * config.Width);
        qkv = new NativeBuffer<float>((long)limits.Rows * weights.Layers[0].Qkv.Outputs);
        gateUp = new NativeBuffer<float>(2L * limits.Rows * config.FeedForward);
        logits = new NativeBuffer<float>((long)limits.LogitRows * config.Vocabulary);
        normed = new LinearInput(limits.Rows, config.Width, precision, instructionSet);
        mixed = new LinearInput(limits.Rows, config.QueryWidth, precision, instructionSet);
        activated = new LinearInput(limits.Rows, config.FeedForward, precision, instructionSet);
        last = new LinearInput(limits.LogitRows, config.Width, precision, instructionSet);
        forward = ForwardOnWorker;
    }

    public ModelConfig Config => config;

    public KvCache Cache { get; }

    public TransformerLimits Limits { get; }

    /// <summary>Logits [vocabulary] of the i-th row that the last pass was asked for.</summary>
    public float* Logits(int i) => logits.Data + ((long)i * config.Vocabulary);

    /// <summary>One pass: writes keys and values of every row and the logits that the batch asks for.</summary>
    /// <exception cref="HarnessException">A token is outside the vocabulary, or the numbers are not finite.</exception>
    public void Forward(ForwardBatch rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.Rows, Limits.Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows.LogitCount, Limits.LogitRows);
        int positions = 0;
        for (int row = 0; row < rows.Rows; row++)
        {
            if ((uint)rows.Tokens[row] >= (uint)config.Vocabulary)
                throw Codes.TokenOutsideVocabulary.With($"token {rows.Tokens[row]} is outside the model's vocabulary of {config.Vocabulary}");
            positions = Math.Max(positions, rows.Positions[row] + 1);
        }
        Reserve(positions);
        batch = rows;
        pool.Run(forward);
    }

    public void Dispose()
    {
        weights.Dispose();
        rotary.Dispose();
        foreach (AttentionCpu scratch in attention)
            scratch.Dispose();
        foreach (IDisposable buffer in new IDisposable[] { residual, qkv, delta, gateUp, logits, normed, mixed, activated, last })
            buffer.Dispose();
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
        Embed();
        pool.Barrier();
        for (int index = 0; index < weights.Layers.Length; index++)
        {
            TransformerLayer layer = weights.Layers[index];
            Normalise(index == 0 ? null : delta, layer.AttentionNorm);
            pool.Barrier();
            Multiply(normed, batch.Rows, layer.Qkv, qkv.Data);
            pool.Barrier();
            WriteKeysAndValues(index, layer);
            pool.Barrier();
            Attend(worker, index);
            pool.Barrier();
            PrepareMixed();
            pool.Barrier();
            Multiply(mixed, batch.Rows, layer.Output, delta.Data);
            pool.Barrier();
            Normalise(delta, layer.FeedForwardNorm);
            pool.Barrier();
            Multiply(normed, batch.Rows, layer.GateUp, gateUp.Data);
            pool.Barrier();
            Activate();
            pool.Barrier();
            Multiply(activated, batch.Rows, layer.Down, delta.Data);
            pool.Barrier();
        }
        NormaliseLast();
        pool.Barrier();
        Multiply(last, batch.LogitCount, weights.Head, logits.Data);
    }

    void Embed()
    {
        while (NextRows(batch.Rows, out int first, out int end))
        {
            for (int row = first; row < end; row++)
                checkpoint.ReadRows(TensorNames.Embedding, batch.Tokens[row], new Span<float>(residual.Data + ((long)row * config.Width), config.Width));
        }
    }

    void Normalise(NativeBuffer<float>? added, NativeBuffer<float> weight)
    {
        while (NextRows(batch.Rows, out int first, out int end))
        {
            for (int row = first; row < end; row++)
            {
                float* x = residual.Data + ((long)row * config.Width);
                if (added is null)
                    RmsNormCpu.Run(x, weight.Data, config.NormEpsilon, config.Width, normed.Row(row));
                else
                    RmsNormCpu.AddAndRun(x, added.Data + ((long)row * config.Width), weight.Data, config.NormEpsilon, config.Width, normed.Row(row));
            }
            normed.Prepare(first, end - first);
        }
    }

    void WriteKeysAndValues(int index, TransformerLayer layer)
    {
        int width = layer.Qkv.Outputs;
        while (NextRows(batch.Rows, out int first, out int end))
        {
            for (int row = first; row < end; row++)
                keyValues.Write(qkv.Data + ((long)row * width), layer, index, batch.Sequences[row].Pages, batch.Positions[row]);
        }
    }

    void Attend(int worker, int layer)
    {
        int group = config.Heads / config.KvHeads;
        int width = weights.Layers[layer].Qkv.Outputs;
        int rowPieces = (batch.Rows + RowsPerPiece - 1) / RowsPerPiece;
        for (int piece = pool.Claim(); piece < rowPieces * config.KvHeads; piece = pool.Claim())
        {
            int kvHead = piece / rowPieces;
            int first = piece % rowPieces * RowsPerPiece;
            for (int row = first; row < Math.Min(first + RowsPerPiece, batch.Rows); row++)
            {
                for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
                {
                    float* query = qkv.Data + ((long)row * width) + (head * config.HeadWidth);
                    float* output = mixed.Row(row) + (head * config.HeadWidth);
                    attention[worker].Run(query, Cache, batch.Sequences[row].Pages, layer, kvHead, batch.Positions[row] + 1, output);
                }
            }
        }
    }

    void PrepareMixed()
    {
        while (NextRows(batch.Rows, out int first, out int end))
            mixed.Prepare(first, end - first);
    }

    void Activate()
    {
        int width = config.FeedForward;
        while (NextRows(batch.Rows, out int first, out int end))
        {
            for (int row = first; row < end; row++)
            {
                float* gate = gateUp.Data + (2L * row * width);
                SwiGluCpu.Run(gate, gate + width, width, activated.Row(row));
            }
            activated.Prepare(first, end - first);
        }
    }

    void NormaliseLast()
    {
        while (NextRows(batch.LogitCount, out int first, out int end))
        {
            for (int i = first; i < end; i++)
            {
                long offset = (long)batch.LogitRows[i] * config.Width;
                RmsNormCpu.AddAndRun(residual.Data + offset, delta.Data + offset, weights.FinalNorm.Data, config.NormEpsilon, config.Width, last.Row(i));
            }
            last.Prepare(first, end - first);
        }
    }

    void Multiply(LinearInput x, int rows, Projection matrix, float* y)
    {
        int wanted = PiecesPerWorker * pool.Workers;
        int tiles = (matrix.Outputs + OutputTile - 1) / OutputTile;
        int tilesPerPiece = Math.Max(1, tiles / wanted);
        int outputPieces = (tiles + tilesPerPiece - 1) / tilesPerPiece;
        for (int piece = pool.Claim(); piece < outputPieces; piece = pool.Claim())
        {
            int firstOutput = piece * tilesPerPiece * OutputTile;
            int outputs = Math.Min(tilesPerPiece * OutputTile, matrix.Outputs - firstOutput);
            matrix.Run(x, 0, rows, firstOutput, outputs, y, matrix.Outputs);
        }
    }

    bool NextRows(int rows, out int first, out int end)
    {
        first = pool.Claim() * RowsPerPiece;
        end = Math.Min(first + RowsPerPiece, rows);
        return first < rows;
    }
}

/// <summary>Capacity of one pass.</summary>
/// <param name="Rows">Most rows.</param>
/// <param name="LogitRows">Most rows with logits.</param>
public readonly record struct TransformerLimits(int Rows, int LogitRows);
