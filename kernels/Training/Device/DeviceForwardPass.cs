using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Embedding;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Training.Device;

/// <summary><see cref="ForwardPass"/> on a device: it only starts kernels.</summary>
sealed class DeviceForwardPass(IKernelDevice device, TrainedWeights mirror, DeviceWeights weights, DeviceExpertPass? experts)
{
    readonly ModelConfig config = mirror.Config;

    /// <summary>Takes a micro-batch from tokens to logits.</summary>
    /// <param name="part">Which.</param>
    /// <param name="kept">What its backward pass needs is left there.</param>
    /// <param name="loops">Times that the layers are passed.</param>
    public void Run(MicroBatch part, DeviceActivations kept, int loops)
    {
        EmbeddingCuda.Run(device, new EmbeddingParameters
        {
            Table = weights.Weights(mirror.Embedding),
            Tokens = kept.Inputs + (sizeof(int) * (long)part.FirstRow),
            Residual = kept.Layers[0].AttentionInput,
            Width = config.Width,
            Rows = part.Rows,
        });
        int passes = config.Layers * loops;
        for (int index = 0; index < passes; index++)
        {
            TrainedLayer layer = mirror.Layers[index % config.Layers];
            DeviceLayerActivations own = kept.Layers[index];
            DevicePointer next = index + 1 < passes ? kept.Layers[index + 1].AttentionInput : kept.FinalInput;
            Normalise(part.Rows, own.AttentionInput, layer.AttentionNorm, own.AttentionNormed);
            Multiply(part.Rows, own.AttentionNormed, layer.Qkv, own.Qkv);
            Attend(part, own, kept);
            Multiply(part.Rows, own.Mixed, layer.Output, kept.Delta);
            Add(part.Rows, own.AttentionInput, kept.Delta, own.FeedForwardInput);
            Normalise(part.Rows, own.FeedForwardInput, layer.FeedForwardNorm, own.FeedForwardNormed);
            if (experts is null)
                FeedForward(part.Rows, layer, own, kept.Delta, next);
            else
                experts.Forward(layer, index, next);
        }
        Normalise(part.Rows, kept.FinalInput, mirror.FinalNorm, kept.FinalNormed);
        Multiply(part.Rows, kept.FinalNormed, mirror.Head, kept.Logits);
    }

    void FeedForward(int rows, TrainedLayer layer, DeviceLayerActivations own, DevicePointer delta, DevicePointer next)
    {
        Multiply(rows, own.FeedForwardNormed, layer.GateUp, own.GateUp);
        SwiGluHalvesCuda.Forward(
            device, new SwiGluHalvesParameters { GateUp = own.GateUp, Y = own.Activated, Width = config.FeedForward, Rows = rows });
        Multiply(rows, own.Activated, layer.Down, delta);
        Add(rows, own.FeedForwardInput, delta, next);
    }

    void Normalise(int rows, DevicePointer x, TrainedMatrix norm, DevicePointer y) => RmsNormCuda.RunSingle(device, new RmsNormParameters
    {
        X = x,
        Weight = weights.Weights(norm),
        Y = y,
        Epsilon = config.NormEpsilon,
        Width = config.Width,
        Rows = rows,
    });

    void Multiply(int rows, DevicePointer x, TrainedMatrix matrix, DevicePointer y) => LinearF32Cuda.Run(
        device,
        new LinearF32Parameters
        {
            X = x,
            Weights = weights.Weights(matrix),
            Y = y,
            Rows = rows,
            Outputs = matrix.Outputs,
            Inputs = matrix.Inputs,
            Ldy = matrix.Outputs,
        },
        LinearEpilogue.Store);

    void Attend(MicroBatch part, DeviceLayerActivations own, DeviceActivations kept)
    {
        RotarySequenceCuda.Run(device, new RotarySequenceParameters
        {
            Qkv = own.Qkv,
            Cosines = kept.Cosines,
            Sines = kept.Sines,
            Rows = part.Rows,
            RowsPerSequence = part.RowsPerSequence,
            Turned = config.Heads + config.KvHeads,
            HeadWidth = config.HeadWidth,
            Step = config.QueryWidth + (2 * config.KvWidth),
        });
        SequenceAttentionCuda.Forward(device, new SequenceAttentionParameters
        {
            Qkv = own.Qkv,
            Mixed = own.Mixed,
            Maxima = own.Maxima,
            Factors = own.Factors,
            Rows = part.RowsPerSequence,
            Sequences = part.Sequences,
            Heads = config.Heads,
            KvHeads = config.KvHeads,
            HeadWidth = config.HeadWidth,
        });
    }

    void Add(int rows, DevicePointer x, DevicePointer delta, DevicePointer y) =>
        VectorSumCuda.Run(device, new VectorSumParameters { X = x, Y = delta, Z = y, Count = (long)rows * config.Width });
}
