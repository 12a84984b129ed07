using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.Sampling;
using Harness.Kernels.SwiGlu;

namespace Harness.Kernels.Numerics;

/// <summary>Units of one operation of a transformer, or of the sampler.</summary>
static unsafe class OperationUnits
{
    public const string SumOfSquares = "sum of squares";
    public const string Norm = "rms norm";
    public const string Rotary = "rotary embedding";
    public const string Gate = "swiglu";
    public const string Rounding = "rounding to int8";
    public const string Draw = "sampler";

    const int Rows = 5, Inputs = 150, Outputs = 40;

    /// <summary>The smallest first.</summary>
    public static IEnumerable<NumericUnit> All =>
    [
        NumericUnit.Single(SumOfSquares, "9c4ebd463cafd1cc", [], AddSumsOfSquares),
        NumericUnit.Single(Norm, "040d00410a295a58", [SumOfSquares], AddRmsNorm),
        NumericUnit.Single(Rotary, "65caf1c49c9073fd", [FunctionUnits.Logarithms, FunctionUnits.Trigonometry], AddRotary),
        NumericUnit.Single(Gate, "bcbcb8f79d994f72", [FunctionUnits.Silu], AddSwiGlu),
        NumericUnit.Vectorised(Rounding, "19f32120582b279e", [], AddInt8Rounding),
        NumericUnit.Vectorised(Linear(Precision.F32), "8874e472985c1b86", [], AddLinearF32),
        NumericUnit.Vectorised(Linear(Precision.W8A8), "5c8259b2836a6fbd", [Rounding], AddLinearW8A8),
        NumericUnit.Single(Draw, "e86304840f45e667", [FunctionUnits.Random, FunctionUnits.Exp, FunctionUnits.Logarithms], AddSampler),
    ];

    public static string Linear(Precision precision) => $"linear, {precision.ToString().ToLowerInvariant()}";

    static void AddSumsOfSquares(BitHash hash)
    {
        float[] x = UnitInputs.Singles(10, 100);
        fixed (float* values = x)
        {
            foreach (int count in (int[])[1, 31, 32, 33, 64, 100])
                hash.Add(LaneReduction.SumOfSquares(values, count));
        }
    }

    static void AddRmsNorm(BitHash hash)
    {
        float[] x = UnitInputs.Singles(11, 100), weight = UnitInputs.Singles(12, 100), delta = UnitInputs.Singles(13, 100);
        var y = new float[100];
        fixed (float* px = x, pw = weight, pd = delta, py = y)
        {
            RmsNormCpu.Run(px, pw, 1e-5f, x.Length, py);
            hash.AddRange<float>(y);
            RmsNormCpu.AddAndRun(px, pd, pw, 1e-5f, x.Length, py);
            hash.AddRange<float>(x);
            hash.AddRange<float>(y);
        }
    }

    /// <summary>A head of 20, and one of 64 with Llama 3's scaling, whose band between the two factors holds some of its pairs.</summary>
    static void AddRotary(BitHash hash)
    {
        const int Positions = 70;
        ModelConfig narrow = ModelUnits.Shape with { HeadWidth = 20 };
        ModelConfig scaled = ModelUnits.Shape with { HeadWidth = 64, RopeTheta = 500_000, RopeScaling = new RopeScaling(8, 1, 4, 64) };
        foreach (ModelConfig config in (ModelConfig[])[narrow, scaled])
        {
            using var table = new RotaryTable(config);
            table.Reserve(Positions);
            hash.AddRange(table.Cosines);
            hash.AddRange(table.Sines);
            float[] head = UnitInputs.Singles(14, config.HeadWidth);
            fixed (float* start = head)
            {
                for (int position = 0; position < Positions; position += 23)
                    table.Rotate(start, position);
            }
            hash.AddRange<float>(head);
        }
    }

    static void AddSwiGlu(BitHash hash)
    {
        float[] gate = UnitInputs.Singles(15, 61, 64), up = UnitInputs.Singles(16, 61), y = new float[61];
        fixed (float* pg = gate, pu = up, py = y)
            SwiGluCpu.Run(pg, pu, y.Length, py);
        hash.AddRange<float>(y);
    }

    /// <summary>Runs of a block, of a short block, of zeros, and of one whose quotients lie between two integers.</summary>
    static void AddInt8Rounding(BitHash hash, InstructionSet set)
    {
        float[] halves = [127, .. Enumerable.Range(-20, 41).Select(i => i + 0.5f)];
        foreach (float[] run in (float[][])[UnitInputs.Singles(17, 64), UnitInputs.Singles(18, 20), new float[33], halves])
        {
            var rounded = new short[run.Length];
            fixed (float* x = run)
            {
                fixed (short* q = rounded)
                {
                    float scale = Int8Rounding.Scale(x, run.Length, set);
                    Int8Rounding.Round(x, run.Length, scale, q, set);
                    hash.Add(scale);
                }
            }
            hash.AddRange<short>(rounded);
        }
    }

    static void AddLinearF32(BitHash hash, InstructionSet set)
    {
        float[] x = UnitInputs.Singles(19, Rows * Inputs), y = new float[Rows * Outputs];
        using F32Matrix w = F32Matrix.Pack(Outputs, Inputs, Weights(), set);
        fixed (float* px = x, py = y)
            LinearF32.Run(px, Inputs, 0, Rows, w, 0, Outputs, py, Outputs);
        hash.AddRange<float>(y);
    }

    static void AddLinearW8A8(BitHash hash, InstructionSet set)
    {
        float[] x = UnitInputs.Singles(19, Rows * Inputs), y = new float[Rows * Outputs];
        using Int8Matrix w = Int8Matrix.Quantize(Outputs, Inputs, Weights(), set);
        using var rows = new QuantizedRows(Rows, Inputs, set);
        fixed (float* px = x, py = y)
        {
            rows.Quantize(px, 0, Rows, Inputs);
            LinearInt8.Run(rows, 0, Rows, w, 0, Outputs, py, Outputs);
        }
        hash.AddRange<float>(y);
    }

    static RowReader Weights()
    {
        float[] weights = UnitInputs.Singles(20, Outputs * Inputs);
        return (firstRow, rows) => weights.AsSpan(firstRow * Inputs, rows.Length).CopyTo(rows);
    }

    /// <summary>Each filter alone and all together, over a vocabulary with ties.</summary>
    static void AddSampler(BitHash hash)
    {
        const int Vocabulary = 131;
        float[] logits = UnitInputs.Singles(21, Vocabulary, 8);
        for (int token = 0; token < Vocabulary; token += 5)
            logits[token] = 1.5f;
        DecodingSettings plain = new() { Seed = 7, Temperature = 1, MaxTokens = 1 };
        using var sampler = new Sampler(Vocabulary);
        foreach (DecodingSettings settings in (DecodingSettings[])
        [
            plain with { Temperature = 0 }, plain, plain with { Temperature = 0.7f }, plain with { TopK = 9 }, plain with { TopP = 0.8f },
            plain with { MinP = 0.05f }, plain with { Temperature = 1.5f, TopK = 40, TopP = 0.9f, MinP = 0.01f },
        ])
        {
            for (uint sample = 0; sample < 16; sample++)
            {
                fixed (float* start = logits)
                {
                    (int token, float logProbability) = sampler.Draw(start, settings, problem: 3, sample, position: 17);
                    hash.Add(token);
                    hash.Add(logProbability);
                }
            }
        }
    }
}
