using System.Numerics;

namespace Kernels.Tests.Ptx;

/// <summary>Rounds fractions of whole numbers to binary floats: what the interpreter's arithmetic must equal.</summary>
static class RationalRounding
{
    /// <summary>The value of a finite float as a fraction.</summary>
    public static (BigInteger Numerator, BigInteger Denominator) Of(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52 & 2047);
        BigInteger mantissa = bits & ((1L << 52) - 1);
        if (exponent != 0)
            mantissa += 1L << 52;
        if (bits < 0)
            mantissa = -mantissa;
        int power = Math.Max(exponent, 1) - 1075;
        return power >= 0 ? (mantissa << power, BigInteger.One) : (mantissa, BigInteger.One << -power);
    }

    /// <param name="precision">Bits of the significand.</param>
    /// <param name="least">Exponent of the smallest subnormal.</param>
    /// <param name="most">Exponent of the last bit of the largest number.</param>
    /// <param name="mode">n to nearest even, z to zero, m down, p up.</param>
    /// <returns>The multiple of a power of two, or null where it is beyond the largest number.</returns>
    public static (BigInteger Significand, int Exponent)? Round(
        BigInteger numerator, BigInteger denominator, int precision, int least, int most, char mode)
    {
        bool negative = numerator.Sign < 0;
        BigInteger magnitude = BigInteger.Abs(numerator);
        int exponent = Math.Max((int)(magnitude.GetBitLength() - denominator.GetBitLength()) - precision - 1, least);
        BigInteger rounded = Integer(magnitude, denominator, exponent, negative, mode);
        while (rounded.GetBitLength() > precision)
            rounded = Integer(magnitude, denominator, ++exponent, negative, mode);
        return exponent > most ? null : (negative ? -rounded : rounded, exponent);
    }

    public static float Single(BigInteger numerator, BigInteger denominator, char mode = 'n') =>
        (float)Compose(Round(numerator, denominator, 24, -149, 104, mode), numerator.Sign < 0, mode, float.MaxValue);

    public static double Double(BigInteger numerator, BigInteger denominator, char mode = 'n') =>
        Compose(Round(numerator, denominator, 53, -1074, 971, mode), numerator.Sign < 0, mode, double.MaxValue);

    /// <summary>The whole number that the fraction rounds to.</summary>
    public static BigInteger Whole(BigInteger numerator, BigInteger denominator, char mode)
    {
        BigInteger magnitude = Integer(BigInteger.Abs(numerator), denominator, 0, numerator.Sign < 0, mode);
        return numerator.Sign < 0 ? -magnitude : magnitude;
    }

    static BigInteger Integer(BigInteger magnitude, BigInteger denominator, int exponent, bool negative, char mode)
    {
        BigInteger top = exponent < 0 ? magnitude << -exponent : magnitude, bottom = exponent > 0 ? denominator << exponent : denominator;
        BigInteger whole = BigInteger.DivRem(top, bottom, out BigInteger rest);
        int half = (rest * 2).CompareTo(bottom);
        bool away = mode switch
        {
            'n' => half > 0 || (half == 0 && !whole.IsEven),
            'z' => false,
            'm' => negative && !rest.IsZero,
            _ => !negative && !rest.IsZero,
        };
        return away ? whole + 1 : whole;
    }

    static double Compose((BigInteger Significand, int Exponent)? rounded, bool negative, char mode, double largest)
    {
        if (rounded is not { } value)
        {
            bool toLargest = mode == 'z' || (mode == 'm' && !negative) || (mode == 'p' && negative);
            return (negative ? -1 : 1) * (toLargest ? largest : double.PositiveInfinity);
        }
        double magnitude = Math.ScaleB((double)BigInteger.Abs(value.Significand), value.Exponent);
        return negative ? -magnitude : magnitude;
    }
}
