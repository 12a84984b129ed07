namespace PtxInterpreter.Arithmetic;

/// <summary>A type that cvt knows.</summary>
readonly record struct NumberType(int Width, bool Signed, FloatFormat? Float)
{
    public bool IsFloat => Float is not null;

    /// <summary>"s32", "f16" and so on; null where it is none.</summary>
    public static NumberType? Parse(string name) => name switch
    {
        "s8" or "s16" or "s32" or "s64" => new NumberType(int.Parse(name[1..]), true, null),
        "u8" or "u16" or "u32" or "u64" => new NumberType(int.Parse(name[1..]), false, null),
        "f16" => new NumberType(16, true, FloatFormat.Half),
        "bf16" => new NumberType(16, true, FloatFormat.BFloat),
        "f32" => new NumberType(32, true, FloatFormat.Single),
        "f64" => new NumberType(64, true, FloatFormat.Double),
        _ => null,
    };
}

/// <summary>cvt, from the bits of one type to the bits of another.</summary>
static class Conversion
{
    /// <param name="rounding">"" or one of rn, rz, rm, rp (to floats), rni, rzi, rmi, rpi (to integers).</param>
    /// <returns>The function, or null where PTX has no such conversion.</returns>
    public static Func<ulong, ulong>? Find(string rounding, bool saturate, NumberType to, NumberType from)
    {
        RoundingMode mode = Mode(rounding);
        bool toIntegral = rounding.EndsWith('i'), toFloat = rounding.Length == 2;
        return (from.Float, to.Float) switch
        {
            (null, null) when rounding.Length == 0 => saturate ? Saturated(to, from) : bits => Extend(Extend(bits, from), to),
            (null, { } format) when toFloat && !saturate => FromInteger(format, mode, from),
            ({ } format, null) when toIntegral => ToInteger(format, mode, to),
            ({ } wide, { } format) when IsKnown(rounding, to.Width, from.Width) =>
                bits => ToFloat(ExactNumber.FromFloat(bits, wide), format, mode, toIntegral, saturate),
            _ => null,
        };
    }

    /// <summary>Widening rounds nothing, narrowing must say how, and a type to itself rounds to integers (or saturates).</summary>
    static bool IsKnown(string rounding, int to, int from) =>
        to > from ? rounding.Length == 0 : to < from ? rounding.Length == 2 : rounding.Length != 2;

    static RoundingMode Mode(string rounding) => rounding.Length < 2 ? RoundingMode.NearestEven : rounding[1] switch
    {
        'z' => RoundingMode.TowardsZero,
        'm' => RoundingMode.Down,
        'p' => RoundingMode.Up,
        _ => RoundingMode.NearestEven,
    };

    static ulong Extend(ulong bits, NumberType type)
    {
        int unused = 64 - type.Width;
        return type.Signed ? (ulong)((long)(bits << unused) >> unused) : bits << unused >> unused;
    }

    static Func<ulong, ulong> Saturated(NumberType to, NumberType from) =>
        bits =>
            Extend(ExactNumber.FromInteger(bits, from.Width, from.Signed).ToInteger(to.Width, to.Signed, RoundingMode.NearestEven, 0), to);

    static Func<ulong, ulong> FromInteger(FloatFormat format, RoundingMode mode, NumberType from) =>
        bits => ExactNumber.FromInteger(bits, from.Width, from.Signed).ToFloat(format, mode);

    static Func<ulong, ulong> ToInteger(FloatFormat format, RoundingMode mode, NumberType to)
    {
        ulong ofNaN = format.Bits == 64 || to.Width == 64 ? 1ul << (to.Width - 1) : 0;
        return bits => Extend(ExactNumber.FromFloat(bits, format).ToInteger(to.Width, to.Signed, mode, ofNaN), to);
    }

    static ulong ToFloat(ExactNumber value, FloatFormat format, RoundingMode mode, bool toIntegral, bool saturate)
    {
        if (saturate && (value.IsNaN || value.Negative))
            return 0;
        if (toIntegral)
            value = value.ToIntegral(mode);
        ulong bits = value.ToFloat(format, mode), one = new ExactNumber(false, 1, 0).ToFloat(format, mode);
        return saturate ? Math.Min(bits, one) : bits;
    }
}
