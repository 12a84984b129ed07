using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Embedding;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Training.Device;

/// <summary>
/// <see cref="BackwardPass"/> and <see cref="WeightGradients"/> on a device: the sums over rows of a layer are made as soon as what they
/// are of is there, so that gradients of activations need no room but for one layer. It only starts kernels.
/// </summary>
sealed class DeviceBackwardPass(IKernelDevice device, TrainedWeights mirror, DeviceWeights weights, DeviceExpertPass? experts)
{
    readonly ModelConfig config = mirror.Config;
    DeviceActivations kept = null!;
    MicroBatch part;
    bool first;

    /// <summary>Takes a micro-batch from the gradients of its logits back to the embedding.</summary>
    /// <param name="micro">Which; it has passed <see cref="DeviceForwardPass"/>.</param>
    /// <param name="activations">Of it.</param>
    /// <param name="isFirst">Whether it is the batch's first, which begins the sums.</param>
    /// <param name="loops">As of the forward pass.</param>
    public void Run(MicroBatch micro, DeviceActivations activations, bool isFirst, int loops)
    {
        (part, kept, first) = (micro, activations, isFirst);
        SumRows(kept.Logits, kept.FinalNormed, mirror.Head, 0);
        SumOutputs(kept.Logits, mirror.Head, kept.Delta);
        Normalise(kept.FinalInput, mirror.FinalNorm, 0, residual: default);
        for (int index = (config.Layers * loops) - 1; index >= 0; index--)
            PassLayer(mirror.Layers[index % config.Layers], index, index / config.Layers);
    }

    /// <summary>Adds the gradients of the embedding's rows, token by token.</summary>
    /// <param name="lists">The micro-batch's rows of each token.</param>
    /// <param name="place">Where they lie in the device's list.</param>
    public void Scatter(TokenRows lists, long place)
    {
        if (first)
            device.Fill(weights.EmbeddingSums, 0, sizeof(float) * (long)config.Vocabulary * config.Width);
        DevicePointer start = kept.TokenRows + (sizeof(int) * place);
        int tokens = lists.Tokens.Length;
        if (tokens == 0)
            return;
        EmbeddingBackwardCuda.Run(device, new EmbeddingBackwardParameters
        {
            Gradients = kept.Stream,
            Tokens = start,
            Firsts = start + (sizeof(int) * (long)tokens),
            List = start + (sizeof(int) * ((2L * tokens) + 1)),
            Sums = weights.EmbeddingSums,
            Width = config.Width,
            Count = tokens,
        });
    }

    void PassLayer(TrainedLayer layer, int index, int loop)
    {
        DeviceLayerActivations own = kept.Layers[index];
        if (experts is null)
        {
            FeedForward(layer, own, loop);
        }
        else
        {
            DevicePointer logits = kept.ExpertLayers[index].Logits;
            experts.Backward(layer, index, loop);
            SumRows(logits, own.FeedForwardNormed, layer.Router!, loop);
            SumOutputs(logits, layer.Router!, kept.Delta, accumulate: 1);
        }
        Normalise(own.FeedForwardInput, layer.FeedForwardNorm, loop, kept.Stream);
        SumRows(kept.Stream, own.Mixed, layer.Output, loop);
        SumOutputs(kept.Stream, layer.Output, kept.MixedGradient);
        Attend(own);
        SumRows(kept.QkvGradient, own.AttentionNormed, layer.Qkv, loop);
        SumOutputs(kept.QkvGradient, layer.Qkv, kept.Delta);
        Normalise(own.AttentionInput, layer.AttentionNorm, loop, kept.Stream);
    }

    void FeedForward(TrainedLayer layer, DeviceLayerActivations own, int loop)
    {
        SumRows(kept.Stream, own.Activated, layer.Down, loop);
        SumOutputs(kept.Stream, layer.Down, kept.ActivatedGradient);
        SwiGluHalvesCuda.Backward(
            device,
            new SwiGluHalvesParameters { GateUp = own.GateUp, Y = kept.ActivatedGradient, Width = config.FeedForward, Rows = part.Rows });
        SumRows(own.GateUp, own.FeedForwardNormed, layer.GateUp, loop);
        SumOutputs(own.GateUp, layer.GateUp, kept.Delta);
    }

    /// <summary>dx = dy W: sums over outputs, added to what dx holds where they <paramref name="accumulate"/>.</summary>
    void SumOutputs(DevicePointer dy, TrainedMatrix matrix, DevicePointer dx, int accumulate = 0) =>
        GemmF32Cuda.RunByRows(device, new GemmF32Parameters
        {
            A = dy,
            B = weights.Weights(matrix),
            C = dx,
            Rows = part.Rows,
            Columns = matrix.Inputs,
            Terms = matrix.Outputs,
            Accumulate = accumulate,
        });

    /// <summary>dW = dy^T x: sums over rows, on to those of the micro-batches before.</summary>
    void SumRows(DevicePointer dy, DevicePointer x, TrainedMatrix matrix, int loop) => GemmF32Cuda.RunByTerms(device, new GemmF32Parameters
    {
        A = dy,
        B = x,
        C = weights.Gradient(matrix, loop),
        Blocks = kept.Blocks,
        Rows = matrix.Outputs,
        Columns = matrix.Inputs,
        Terms = part.Rows,
        Accumulate = first ? 0 : 1,
    });

    /// <summary>The stream's gradient from that of a norm's output, and that which passes it by; and the norm's own.</summary>
    void Normalise(DevicePointer x, TrainedMatrix norm, int loop, DevicePointer residual)
    {
        RmsNormBackwardCuda.Run(device, new RmsNormBackwardParameters
        {
            X = x,
            Weight = weights.Weights(norm),
            Dy = kept.Delta,
            Residual = residual,
            Dx = kept.Stream,
            Parts = kept.Parts,
            Epsilon = config.NormEpsilon,
            Width = config.Width,
            Rows = part.Rows,
        });
        RowSumsCuda.Run(device, new RowSumsParameters
        {
            Parts = kept.Parts,
            Blocks = kept.PartBlocks,
            Totals = weights.Gradient(norm, loop),
            Rows = part.Rows,
            Width = config.Width,
            Accumulate = first ? 0 : 1,
        });
    }

    void Attend(DeviceLayerActivations own)
    {
        SequenceAttentionCuda.Backward(device, new SequenceAttentionParameters
        {
            Qkv = own.Qkv,
            Mixed = own.Mixed,
            Maxima = own.Maxima,
            Factors = own.Factors,
            DMixed = kept.MixedGradient,
            Dots = kept.Dots,
            DQkv = kept.QkvGradient,
            Rows = part.RowsPerSequence,
            Sequences = part.Sequences,
            Heads = config.Heads,
            KvHeads = config.KvHeads,
            HeadWidth = config.HeadWidth,
        });
        RotarySequenceCuda.Run(device, new RotarySequenceParameters
        {
            Qkv = kept.QkvGradient,
            Cosines = kept.Cosines,
            Sines = kept.Sines,
            Rows = part.Rows,
            RowsPerSequence = part.RowsPerSequence,
            Turned = config.Heads + config.KvHeads,
            HeadWidth = config.HeadWidth,
            Step = config.QueryWidth + (2 * config.KvWidth),
            Back = 1,
        });
    }
}
