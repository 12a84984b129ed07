using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.Routing;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Models;

/// <summary>
/// A layer's experts on the CPU: the rows of each expert are gathered and pass its matrices together, then each row's outputs are mixed.
/// What a row gets depends on itself alone.
/// </summary>
/// <param name="config">Of a model with experts.</param>
/// <param name="precision">Arithmetic of the experts' matrices; the router's is float32.</param>
/// <param name="instructionSet">Form of the linear kernels.</param>
/// <param name="pool">Workers that share a pass.</param>
/// <param name="rows">Most rows of a pass.</param>
sealed unsafe class CpuExperts(ModelConfig config, Precision precision, InstructionSet instructionSet, WorkerPool pool, int rows)
    : IDisposable
{
    const int RowsPerPiece = 4;
    const int PiecesPerWorker = 4;

    readonly ExpertShape shape = config.Experts!;
    readonly ExpertOrder order = new(rows, config.Experts!);
    readonly NativeBuffer<float> logits = new((long)rows * config.Experts!.RouterOutputs);
    readonly NativeBuffer<float> shared = new(config.Experts!.HasShared ? (long)rows * config.Width : 0);
    readonly LinearInput gathered = new(rows * config.Experts!.Active, config.Width, precision, instructionSet);
    readonly NativeBuffer<float> gateUp = new(2L * rows * config.Experts!.Active * config.FeedForward);
    readonly LinearInput activated = new(rows * config.Experts!.Active, config.FeedForward, precision, instructionSet);
    readonly NativeBuffer<float> outputs = new((long)rows * config.Experts!.Active * config.Width);

    /// <summary>First places of each expert: of the whole pass, or of the rows that a worker takes by itself.</summary>
    readonly int[][] starts = [.. Enumerable.Range(0, pool.Workers).Select(_ => new int[config.Experts!.Count + 1])];

    /// <summary>[rows, width]: outputs of a shared expert, which the caller writes before the rows are mixed.</summary>
    public float* Shared => shared.Data;

    /// <summary>Bytes of such buffers.</summary>
    public static Int128 Bytes(ModelConfig config, Precision precision, InstructionSet instructionSet, int rows, int workers)
    {
        ExpertShape shape = config.Experts!;
        Int128 perRow = shape.RouterOutputs + (shape.HasShared ? config.Width : 0)
            + ((Int128)shape.Active * (config.Width + (2L * config.FeedForward)));
        int places = rows * shape.Active;
        return (sizeof(float) * rows * perRow) + ExpertOrder.Bytes(rows, shape)
            + LinearInput.Bytes(places, config.Width, precision, instructionSet)
            + LinearInput.Bytes(places, config.FeedForward, precision, instructionSet)
            + (sizeof(int) * (Int128)workers * (shape.Count + 1));
    }

    /// <summary>Chooses the experts of rows [first, end).</summary>
    /// <param name="layer">Its router's.</param>
    /// <param name="normed">The layer's input.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    public void Route(TransformerLayer layer, LinearInput normed, int first, int end)
    {
        int width = shape.RouterOutputs;
        LinearF32.Run(normed.Values, normed.Width, first, end - first, layer.Router!, 0, width, logits.Data, width);
        for (int row = first; row < end; row++)
            order.Route(row, logits.Data + ((long)row * width));
    }

    /// <summary>All workers share each step; between the calls of two passes lies a barrier of the caller's.</summary>
    /// <param name="layer">Whose experts.</param>
    /// <param name="normed">The layer's input, its rows routed.</param>
    /// <param name="count">Rows of the pass.</param>
    /// <param name="y">[count, width]: the result.</param>
    public void RunTogether(TransformerLayer layer, LinearInput normed, int count, float* y)
    {
        int[] places = starts[0];
        if (pool.Claim() == 0)
            order.Group(0, count, places);
        pool.Barrier();
        int all = count * shape.Active;
        while (Next(all, out int first, out int end))
            Gather(normed, first, end);
        pool.Barrier();
        Multiply(places, gathered, layer, expert => expert.GateUp, gateUp.Data);
        pool.Barrier();
        while (Next(all, out int first, out int end))
            Activate(first, end);
        pool.Barrier();
        Multiply(places, activated, layer, expert => expert.Down, outputs.Data);
        pool.Barrier();
        while (Next(count, out int first, out int end))
            Mix(first, end, y);
    }

    /// <summary>One worker takes rows [first, end) by itself.</summary>
    /// <param name="worker">Its number.</param>
    /// <param name="layer">As of <see cref="RunTogether"/>.</param>
    /// <param name="normed">As of <see cref="RunTogether"/>.</param>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    /// <param name="y">[rows, width] from row 0: the result.</param>
    public void RunApart(int worker, TransformerLayer layer, LinearInput normed, int first, int end, float* y)
    {
        int[] places = starts[worker];
        order.Group(first, end, places);
        Gather(normed, places[0], places[^1]);
        for (int expert = 0; expert < shape.Count; expert++)
        {
            FeedForwardMatrices matrices = layer.Experts[expert];
            int count = places[expert + 1] - places[expert];
            if (count == 0)
                continue;
            matrices.GateUp.Run(gathered, places[expert], count, 0, matrices.GateUp.Outputs, gateUp.Data, matrices.GateUp.Outputs);
            Activate(places[expert], places[expert + 1]);
            matrices.Down.Run(activated, places[expert], count, 0, config.Width, outputs.Data, config.Width);
        }
        Mix(first, end, y);
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { order, logits, shared, gathered, gateUp, activated, outputs })
            buffer.Dispose();
    }

    void Gather(LinearInput normed, int first, int end)
    {
        for (int place = first; place < end; place++)
        {
            new ReadOnlySpan<float>(normed.Row(order.RowAt(place)), config.Width)
                .CopyTo(new Span<float>(gathered.Row(place), config.Width));
        }
        gathered.Prepare(first, end - first);
    }

    /// <summary>Each piece is a slice of one expert's outputs for all of its rows, so that a matrix is read once.</summary>
    void Multiply(int[] places, LinearInput x, TransformerLayer layer, Func<FeedForwardMatrices, Projection> part, float* y)
    {
        int outputs = part(layer.Experts[0]).Outputs;
        int tiles = (outputs + LinearInt8.OutputTile - 1) / LinearInt8.OutputTile;
        int chosen = 0;
        for (int expert = 0; expert < shape.Count; expert++)
            chosen += places[expert + 1] > places[expert] ? 1 : 0;
        int slices = Math.Min(tiles, Math.Max(1, PiecesPerWorker * pool.Workers / Math.Max(1, chosen)));
        int size = (tiles + slices - 1) / slices * LinearInt8.OutputTile;
        for (int piece = pool.Claim(); piece < slices * shape.Count; piece = pool.Claim())
        {
            int expert = piece / slices, output = piece % slices * size;
            int count = places[expert + 1] - places[expert];
            if (count > 0 && output < outputs)
            {
                part(layer.Experts[expert])
                    .Run(x, places[expert], count, output, Math.Min(size, outputs - output), y, outputs);
            }
        }
    }

    void Activate(int first, int end)
    {
        int width = config.FeedForward;
        for (int place = first; place < end; place++)
        {
            float* gate = gateUp.Data + (2L * place * width);
            SwiGluCpu.Run(gate, gate + width, width, activated.Row(place));
        }
        activated.Prepare(first, end - first);
    }

    void Mix(int first, int end, float* y)
    {
        for (int row = first; row < end; row++)
        {
            float* sum = y + ((long)row * config.Width);
            new Span<float>(sum, config.Width).Clear();
            for (int i = 0; i < shape.Active; i++)
                ExpertMix.Add(order.Factors(row)[i], outputs.Data + ((long)order.Places(row)[i] * config.Width), config.Width, sum);
            if (!shape.HasShared)
                continue;
            float gate = logits.Data[((long)row * shape.RouterOutputs) + shape.Count];
            ExpertMix.Add(RouterCpu.SharedFactor(gate), shared.Data + ((long)row * config.Width), config.Width, sum);
        }
    }

    bool Next(int count, out int first, out int end)
    {
        first = pool.Claim() * RowsPerPiece;
        end = Math.Min(first + RowsPerPiece, count);
        return first < count;
    }
}
