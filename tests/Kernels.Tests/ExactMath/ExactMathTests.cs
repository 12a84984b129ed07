using System.Security.Cryptography;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Kernels.Tests.ExactMath;

public sealed class ExactMathTests
{
    const int Arguments = 3000;

    /// <summary>Uniform in [low, high], the i-th of a fixed stream.</summary>
    static double Uniform(int i, uint stream, double low, double high)
    {
        (uint a, uint b, _, _) = Philox.Block(7, (uint)i, stream, 0, 0);
        return low + (high - low) * ((((ulong)a << 32 | b) >> 11) * Math.ScaleB(1, -53));
    }

    /// <summary>Any positive finite double: uniform bits.</summary>
    static double AnyPositive(int i, uint stream)
    {
        (uint a, uint b, _, _) = Philox.Block(8, (uint)i, stream, 0, 0);
        double value = BitConverter.UInt64BitsToDouble(((ulong)a << 32 | b) & 0x7FFFFFFFFFFFFFFF);
        return double.IsFinite(value) && value > 0 ? value : 1.5;
    }

    static double MaximalError(Func<int, double> error, int count = Arguments)
    {
        double maximum = 0;
        for (int i = 0; i < count; i++)
            maximum = Math.Max(maximum, error(i));
        TestContext.Out.WriteLine($"maximal error {maximum:f4} ulp over {count} arguments");
        return maximum;
    }

    static double ErrorOfExp(double x) => BigReference.UlpError(ExactDouble.Exp(x), BigReference.Exp(x));

    static double ErrorOfLog(double x) => BigReference.UlpError(ExactDouble.Log(x), BigReference.Log(x));

    static double ErrorOfLog10(double x) => BigReference.UlpError(ExactDouble.Log10(x), BigReference.Log10(x));

    static double ErrorOfPow(double x, double y) => BigReference.UlpError(ExactDouble.Pow(x, y), BigReference.Pow(x, y));

    static double ErrorOfSin(double x) => BigReference.UlpError(ExactDouble.Sin(x), BigReference.Sin(x));

    static double ErrorOfCos(double x) => BigReference.UlpError(ExactDouble.Cos(x), BigReference.Cos(x));

    [TestCase(-708, 709.78)]
    [TestCase(-1, 1)]
    [TestCase(-1e-9, 1e-9)]
    public void Exp_is_within_its_stated_error(double low, double high) =>
        Assert.That(MaximalError(i => ErrorOfExp(Uniform(i, 0, low, high))), Is.LessThan(0.52));

    [Test]
    public void Exp_of_subnormal_results_is_within_its_stated_error() =>
        Assert.That(MaximalError(i => ErrorOfExp(Uniform(i, 1, -745, -708.4))), Is.LessThan(0.76));

    [TestCase(0.9, 1.1)]
    [TestCase(0.4, 3)]
    [TestCase(0.999999, 1.000001)]
    [TestCase(1, 1e6)]
    public void Logarithms_are_within_their_stated_error(double low, double high)
    {
        Assert.That(MaximalError(i => ErrorOfLog(Uniform(i, 2, low, high))), Is.LessThan(0.501));
        Assert.That(MaximalError(i => ErrorOfLog10(Uniform(i, 2, low, high))), Is.LessThan(0.501));
    }

    [Test]
    public void Logarithms_of_any_positive_number_are_within_their_stated_error()
    {
        Assert.That(MaximalError(i => ErrorOfLog(AnyPositive(i, 3))), Is.LessThan(0.501));
        Assert.That(MaximalError(i => ErrorOfLog10(AnyPositive(i, 3))), Is.LessThan(0.501));
        Assert.That(ErrorOfLog(double.Epsilon), Is.LessThan(0.501));
    }

    [Test]
    public void Pow_is_within_its_stated_error()
    {
        Assert.That(MaximalError(i => ErrorOfPow(Uniform(i, 4, 0.5, 2), Uniform(i, 5, -1000, 1000))), Is.LessThan(0.52));
        Assert.That(MaximalError(i => ErrorOfPow(10_000, -Uniform(i, 6, 0, 1))), Is.LessThan(0.52));
        Assert.That(MaximalError(i => ErrorOfPow(Uniform(i, 7, 1, 1 + 1e-9), Uniform(i, 8, -1e11, 1e11))), Is.LessThan(0.52));
        Assert.That(MaximalError(i => PowOfAny(i)), Is.LessThan(0.52));

        static double PowOfAny(int i)
        {
            double x = AnyPositive(i, 9), y = Uniform(i, 10, -707, 707) / Math.Log(x);
            return ErrorOfPow(x, y);
        }
    }

    [TestCase(-0.8, 0.8)]
    [TestCase(-10, 10)]
    [TestCase(-2147483648, 2147483648)]
    [TestCase(-1e300, 1e300)]
    public void Sine_and_cosine_are_within_their_stated_error(double low, double high)
    {
        Assert.That(MaximalError(i => ErrorOfSin(Uniform(i, 11, low, high)), 1000), Is.LessThan(0.56));
        Assert.That(MaximalError(i => ErrorOfCos(Uniform(i, 11, low, high)), 1000), Is.LessThan(0.56));
    }

    [Test]
    public void Sine_and_cosine_keep_their_digits_beside_their_zeros()
    {
        // The double nearest to a multiple of pi/2 of all (Muller, Elementary Functions, section 11.3): 62 digits cancel.
        double worst = 6381956970095103 * Math.ScaleB(1, 797);
        Assert.That(ErrorOfCos(worst), Is.LessThan(0.56));
        Assert.That(MaximalError(i => ErrorOfSin(i * Math.PI), 400), Is.LessThan(0.56));
        Assert.That(MaximalError(i => ErrorOfCos((i + 0.5) * Math.PI), 400), Is.LessThan(0.56));
        Assert.That(ErrorOfSin(1e-8), Is.LessThan(0.56));
        Assert.That(ErrorOfSin(double.MaxValue), Is.LessThan(0.56));
    }

    [Test]
    public void Agrees_with_the_platform_to_two_units()
    {
        Assert.That(MaximalError(i => Units(ExactDouble.Exp, Math.Exp, Uniform(i, 12, -700, 700))), Is.LessThanOrEqualTo(2));
        Assert.That(MaximalError(i => Units(ExactDouble.Log, Math.Log, AnyPositive(i, 12))), Is.LessThanOrEqualTo(2));
        Assert.That(MaximalError(i => Units(ExactDouble.Sin, Math.Sin, Uniform(i, 12, -1e6, 1e6))), Is.LessThanOrEqualTo(2));

        static double Units(Func<double, double> ours, Func<double, double> platform, double x) =>
            Math.Abs(BitConverter.DoubleToInt64Bits(ours(x)) - BitConverter.DoubleToInt64Bits(platform(x)));
    }

    [Test]
    public void Exact_values_come_out_exactly()
    {
        Assert.That(ExactDouble.Exp(0), Is.EqualTo(1));
        Assert.That(ExactDouble.Log(1), Is.Zero);
        Assert.That(ExactDouble.Sin(0), Is.Zero);
        Assert.That(ExactDouble.Cos(0), Is.EqualTo(1));
        for (int n = -323; n <= 308; n++)
            Assert.That(ExactDouble.Log10(double.Parse($"1e{n}")), n < -307 ? Is.EqualTo(n).Within(1e-2) : Is.EqualTo(n), $"log10(1e{n})");
        for (int n = -1074; n <= 1023; n++)
            Assert.That(ExactDouble.Pow(2, n), Is.EqualTo(Math.ScaleB(1, n)), $"2^{n}");
    }

    [Test]
    public void Integer_powers_come_out_exactly()
    {
        for (int x = -40; x <= 40; x++)
        {
            long power = 1;
            for (int y = 0; Math.Abs(power) < 1L << 53; y++, power *= x)
            {
                Assert.That(ExactDouble.Pow(x, y), Is.EqualTo((double)power), $"{x}^{y}");
                if (Math.Abs(x) <= 1 && y > 4)
                    break;
            }
        }
        for (int i = 0; i < Arguments; i++)
            Assert.That(ExactDouble.Pow(AnyPositive(i, 13), 1), Is.EqualTo(AnyPositive(i, 13)));
    }

    [TestCase(double.NaN, double.NaN)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity, 0)]
    [TestCase(709.782712893384, 1.7976931348622732E+308)]
    [TestCase(709.7827128933841, double.PositiveInfinity)]
    [TestCase(-745.1332191019411, double.Epsilon)]
    [TestCase(-745.1332191019412, 0)]
    [TestCase(double.Epsilon, 1)]
    public void Exp_at_its_edges(double x, double expected) => Assert.That(ExactDouble.Exp(x), Is.EqualTo(expected));

    [TestCase(double.NaN, double.NaN)]
    [TestCase(-1, double.NaN)]
    [TestCase(double.NegativeInfinity, double.NaN)]
    [TestCase(0, double.NegativeInfinity)]
    [TestCase(-0.0, double.NegativeInfinity)]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity)]
    public void Logarithms_at_their_edges(double x, double expected)
    {
        Assert.That(ExactDouble.Log(x), Is.EqualTo(expected));
        Assert.That(ExactDouble.Log10(x), Is.EqualTo(expected));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void Sine_and_cosine_of_no_number_are_none(double x)
    {
        Assert.That(ExactDouble.Sin(x), Is.NaN);
        Assert.That(ExactDouble.Cos(x), Is.NaN);
    }

    [Test]
    public void Pow_at_its_edges_is_what_IEEE_says()
    {
        double[] values =
        [
            double.NaN, double.NegativeInfinity, -1e300, -3, -2.5, -1, -0.5, -double.Epsilon, -0.0, 0, double.Epsilon, 0.5, 1, 2.5, 3,
            9007199254740993, 1e300, double.PositiveInfinity,
        ];
        foreach (double x in values)
        {
            foreach (double y in values)
            {
                double expected = Math.Pow(x, y), actual = ExactDouble.Pow(x, y);
                Assert.That(actual, Is.EqualTo(expected).Within(1).Ulps, $"{x:r}^{y:r}");
                Assert.That(double.IsNaN(actual) || double.IsNegative(actual) == double.IsNegative(expected), $"sign of {x:r}^{y:r}");
            }
        }
    }

    [Test]
    public void Negative_zero_keeps_its_sign() => Assert.That(double.IsNegative(ExactDouble.Sin(-0.0)));

    [Test]
    public void Bits_are_those_of_every_machine()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        for (int i = 0; i < 2000; i++)
        {
            double wide = AnyPositive(i, 14), angle = Uniform(i, 15, -1e9, 1e9);
            writer.Write(ExactDouble.Exp(Uniform(i, 16, -745, 710)));
            writer.Write(ExactDouble.Log(wide));
            writer.Write(ExactDouble.Log10(wide));
            writer.Write(ExactDouble.Pow(wide, Uniform(i, 17, -2, 2)));
            writer.Write(ExactDouble.Sin(angle));
            writer.Write(ExactDouble.Cos(angle));
        }
        Assert.That(
            Convert.ToHexString(SHA256.HashData(bytes.ToArray())),
            Is.EqualTo("B6D705AD9A92F23C7E4EAF8E4208E8256990112267F718339D50D046A905417A"));
    }
}
