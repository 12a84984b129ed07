using Harness.Kernels.Driver;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;

namespace KernelCases;

/// <summary>Rows of q, k and v as a matrix leaves them, and what is done to them.</summary>
sealed class RotaryInputs : IDisposable
{
    readonly int[] positions;
    readonly float[]? bias;
    readonly float[]? queryNorm;
    readonly float[]? keyNorm;
    readonly RotaryTable rotary;

    /// <param name="shape">Their heads.</param>
    /// <param name="random">Draws the values.</param>
    /// <param name="positions">One a row; a negative one skips the row.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="norms">Whether queries and keys are normalised.</param>
    public RotaryInputs(AttentionHeads shape, Random random, int[] positions, bool bias, bool norms)
    {
        Shape = shape;
        this.positions = positions;
        Qkv = Values.Random(random, positions.Length * shape.QkvWidth);
        this.bias = bias ? Values.Random(random, shape.QkvWidth) : null;
        queryNorm = norms ? Values.Random(random, shape.HeadWidth) : null;
        keyNorm = norms ? Values.Random(random, shape.HeadWidth) : null;
        rotary = new RotaryTable(shape.Config);
        rotary.Reserve(positions.Max() + 1);
    }

    public AttentionHeads Shape { get; }

    public float[] Qkv { get; }

    /// <summary>Parameters without the places of rows, pages and results.</summary>
    public RotaryEmbeddingParameters Upload(DeviceArrays arrays)
    {
        DevicePointer Optional(float[]? values) => values is null ? default : arrays.Upload(values);
        return new RotaryEmbeddingParameters
        {
            Qkv = arrays.Upload(Qkv),
            Bias = Optional(bias),
            QueryNorm = Optional(queryNorm),
            KeyNorm = Optional(keyNorm),
            Cosines = arrays.Upload(rotary.Cosines),
            Sines = arrays.Upload(rotary.Sines),
            Epsilon = Shape.Config.NormEpsilon,
            Rows = positions.Length,
            Heads = Shape.Heads,
            KvHeads = Shape.KvHeads,
            HeadWidth = Shape.HeadWidth,
            HeadPad = Shape.Pad,
            Layers = AttentionHeads.Layers,
            Layer = AttentionHeads.Layer,
        };
    }

    /// <summary>A row with its biases, norms and angles.</summary>
    public unsafe float[] Finish(int row)
    {
        float[] finished = Qkv[(row * Shape.QkvWidth)..((row + 1) * Shape.QkvWidth)];
        for (int i = 0; bias is not null && i < finished.Length; i++)
            finished[i] += bias[i];
        for (int head = 0; head < Shape.Heads + Shape.KvHeads; head++)
        {
            fixed (float* x = &finished[head * Shape.HeadWidth], norm = head < Shape.Heads ? queryNorm : keyNorm)
            {
                if (norm != null)
                    RmsNormCpu.Run(x, norm, Shape.Config.NormEpsilon, Shape.HeadWidth, x);
                rotary.Rotate(x, positions[row]);
            }
        }
        return finished;
    }

    public void Dispose() => rotary.Dispose();
}
