using System.Numerics;

namespace Kernels.Tests.ExactMath;

/// <summary>Elementary functions in fixed-point integers of 320 bits, by their plain series: slow, and right far beyond a double.</summary>
static class BigReference
{
    const int Bits = 320;
    static readonly BigInteger One = BigInteger.One << Bits;
    static readonly BigInteger Ln2 = 2 * Atanh(One / 3);
    static readonly BigInteger Ln10 = 3 * Ln2 + 2 * Atanh(One / 9);

    /// <summary>pi/2 with 1,400 bits below the point, by Machin's formula.</summary>
    static readonly BigInteger LongHalfPi = 2 * (4 * InverseArcTangent(5) - InverseArcTangent(239));

    const int LongBits = 1400;

    /// <summary>The true value: Mantissa 2^Exponent.</summary>
    public readonly record struct Value(BigInteger Mantissa, int Exponent);

    /// <summary>|computed - exact| in units of the last place of <paramref name="computed"/>.</summary>
    public static double UlpError(double computed, Value exact)
    {
        (BigInteger mantissa, int exponent) = Parts(computed);
        const int Extra = 40;
        BigInteger difference = Shift(exact.Mantissa, exact.Exponent - exponent + Extra) - (mantissa << Extra);
        return (double)BigInteger.Abs(difference) / (1L << Extra);
    }

    public static Value Exp(double x) => ExpOfFixed(Fixed(x));

    public static Value Log(double x) => new(LogFixed(x), -Bits);

    public static Value Log10(double x) => new((LogFixed(x) << Bits) / Ln10, -Bits);

    public static Value Pow(double x, double y)
    {
        (BigInteger mantissa, int exponent) = Parts(y);
        return ExpOfFixed(Shift(LogFixed(x) * mantissa, exponent));
    }

    public static Value Sin(double x) => SineOfQuadrant(x, 0);

    public static Value Cos(double x) => SineOfQuadrant(x, 1);

    static Value ExpOfFixed(BigInteger x)
    {
        int k = (int)BigInteger.Divide(x, Ln2);
        BigInteger r = x - k * Ln2, sum = One, term = One;
        for (int n = 1; !term.IsZero; n++)
        {
            term = ((term * r) >> Bits) / n;
            sum += term;
        }
        return new(sum, k - Bits);
    }

    static BigInteger LogFixed(double x)
    {
        (BigInteger mantissa, int exponent) = Parts(x);
        int shift = (int)mantissa.GetBitLength() - (x is > 0.75 and < 1 ? 0 : 1);
        BigInteger m = Shift(mantissa, Bits - shift);
        return (exponent + shift) * Ln2 + 2 * Atanh(((m - One) << Bits) / (m + One));
    }

    static BigInteger Atanh(BigInteger s)
    {
        BigInteger square = (s * s) >> Bits, sum = 0;
        for (int n = 1; !s.IsZero && s != BigInteger.MinusOne; n += 2)
        {
            sum += s / n;
            s = (s * square) >> Bits;
        }
        return sum;
    }

    static BigInteger InverseArcTangent(int n)
    {
        BigInteger term = (BigInteger.One << LongBits) / n, sum = 0;
        for (int i = 1; !term.IsZero; i += 2)
        {
            sum += (i & 2) == 0 ? term / i : -term / i;
            term /= n * n;
        }
        return sum;
    }

    static Value SineOfQuadrant(double x, int quadrant)
    {
        (BigInteger mantissa, int exponent) = Parts(x);
        BigInteger turns = BigInteger.DivRem(Shift(mantissa, exponent + LongBits), LongHalfPi, out BigInteger rest);
        int q = (int)((turns % 4 + 4 + quadrant) % 4);
        BigInteger r = rest >> (LongBits - Bits);
        BigInteger square = (r * r) >> Bits, term = (q & 1) == 0 ? r : One, sum = 0;
        for (int n = (q & 1) == 0 ? 2 : 1; !term.IsZero && term != BigInteger.MinusOne; n += 2)
        {
            sum += term;
            term = -((term * square) >> Bits) / (n * (n + 1));
        }
        return new((q & 2) == 0 ? sum : -sum, -Bits);
    }

    static BigInteger Fixed(double x)
    {
        (BigInteger mantissa, int exponent) = Parts(x);
        return Shift(mantissa, exponent + Bits);
    }

    static (BigInteger Mantissa, int Exponent) Parts(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) & 0x7FF;
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        return (x < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    static BigInteger Shift(BigInteger value, int left) => left >= 0 ? value << left : value >> -left;
}
