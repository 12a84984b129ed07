namespace Harness.Kernels.ExactMath;

public static partial class ExactDouble
{
    const double QuarterPi = 0.7853981633974483;

    /// <summary>The binary digits of 2/pi, after 64 zeros: any double can be reduced with them (Payne and Hanek 1983).</summary>
    static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0x0000000000000000, 0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561,
        0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41,
        0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7,
        0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB,
    ];

    /// <summary>(-1)^i/(2i+1)!, from 1/17! down to 1/5!.</summary>
    static ReadOnlySpan<double> SineTail =>
    [
        2.8114572543455206e-15, -7.647163731819816e-13, 1.6059043836821613e-10, -2.505210838544172e-08, 2.7557319223985893e-06,
        -0.0001984126984126984, 0.008333333333333333,
    ];

    /// <summary>(-1)^i/(2i)!, from 1/18! down to 1/4!.</summary>
    static ReadOnlySpan<double> CosineTail =>
    [
        -1.5619206968586225e-16, 4.779477332387385e-14, -1.1470745597729725e-11, 2.08767569878681e-09, -2.755731922398589e-07,
        2.48015873015873e-05, -0.001388888888888889, 0.041666666666666664,
    ];

    /// <summary>The sine of <paramref name="x"/> radians, reduced exactly however large; NaN at infinity.</summary>
    public static double Sin(double x)
    {
        if (!double.IsFinite(x))
            return double.NaN;
        if (Math.Abs(x) < 1e-9)
            return x;
        (DoubleDouble r, int quadrant) = ReduceByHalfPi(x);
        double value = (quadrant & 1) == 0 ? SineOfReduced(r) : CosineOfReduced(r);
        return (quadrant & 2) == 0 ? value : -value;
    }

    /// <summary>The cosine of <paramref name="x"/> radians, reduced exactly however large; NaN at infinity.</summary>
    public static double Cos(double x)
    {
        if (!double.IsFinite(x))
            return double.NaN;
        (DoubleDouble r, int quadrant) = ReduceByHalfPi(x);
        double value = (quadrant & 1) == 0 ? CosineOfReduced(r) : SineOfReduced(r);
        return ((quadrant + 1) & 2) == 0 ? value : -value;
    }

    static double SineOfReduced(DoubleDouble r)
    {
        DoubleDouble square = DoubleDouble.Product(r.High, r.High);
        DoubleDouble cubic = square * r.High * new DoubleDouble(-0.16666666666666666, -9.25185853854297e-18);
        double polynomial = Polynomial(SineTail, square.High) * square.High * square.High * r.High;
        DoubleDouble sum = DoubleDouble.OrderedSum(r.High, cubic.High);
        double tail = r.Low * Math.FusedMultiplyAdd(-0.5, square.High, 1);
        return sum.High + (sum.Low + (cubic.Low + (tail + polynomial)));
    }

    static double CosineOfReduced(DoubleDouble r)
    {
        DoubleDouble square = DoubleDouble.Product(r.High, r.High);
        double polynomial = Polynomial(CosineTail, square.High) * square.High * square.High;
        DoubleDouble sum = DoubleDouble.OrderedSum(1, -0.5 * square.High);
        double sine = r.High * Math.FusedMultiplyAdd(-0.16666666666666666, square.High, 1);
        double rest = Math.FusedMultiplyAdd(-sine, r.Low, Math.FusedMultiplyAdd(-0.5, square.Low, polynomial));
        return sum.High + (sum.Low + rest);
    }

    /// <summary>x = quadrant pi/2 + r with |r| at most pi/4; the quadrant modulo 4.</summary>
    static (DoubleDouble R, int Quadrant) ReduceByHalfPi(double x)
    {
        double magnitude = Math.Abs(x);
        if (magnitude <= QuarterPi)
            return (new(x, 0), 0);
        (UInt128 fraction, int quadrant) = FractionOfQuarterTurns(magnitude);
        bool aboveHalf = fraction >> 127 != 0;
        if (aboveHalf)
        {
            fraction = ~fraction + 1;
            quadrant++;
        }
        DoubleDouble r = FromFraction(fraction) * new DoubleDouble(1.5707963267948966, 6.123233995736766e-17);
        bool flip = aboveHalf != double.IsNegative(x);
        return (flip ? new(-r.High, -r.Low) : r, double.IsNegative(x) ? -quadrant & 3 : quadrant & 3);
    }

    /// <summary>x 2/pi modulo 4: its integer part, and 128 bits of its fraction, all of them right but the last few.</summary>
    static (UInt128 Fraction, int Quadrant) FractionOfQuarterTurns(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        ulong significand = ((ulong)bits & 0xFFFFFFFFFFFFF) | 0x10000000000000;
        int exponent = (int)(bits >> 52) - 1075;

        // Digits of 2/pi whose product with the significand is a multiple of 4 are left out: the window starts at weight 2.
        int start = exponent + 62;
        UInt128 low = (UInt128)significand * Digits(start + 128);
        UInt128 middle = (UInt128)significand * Digits(start + 64) + (low >> 64);
        ulong high = unchecked(significand * Digits(start) + (ulong)(middle >> 64));
        UInt128 top = new(high, (ulong)middle);
        return (top << 2 | (ulong)low >> 62, (int)(high >> 62));
    }

    static ulong Digits(int start)
    {
        int word = start >> 6, shift = start & 63;
        return shift == 0 ? TwoOverPi[word] : TwoOverPi[word] << shift | TwoOverPi[word + 1] >> (64 - shift);
    }

    /// <summary>A fraction of 128 bits below the point, as the two doubles of its leading digits.</summary>
    static DoubleDouble FromFraction(UInt128 fraction)
    {
        int zeros = (int)UInt128.LeadingZeroCount(fraction);
        fraction <<= zeros;
        double high = (ulong)(fraction >> 75);
        double low = (ulong)(fraction >> 22) & 0x1FFFFFFFFFFFFF;
        double scale = PowerOfTwo(-53 - zeros);
        return DoubleDouble.OrderedSum(high * scale, low * scale * PowerOfTwo(-53));
    }
}
