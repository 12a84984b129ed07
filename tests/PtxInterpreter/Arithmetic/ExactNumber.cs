using System.Numerics;

namespace PtxInterpreter.Arithmetic;

enum RoundingMode
{
    NearestEven,
    TowardsZero,
    Down,
    Up,
}

/// <summary>
/// A float format: bits of the significand with its leading one, and the exponent of the last bit of the smallest subnormal.
/// </summary>
readonly record struct FloatFormat(int Bits, int Precision, int LeastExponent)
{
    public static readonly FloatFormat Half = new(16, 11, -24);
    public static readonly FloatFormat BFloat = new(16, 8, -133);
    public static readonly FloatFormat Single = new(32, 24, -149);
    public static readonly FloatFormat Double = new(64, 53, -1074);

    public int ExponentBits => Bits - Precision;

    public ulong Infinity => ((1ul << ExponentBits) - 1) << (Precision - 1);

    /// <summary>The NaN that conversions give.</summary>
    public ulong NaN => Bits == 64 ? 0x7FF8ul << 48 : (1ul << (Bits - 1)) - 1;
}

/// <summary>
/// ± Mantissa * 2^Exponent, infinity or NaN: any integer or float of up to 64 bits, so that every conversion rounds once.
/// </summary>
readonly record struct ExactNumber(bool Negative, ulong Mantissa, int Exponent, bool IsInfinite = false, bool IsNaN = false)
{
    public static ExactNumber FromInteger(ulong bits, int width, bool signed)
    {
        ulong value = width == 64 ? bits : bits & ((1ul << width) - 1);
        bool negative = signed && (value >> (width - 1) & 1) != 0;
        if (!negative)
            return new ExactNumber(false, value, 0);
        ulong magnitude = 0 - value;
        return new ExactNumber(true, width == 64 ? magnitude : magnitude & ((1ul << width) - 1), 0);
    }

    public static ExactNumber FromFloat(ulong bits, FloatFormat format)
    {
        int stored = format.Precision - 1;
        bool negative = (bits >> (format.Bits - 1) & 1) != 0;
        ulong fraction = bits & ((1ul << stored) - 1);
        int exponent = (int)(bits >> stored & ((1ul << format.ExponentBits) - 1));
        if (exponent == (1 << format.ExponentBits) - 1)
            return new ExactNumber(negative, 0, 0, IsInfinite: fraction == 0, IsNaN: fraction != 0);
        return exponent == 0
            ? new ExactNumber(negative, fraction, format.LeastExponent)
            : new ExactNumber(negative, fraction | 1ul << stored, format.LeastExponent + exponent - 1);
    }

    public ulong ToFloat(FloatFormat format, RoundingMode mode)
    {
        ulong sign = Negative ? 1ul << (format.Bits - 1) : 0;
        if (IsNaN)
            return format.NaN;
        if (IsInfinite)
            return sign | format.Infinity;
        if (Mantissa == 0)
            return sign;
        int top = Exponent + 63 - BitOperations.LeadingZeroCount(Mantissa);
        int last = Math.Max(top - (format.Precision - 1), format.LeastExponent);
        ulong rounded = ShiftRounded(last - Exponent, mode);
        if (rounded >> format.Precision != 0)
        {
            rounded >>= 1;
            last++;
        }
        int biased = rounded >> (format.Precision - 1) == 0 ? 0 : last - format.LeastExponent + 1;
        if (biased >= (1 << format.ExponentBits) - 1)
            return sign | (RoundsAway(mode, true) ? format.Infinity : format.Infinity - 1);
        ulong fraction = rounded & ((1ul << (format.Precision - 1)) - 1);
        return sign | (ulong)biased << (format.Precision - 1) | fraction;
    }

    /// <summary>The nearest integer in the direction of the mode, as a float of the format can hold it.</summary>
    public ExactNumber ToIntegral(RoundingMode mode) =>
        IsNaN || IsInfinite || Exponent >= 0 ? this : new ExactNumber(Negative, ShiftRounded(-Exponent, mode), 0);

    /// <summary>Rounded and clamped to the integers of a width; NaN as the PTX manual has it.</summary>
    public ulong ToInteger(int width, bool signed, RoundingMode mode, ulong ofNaN)
    {
        ulong mask = width == 64 ? ulong.MaxValue : (1ul << width) - 1;
        if (IsNaN)
            return ofNaN & mask;
        ulong most = signed ? mask >> 1 : mask, least = signed ? most + 1 : 0;
        bool huge = IsInfinite || (Mantissa != 0 && Exponent + 63 - BitOperations.LeadingZeroCount(Mantissa) >= 64);
        ulong magnitude = huge ? ulong.MaxValue : Exponent >= 0 ? Mantissa << Exponent : ShiftRounded(-Exponent, mode);
        return Negative ? (0 - Math.Min(magnitude, least)) & mask : Math.Min(magnitude, most);
    }

    /// <summary>Mantissa / 2^shift, rounded; a negative shift multiplies.</summary>
    ulong ShiftRounded(int shift, RoundingMode mode)
    {
        if (shift <= 0)
            return Mantissa << -shift;
        ulong whole = shift >= 64 ? 0 : Mantissa >> shift;
        ulong rest = shift >= 64 ? Mantissa : Mantissa & ((1ul << shift) - 1);
        ulong half = shift > 64 ? ulong.MaxValue : 1ul << (shift - 1);
        bool above = rest > half || (rest == half && (whole & 1) != 0 && shift <= 64);
        return whole + (rest != 0 && RoundsAway(mode, above) ? 1ul : 0);
    }

    bool RoundsAway(RoundingMode mode, bool nearestAway) => mode switch
    {
        RoundingMode.NearestEven => nearestAway,
        RoundingMode.TowardsZero => false,
        RoundingMode.Down => Negative,
        _ => !Negative,
    };
}
