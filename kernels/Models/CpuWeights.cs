using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Models;

/// <summary>One block's weights: q, k and v stacked, gate and up stacked.</summary>
sealed class TransformerLayer : IDisposable
{
    public required NativeBuffer<float> AttentionNorm { get; init; }
    public required Projection Qkv { get; set; }
    public required Projection Output { get; set; }
    public required NativeBuffer<float> FeedForwardNorm { get; init; }
    public required Projection GateUp { get; set; }
    public required Projection Down { get; set; }

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
        GateUp.Dispose();
        Down.Dispose();
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
        var jobs = new List<StackedTensors>();
        string head = config.TiedEmbedding ? TensorNames.Embedding : TensorNames.Head;
        jobs.Add(new StackedTensors(checkpoint, config.Width, [(head, config.Vocabulary)]));
        for (int layer = 0; layer < config.Layers; layer++)
        {
            string Name(string part) => TensorNames.InLayer(layer, part);
            jobs.Add(new StackedTensors(checkpoint, config.Width, [(Name("gate"), config.FeedForward), (Name("up"), config.FeedForward)]));
            jobs.Add(new StackedTensors(checkpoint, config.FeedForward, [(Name("down"), config.Width)]));
            jobs.Add(
                new StackedTensors(
                    checkpoint, config.Width, [(Name("q"), config.QueryWidth), (Name("k"), config.KvWidth), (Name("v"), config.KvWidth)]));
            jobs.Add(new StackedTensors(checkpoint, config.QueryWidth, [(Name("o"), config.Width)]));
        }
        var matrices = new Projection[jobs.Count];
        try
        {
            pool.Run(_ =>
            {
                for (int job = pool.Claim(); job < matrices.Length && !pool.HasFailed; job = pool.Claim())
                    matrices[job] = new Projection(jobs[job].Rows, jobs[job].Columns, jobs[job].Read, precision, instructionSet);
            });
            var layers = new TransformerLayer[config.Layers];
            for (int layer = 0; layer < layers.Length; layer++)
                layers[layer] = Assemble(checkpoint, layer, matrices.AsSpan(1 + (layer * 4), 4));
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

    static TransformerLayer Assemble(Checkpoint checkpoint, int layer, ReadOnlySpan<Projection> matrices)
    {
        ModelConfig config = checkpoint.Config;
        string Name(string part) => TensorNames.InLayer(layer, part);
        return new TransformerLayer
        {
            AttentionNorm = Vector(checkpoint, Name("attention_norm"), config.Width),
            FeedForwardNorm = Vector(checkpoint, Name("ffn_norm"), config.Width),
            GateUp = matrices[0],
            Down = matrices[1],
            Qkv = matrices[2],
            Output = matrices[3],
            QkvBias = config.QkvBias ? Biases(checkpoint, layer) : null,
            QueryNorm = config.HeadNorms ? Vector(checkpoint, Name("q_norm"), config.HeadWidth) : null,
            KeyNorm = config.HeadNorms ? Vector(checkpoint, Name("k_norm"), config.HeadWidth) : null,
        };
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
