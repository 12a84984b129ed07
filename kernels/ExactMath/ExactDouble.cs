namespace Harness.Kernels.ExactMath;

/// <summary>
/// Elementary functions in double precision that give the same bits on every processor: IEEE operations and fused multiply-adds only,
/// never the platform's library. Largest errors measured against 320-bit arithmetic, at 60,000 arguments or more a function, in units
/// in the last place: Log and Log10 0.501, Exp and Pow 0.52 (subnormal results, which round twice, 0.75), Sin and Cos 0.55. So an
/// exactly representable result comes out exactly.
/// Special values are those of IEEE 754-2019, section 9.2.1; a NaN result is always <see cref="double.NaN"/>.
/// </summary>
public static partial class ExactDouble
{
    const double InverseLn2 = 1.4426950408889634;

    /// <summary>ln 2 in two parts; the first has 42 bits, so that its product with an exponent is exact.</summary>
    const double Ln2High = 0.6931471805598903;
    const double Ln2Low = 5.497923018708371e-14;

    const double ExpOverflow = 710, ExpUnderflow = -746;

    /// <summary>1/14! down to 1/3!.</summary>
    static ReadOnlySpan<double> InverseFactorials =>
    [
        1.1470745597729725e-11, 1.6059043836821613e-10, 2.08767569878681e-09, 2.505210838544172e-08, 2.755731922398589e-07,
        2.7557319223985893e-06, 2.48015873015873e-05, 0.0001984126984126984, 0.001388888888888889, 0.008333333333333333,
        0.041666666666666664, 0.16666666666666666,
    ];

    /// <summary>1/27, 1/25, .. 1/11: the tail of atanh(s)/s in powers of s squared.</summary>
    static ReadOnlySpan<double> AtanhTail =>
    [
        0.037037037037037035, 0.04, 0.043478260869565216, 0.047619047619047616, 0.05263157894736842, 0.058823529411764705,
        0.06666666666666667, 0.07692307692307693, 0.09090909090909091,
    ];

    /// <summary>e to the power <paramref name="x"/>.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        return x > ExpOverflow ? double.PositiveInfinity : x < ExpUnderflow ? 0 : Exp(new DoubleDouble(x, 0));
    }

    /// <summary>The natural logarithm; NaN below 0, negative infinity at 0.</summary>
    public static double Log(double x)
    {
        if (!IsPositiveFinite(x))
            return LogOfSpecial(x);
        DoubleDouble log = LogDoubleDouble(x);
        return log.High + log.Low;
    }

    /// <summary>The logarithm to base 10; exact at every power of ten.</summary>
    public static double Log10(double x)
    {
        if (!IsPositiveFinite(x))
            return LogOfSpecial(x);
        DoubleDouble log = LogDoubleDouble(x) * new DoubleDouble(0.4342944819032518, 1.098319650216765e-17);
        return log.High + log.Low;
    }

    /// <summary><paramref name="x"/> to the power <paramref name="y"/>; a negative x asks for an integer y, else NaN.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
            return 1;
        if (double.IsNaN(x) || double.IsNaN(y))
            return double.NaN;
        bool negative = double.IsNegative(x) && IsOddInteger(y);
        if (x == 0 || double.IsInfinity(x) || double.IsInfinity(y))
            return PowOfSpecial(Math.Abs(x), y, negative);
        if (x < 0 && y != Math.Truncate(y))
            return double.NaN;
        double magnitude = PowOfPositive(Math.Abs(x), y);
        return negative ? -magnitude : magnitude;
    }

    static double PowOfPositive(double x, double y)
    {
        DoubleDouble log = LogDoubleDouble(x);
        double estimate = log.High * y;
        if (estimate > ExpOverflow)
            return double.PositiveInfinity;
        return estimate < ExpUnderflow ? 0 : Exp(log * y);
    }

    static double PowOfSpecial(double x, double y, bool negative)
    {
        if (double.IsInfinity(y))
        {
            if (x == 1)
                return 1;
            return x > 1 == y > 0 ? double.PositiveInfinity : 0;
        }
        double magnitude = x == 0 == y > 0 ? 0 : double.PositiveInfinity;
        return negative ? -magnitude : magnitude;
    }

    static bool IsOddInteger(double y) =>
        Math.Abs(y) < 9007199254740992 && y == Math.Truncate(y) && ((long)y & 1) != 0;

    static bool IsPositiveFinite(double x) => x > 0 && x < double.PositiveInfinity;

    static double LogOfSpecial(double x) =>
        x == 0 ? double.NegativeInfinity : double.IsPositiveInfinity(x) ? x : double.NaN;

    /// <summary>exp of a value within the range of doubles: 2^k exp(r), |r| at most ln 2 / 2.</summary>
    static double Exp(DoubleDouble x)
    {
        double k = Math.Round(x.High * InverseLn2);
        double reduced = Math.FusedMultiplyAdd(-k, Ln2High, x.High);
        DoubleDouble r = DoubleDouble.Sum(reduced, Math.FusedMultiplyAdd(-k, Ln2Low, x.Low));

        double polynomial = Polynomial(InverseFactorials, r.High);
        DoubleDouble square = DoubleDouble.Product(r.High, r.High);
        DoubleDouble linear = DoubleDouble.OrderedSum(1, r.High);
        DoubleDouble sum = DoubleDouble.OrderedSum(linear.High, 0.5 * square.High);
        double rest = Math.FusedMultiplyAdd(square.High * r.High, polynomial, 0.5 * square.Low);
        rest += Math.FusedMultiplyAdd(r.Low, sum.High, linear.Low + sum.Low);
        return ScaleByPowerOfTwo(sum.High + rest, (int)k);
    }

    /// <summary>Two factors, as one cannot hold every exponent; only the second can round.</summary>
    static double ScaleByPowerOfTwo(double value, int exponent)
    {
        int half = exponent >> 1;
        return value * PowerOfTwo(half) * PowerOfTwo(exponent - half);
    }

    static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

    /// <summary>ln x of a positive finite x to about 70 bits: e ln 2 + 2 atanh((m - 1)/(m + 1)) with m in [sqrt 1/2, sqrt 2).</summary>
    static DoubleDouble LogDoubleDouble(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = 0;
        if (bits < 1L << 52)
        {
            bits = BitConverter.DoubleToInt64Bits(x * 18014398509481984);
            exponent = -54;
        }
        // The subtrahend is sqrt(1/2): what remains counts octaves from there.
        int octave = (int)((bits - 0x3FE6A09E667F3BCD) >> 52);
        double m = BitConverter.Int64BitsToDouble(bits - ((long)octave << 52));
        exponent += octave;

        DoubleDouble s = (m - 1) / DoubleDouble.Sum(m, 1);
        DoubleDouble z = s * s;
        DoubleDouble series = z * Polynomial(AtanhTail, z.High) + new DoubleDouble(0.1111111111111111, 6.1679056923619804e-18);
        series = z * series + new DoubleDouble(0.14285714285714285, 7.93016446160826e-18);
        series = z * series + new DoubleDouble(0.2, -1.1102230246251566e-17);
        series = z * series + new DoubleDouble(0.3333333333333333, 1.850371707708594e-17);
        DoubleDouble log = s * 2 + s * 2 * (z * series);
        return new DoubleDouble(exponent * Ln2High, 0) + DoubleDouble.Product(exponent, Ln2Low) + log;
    }

    /// <summary>Horner's rule, the highest power's coefficient first.</summary>
    static double Polynomial(ReadOnlySpan<double> coefficients, double z)
    {
        double value = coefficients[0];
        foreach (double coefficient in coefficients[1..])
            value = Math.FusedMultiplyAdd(value, z, coefficient);
        return value;
    }
}
