using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Models;

/// <summary>A feed-forward: gate and up stacked, and down.</summary>
sealed record FeedForwardMatrices(Projection GateUp, Projection Down) : IDisposable
{
    /// <summary>Width between the two.</summary>
    public int Width => GateUp.Outputs / 2;

    public void Dispose()
    {
        GateUp.Dispose();
        Down.Dispose();
    }
}

/// <summary>One block's weights: q, k and v stacked.</summary>
sealed class TransformerLayer : IDisposable
{
    public required NativeBuffer<float> AttentionNorm { get; init; }
    public required Projection Qkv { get; set; }
    public required Projection Output { get; set; }
    public required NativeBuffer<float> FeedForwardNorm { get; init; }

    /// <summary>What every row passes: null in a mixture without a shared expert.</summary>
    public required FeedForwardMatrices? FeedForward { get; init; }

    /// <summary>None in a dense model.</summary>
    public required FeedForwardMatrices[] Experts { get; init; }

    /// <summary>[<see cref="ExpertShape.RouterOutputs"/>, width], or null in a dense model.</summary>
    public required F32Matrix? Router { get; init; }

    /// <summary>[q + 2 kv] or null.</summary>
    public NativeBuffer<float>? QkvBias { get; init; }

    /// <summary>[head width] or null.</summary>
    public NativeBuffer<float>? QueryNorm { get; init; }

    /// <summary>[head width] or null.</summary>
    public NativeBuffer<float>? KeyNorm { get; init; }

    public void Dispose()
    {
        AttentionNorm.Dispose();
        Qkv.Dispose();
        Output.Dispose();
        FeedForwardNorm.Dispose();
        FeedForward?.Dispose();
        foreach (FeedForwardMatrices expert in Experts)
            expert.Dispose();
        Router?.Dispose();
        QkvBias?.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
    }
}

/// <summary>A model's weights in the arithmetic of its precision, packed for this processor.</summary>
sealed class CpuWeights : IDisposable
{
    CpuWeights(TransformerLayer[] layers, NativeBuffer<float> finalNorm, Projection head)
    {
        Layers = layers;
        FinalNorm = finalNorm;
        Head = head;
    }

    public TransformerLayer[] Layers { get; }

    public NativeBuffer<float> FinalNorm { get; }

    /// <summary>[vocabulary, width].</summary>
    public Projection Head { get; }

    /// <summary>Reads, quantises and packs all weights, the matrices spread over the workers.</summary>
    public static CpuWeights Load(Checkpoint checkpoint, Precision precision, InstructionSet instructionSet, WorkerPool pool)
    {
        ModelConfig config = checkpoint.Config;
        string head = config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head;
        StackedTensors[] jobs = [new(checkpoint, config.Width, [(head, config.Vocabulary)]),
            .. Enumerable.Range(0, config.Layers).SelectMany(layer => MatricesOf(checkpoint, layer))];
        var matrices = new Projection[jobs.Length];
        try
        {
            pool.Run(_ =>
            {
                for (int job = pool.Claim(); job < matrices.Length && !pool.HasFailed; job = pool.Claim())
                    matrices[job] = new Projection(jobs[job].Rows, jobs[job].Columns, jobs[job].Read, precision, instructionSet);
            });
            var layers = new TransformerLayer[config.Layers];
            int perLayer = (jobs.Length - 1) / layers.Length;
            for (int layer = 0; layer < layers.Length; layer++)
                layers[layer] = Assemble(checkpoint, layer, matrices.AsSpan(1 + (layer * perLayer), perLayer), instructionSet);
            return new CpuWeights(layers, Vector(checkpoint, TensorNames.FinalNorm, config.Width), matrices[0]);
        }
        catch
        {
            foreach (Projection? matrix in matrices)
                matrix?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (TransformerLayer layer in Layers)
            layer.Dispose();
        FinalNorm.Dispose();
        Head.Dispose();
    }

    /// <summary>Of a layer: q, k and v, output, then the feed-forward that every row passes, then the experts'.</summary>
    static IEnumerable<StackedTensors> MatricesOf(Checkpoint checkpoint, int layer)
    {
        ModelConfig config = checkpoint.Config;
        string Name(string part) => TensorNames.InLayer(layer, part);
        yield return new StackedTensors(
            checkpoint, config.Width, [(Name("q"), config.QueryWidth), (Name("k"), config.KvWidth), (Name("v"), config.KvWidth)]);
        yield return new StackedTensors(checkpoint, config.QueryWidth, [(Name("o"), config.Width)]);
        foreach ((string prefix, int width) in FeedForwards(config))
        {
            yield return new StackedTensors(checkpoint, config.Width, [(Name(prefix + "gate"), width), (Name(prefix + "up"), width)]);
            yield return new StackedTensors(checkpoint, width, [(Name(prefix + "down"), config.Width)]);
        }
    }

    /// <summary>Names and widths of a layer's feed-forwards, the one that every row passes first.</summary>
    static IEnumerable<(string Prefix, int Width)> FeedForwards(ModelConfig config)
    {
        if (config.Experts is not { } experts)
            return [("", config.FeedForward)];
        IEnumerable<(string, int)> routed =
            Enumerable.Range(0, experts.Count).Select(expert => (TensorNames.OfExpert(expert, ""), config.FeedForward));
        return experts.HasShared ? routed.Prepend((TensorNames.OfSharedExpert(""), experts.SharedFeedForward)) : routed;
    }

    static TransformerLayer Assemble(Checkpoint checkpoint, int layer, ReadOnlySpan<Projection> matrices, InstructionSet instructionSet)
    {
        ModelConfig config = checkpoint.Config;
        string Name(string part) => TensorNames.InLayer(layer, part);
        FeedForwardMatrices[] feedForwards = new FeedForwardMatrices[(matrices.Length - 2) / 2];
        for (int i = 0; i < feedForwards.Length; i++)
            feedForwards[i] = new FeedForwardMatrices(matrices[2 + (2 * i)], matrices[3 + (2 * i)]);
        bool everyRow = config.Experts is null or { HasShared: true };
        return new TransformerLayer
        {
            AttentionNorm = Vector(checkpoint, Name("attention_norm"), config.Width),
            FeedForwardNorm = Vector(checkpoint, Name("ffn_norm"), config.Width),
            Qkv = matrices[0],
            Output = matrices[1],
            FeedForward = everyRow ? feedForwards[0] : null,
            Experts = everyRow ? feedForwards[1..] : feedForwards,
            Router = config.Experts is { } experts ? Router(checkpoint, layer, experts, instructionSet) : null,
            QkvBias = config.QkvBias ? Biases(checkpoint, layer) : null,
            QueryNorm = config.HeadNorms ? Vector(checkpoint, Name("q_norm"), config.HeadWidth) : null,
            KeyNorm = config.HeadNorms ? Vector(checkpoint, Name("k_norm"), config.HeadWidth) : null,
        };
    }

    /// <summary>In float32 at every precision.</summary>
    static F32Matrix Router(Checkpoint checkpoint, int layer, ExpertShape experts, InstructionSet instructionSet)
    {
        List<(string, int)> parts = [(TensorNames.InLayer(layer, TensorNames.Router), experts.Count)];
        if (experts.HasShared)
            parts.Add((TensorNames.InLayer(layer, TensorNames.SharedGate), 1));
        var rows = new StackedTensors(checkpoint, checkpoint.Config.Width, [.. parts]);
        return F32Matrix.Pack(rows.Rows, rows.Columns, rows.Read, instructionSet);
    }

    static NativeBuffer<float> Biases(Checkpoint checkpoint, int layer)
    {
        var biases = new NativeBuffer<float>(checkpoint.Config.QueryWidth + (2L * checkpoint.Config.KvWidth));
        StackedTensors.ReadBiases(checkpoint, layer, biases.Span);
        return biases;
    }

    static NativeBuffer<float> Vector(Checkpoint checkpoint, string tensor, int length)
    {
        var vector = new NativeBuffer<float>(length);
        checkpoint.ReadRows(tensor, 0, vector.Span);
        return vector;
    }
}
