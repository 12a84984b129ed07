using System.Runtime.Intrinsics;
using Harness.Kernels.Cpu;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Numerics;

/// <summary>Units of single numbers: random words and elementary functions.</summary>
static class FunctionUnits
{
    public const string Random = "random words";
    public const string Exp = "exp, float32";
    public const string Silu = "silu, float32";
    public const string Logarithms = "exp, log, log10 and pow, float64";
    public const string Trigonometry = "sin and cos, float64";

    const int Arguments = 256;

    /// <summary>The smallest first.</summary>
    public static IEnumerable<NumericUnit> All =>
    [
        NumericUnit.Single(Random, "e8c33b77b41b6125", [], AddWords),
        NumericUnit.Vectorised(Exp, "828af8c8acb96f88", [], (hash, set) =>
            AddFunction(hash, set, ExactSingle.Exp, ExactSingle.Exp, ExactSingle.Exp)),
        NumericUnit.Vectorised(Silu, "fed49f0f80855078", [Exp], (hash, set) =>
            AddFunction(hash, set, ExactSingle.Silu, ExactSingle.Silu, ExactSingle.Silu)),
        NumericUnit.Single(Logarithms, "47ddd53fd13f60c2", [], AddLogarithms),
        NumericUnit.Single(Trigonometry, "26a23022413d30bd", [], AddTrigonometry),
    ];

    static void AddWords(BitHash hash)
    {
        for (uint i = 0; i < 64; i++)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(0x9E3779B97F4A7C15 * i, i, i * i, ~i, RandomPurpose.Token);
            hash.AddRange<uint>([a, b, c, d]);
        }
    }

    /// <summary>From -91 to 90, so that both ends of exp's range are passed.</summary>
    static void AddFunction(
        BitHash hash,
        InstructionSet set,
        Func<float, float> scalar,
        Func<Vector256<float>, Vector256<float>> eight,
        Func<Vector512<float>, Vector512<float>> sixteen)
    {
        float[] x = [.. Enumerable.Range(0, Arguments).Select(i => (i - (Arguments / 2)) * 0.7109375f)];
        switch (set)
        {
            case InstructionSet.Portable:
                foreach (float value in x)
                    hash.Add(scalar(value));
                break;
            case InstructionSet.Avx512:
                for (int i = 0; i < x.Length; i += Vector512<float>.Count)
                    hash.Add(sixteen(Vector512.Create(x, i)));
                break;
            default:
                for (int i = 0; i < x.Length; i += Vector256<float>.Count)
                    hash.Add(eight(Vector256.Create(x, i)));
                break;
        }
    }

    static void AddLogarithms(BitHash hash)
    {
        foreach (double x in UnitInputs.Doubles(1, Arguments, -746, 710))
            hash.Add(ExactDouble.Exp(x));
        foreach (double x in UnitInputs.AnyPositive(2, Arguments))
        {
            hash.Add(ExactDouble.Log(x));
            hash.Add(ExactDouble.Log10(x));
        }
        double[] powers = UnitInputs.Doubles(4, Arguments, -90, 90);
        foreach ((int i, double x) in UnitInputs.Doubles(3, Arguments, 0.5, 2000).Index())
            hash.Add(ExactDouble.Pow(x, powers[i]));
    }

    static void AddTrigonometry(BitHash hash)
    {
        double[] arguments = [.. UnitInputs.Doubles(5, Arguments, -1000, 1000), .. UnitInputs.AnyPositive(6, Arguments)];
        foreach (double x in arguments)
        {
            hash.Add(ExactDouble.Sin(x));
            hash.Add(ExactDouble.Cos(x));
        }
    }
}
