using Harness.Kernels.Linear;
using Harness.Kernels.SwiGlu;

namespace KernelCases;

/// <summary>What the inputs of a linear's case are.</summary>
enum LinearInputs
{
    Ordinary,

    /// <summary>Every int8 value is 127 or -127, alternating by row and output.</summary>
    Largest,

    /// <summary>Zeros of both signs, subnormal values, and blocks of zeros.</summary>
    Smallest,
}

/// <summary>A linear's shape and inputs, and what the CPU makes of them.</summary>
sealed record LinearCase(
    int Rows,
    int Outputs,
    int Inputs,
    LinearEpilogue Epilogue,
    LinearInputs Kind = LinearInputs.Ordinary,
    bool Skip = false,
    int Padding = 3)
{
    /// <summary>The pattern of <see cref="DeviceArrays.Output"/>: what is not written keeps it.</summary>
    static readonly float Untouched = BitConverter.Int32BitsToSingle(unchecked((int)0xA5A5A5A5));

    public int Blocks => (Inputs + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;

    public int Width => Epilogue == LinearEpilogue.SwiGlu ? Outputs / 2 : Outputs;

    /// <summary>More than the width, so that what is written beyond a row shows.</summary>
    public int Ldy => Width + Padding;

    public override string ToString() =>
        $"{Rows} rows, {Outputs} outputs, {Inputs} inputs, "
        + $"{Epilogue}{(Kind == LinearInputs.Ordinary ? "" : $", {Kind}")}{(Skip ? ", rows skipped" : "")}";

    public float[] X() => Fill(Rows, 1);

    public float[] Weights() => Fill(Outputs, 2);

    /// <summary>Every third row is skipped, the first among them; none where the case skips none.</summary>
    public int[] Positions() => [.. Enumerable.Range(0, Rows).Select(row => Skip && row % 3 == 0 ? -1 : row)];

    public float[] Residual() => Values.Random(new Random(Rows + Outputs), Rows * Ldy);

    /// <summary>What memory holds afterwards: y [rows, ldy] from the CPU's linear, dense [rows, outputs].</summary>
    public float[] Expected(float[] linear, float[] residual)
    {
        var y = new float[Rows * Ldy];
        Array.Fill(y, Untouched);
        if (Epilogue == LinearEpilogue.AddToResidual)
            residual.CopyTo(y, 0);
        float[] dense = Epilogue == LinearEpilogue.SwiGlu ? Activate(linear) : linear;
        int[] positions = Positions();
        for (int i = 0; i < Rows * Width; i++)
        {
            int place = (i / Width * Ldy) + (i % Width);
            if (positions[i / Width] >= 0)
                y[place] = Epilogue == LinearEpilogue.AddToResidual ? y[place] + dense[i] : dense[i];
        }
        return y;
    }

    /// <summary>Activations [rows, outputs / 2] of gates and ups that alternate.</summary>
    public unsafe float[] Activate(float[] linear)
    {
        int count = Rows * Outputs / 2;
        float[] gate = [.. Enumerable.Range(0, count).Select(i => linear[2 * i])], up =
            [.. Enumerable.Range(0, count).Select(i => linear[(2 * i) + 1])];
        fixed (float* g = gate, u = up)
            SwiGluCpu.Run(g, u, count, g);
        return gate;
    }

    float[] Fill(int count, int seed)
    {
        var random = new Random((Rows * 7919) + (Outputs * 31) + (Inputs * 2) + seed);
        float[] values = Values.Random(random, count * Inputs);
        for (int i = 0; i < values.Length && Kind != LinearInputs.Ordinary; i++)
            values[i] = Kind == LinearInputs.Largest ? ((i / Inputs) + seed) % 2 == 0 ? 127f : -127f : Small(random, i);
        return values;
    }

    float Small(Random random, int i) => i % Inputs / QuantizedRows.BlockInputs % 2 == 1
        ? random.Next(2) == 0 ? 0f : -0f
        : random.Next(4) switch
        {
            0 => -0f,
            1 => float.Epsilon * random.Next(1, 9),
            2 => 1e-22f * random.NextSingle(),
            _ =>
        -1e-22f * random.NextSingle()
        };
}
