using System.Numerics;
using PtxInterpreter.Execution;

namespace PtxInterpreter.Arithmetic;

readonly struct Add<T> : IBinary<T, T, T> where T : INumberBase<T>
{
    public static T Run(T a, T b) => unchecked(a + b);
}

readonly struct Subtract<T> : IBinary<T, T, T> where T : INumberBase<T>
{
    public static T Run(T a, T b) => unchecked(a - b);
}

readonly struct MultiplyLow<T> : IBinary<T, T, T> where T : INumberBase<T>
{
    public static T Run(T a, T b) => unchecked(a * b);
}

readonly struct MultiplyAddLow<T> : ITernary<T, T, T, T> where T : INumberBase<T>
{
    public static T Run(T a, T b, T c) => unchecked((a * b) + c);
}

/// <summary>Product of twice the width.</summary>
readonly struct MultiplyWide<T, TWide> : IBinary<T, T, TWide> where T : INumberBase<T> where TWide : INumberBase<TWide>
{
    public static TWide Run(T a, T b) => TWide.CreateTruncating(a) * TWide.CreateTruncating(b);
}

readonly struct MultiplyAddWide<T, TWide> : ITernary<T, T, TWide, TWide> where T : INumberBase<T> where TWide : INumberBase<TWide>
{
    public static TWide Run(T a, T b, TWide c) => unchecked((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) + c);
}

/// <summary>Upper half of the product.</summary>
readonly struct MultiplyHigh<T, TWide> : IBinary<T, T, T> where T : IBinaryInteger<T> where TWide : IBinaryInteger<TWide>
{
    public static T Run(T a, T b) =>
        T.CreateTruncating((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) >> (T.Zero.GetByteCount() * 8));
}

readonly struct MultiplyAddHigh<T, TWide> : ITernary<T, T, T, T> where T : IBinaryInteger<T> where TWide : IBinaryInteger<TWide>
{
    public static T Run(T a, T b, T c) => unchecked(MultiplyHigh<T, TWide>.Run(a, b) + c);
}

readonly struct Divide<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    /// <summary>The smallest by -1 is itself, as the division wraps.</summary>
    public static T Run(T a, T b) => T.IsNegative(b) && b == -T.One ? unchecked(T.Zero - a) : a / b;
}

readonly struct Remainder<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b) => T.IsNegative(b) && b == -T.One ? T.Zero : a % b;
}

readonly struct Minimum<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b) => a < b ? a : b;
}

readonly struct Maximum<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b) => a > b ? a : b;
}

readonly struct Absolute<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a) => T.IsNegative(a) ? unchecked(T.Zero - a) : a;
}

readonly struct Negate<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a) => unchecked(T.Zero - a);
}

readonly struct And<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b) => a & b;
}

readonly struct Or<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b) => a | b;
}

readonly struct ExclusiveOr<T> : IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b) => a ^ b;
}

readonly struct Complement<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a) => ~a;
}

/// <summary>shl: amounts of the width and more give 0.</summary>
readonly struct ShiftLeft<T> : IBinary<T, uint, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, uint count) => count >= T.Zero.GetByteCount() * 8 ? T.Zero : a << (int)count;
}

/// <summary>shr, arithmetic of signed types: amounts of the width and more leave the sign.</summary>
readonly struct ShiftRight<T> : IBinary<T, uint, T> where T : IBinaryInteger<T>
{
    public static T Run(T a, uint count)
    {
        int bits = T.Zero.GetByteCount() * 8;
        return count < bits ? a >> (int)count : T.IsNegative(a) ? T.Zero - T.One : T.Zero;
    }
}

readonly struct CountLeadingZeros<T> : IUnary<T, uint> where T : IBinaryInteger<T>
{
    public static uint Run(T a) => uint.CreateTruncating(T.LeadingZeroCount(a));
}

readonly struct CountOnes<T> : IUnary<T, uint> where T : IBinaryInteger<T>
{
    public static uint Run(T a) => uint.CreateTruncating(T.PopCount(a));
}

readonly struct ReverseBits<T> : IUnary<T, T> where T : IBinaryInteger<T>
{
    public static T Run(T a)
    {
        T result = T.Zero;
        for (int i = T.Zero.GetByteCount() * 8; i > 0; i--, a >>= 1)
            result = (result << 1) | (a & T.One);
        return result;
    }
}

/// <summary>bfind: place of the highest bit that differs from the sign; all ones where there is none.</summary>
readonly struct FindHighestBit<T> : IUnary<T, uint> where T : IBinaryInteger<T>
{
    public static uint Run(T a)
    {
        T bits = T.IsNegative(a) ? ~a : a;
        return uint.CreateTruncating(T.CreateTruncating((T.Zero.GetByteCount() * 8) - 1) - T.LeadingZeroCount(bits));
    }
}

/// <summary>bfind.shiftamt: how far to shift that bit to the top.</summary>
readonly struct FindHighestBitShift<T> : IUnary<T, uint> where T : IBinaryInteger<T>
{
    public static uint Run(T a)
    {
        uint place = FindHighestBit<T>.Run(a);
        return place == uint.MaxValue ? place : (uint)(T.Zero.GetByteCount() * 8) - 1 - place;
    }
}

/// <summary>bfe: a field of bits, its sign extended of signed types, as the manual's pseudo-code has it.</summary>
readonly struct ExtractBits<T> : ITernary<T, uint, uint, T> where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static T Run(T a, uint start, uint length)
    {
        int top = (T.Zero.GetByteCount() * 8) - 1;
        int place = (int)(start & 255), count = (int)(length & 255);
        bool signed = !T.IsZero(T.MinValue);
        bool sign = signed && count > 0 && Bit(a, Math.Min(place + count - 1, top));
        T result = T.Zero;
        for (int i = 0; i <= top; i++)
        {
            bool bit = i < count && place + i <= top ? Bit(a, place + i) : sign;
            result |= bit ? T.One << i : T.Zero;
        }
        return result;
    }

    static bool Bit(T a, int i) => !T.IsZero((a >> i) & T.One);
}

/// <summary>bfi: the low bits of a in the place of a field of b.</summary>
readonly struct InsertBits<T> : IInsert<T> where T : IBinaryInteger<T>
{
    public static T Run(T a, T b, uint start, uint length)
    {
        int top = (T.Zero.GetByteCount() * 8) - 1;
        int place = (int)(start & 255), count = (int)(length & 255);
        T result = b;
        for (int i = 0; i < count && place + i <= top; i++)
        {
            T bit = T.One << (place + i);
            result = T.IsZero((a >> i) & T.One) ? result & ~bit : result | bit;
        }
        return result;
    }
}

interface IInsert<T>
{
    static abstract T Run(T a, T b, uint start, uint length);
}

/// <summary>prmt: each byte of the result is one of the eight of {b, a}, or its sign spread.</summary>
readonly struct PermuteBytes : ITernary<uint, uint, uint, uint>
{
    public static uint Run(uint a, uint b, uint selector)
    {
        ulong bytes = (ulong)b << 32 | a;
        uint result = 0;
        for (int i = 0; i < 4; i++)
        {
            uint choice = selector >> (i * 4) & 15;
            uint chosen = (uint)(bytes >> (int)((choice & 7) * 8)) & 255;
            if ((choice & 8) != 0)
                chosen = (chosen & 128) != 0 ? 255u : 0;
            result |= chosen << (i * 8);
        }
        return result;
    }
}

/// <summary>shf: {b, a} shifted, and one half of it.</summary>
readonly struct FunnelLeftWrap : ITernary<uint, uint, uint, uint>
{
    public static uint Run(uint a, uint b, uint count) => (uint)(((ulong)b << 32 | a) << (int)(count & 31) >> 32);
}

readonly struct FunnelRightWrap : ITernary<uint, uint, uint, uint>
{
    public static uint Run(uint a, uint b, uint count) => (uint)(((ulong)b << 32 | a) >> (int)(count & 31));
}

readonly struct FunnelLeftClamp : ITernary<uint, uint, uint, uint>
{
    public static uint Run(uint a, uint b, uint count) => count >= 32 ? a : FunnelLeftWrap.Run(a, b, count);
}

readonly struct FunnelRightClamp : ITernary<uint, uint, uint, uint>
{
    public static uint Run(uint a, uint b, uint count) => count >= 32 ? b : FunnelRightWrap.Run(a, b, count);
}

/// <summary>sad: c and the distance of a and b.</summary>
readonly struct SumDistance<T> : ITernary<T, T, uint, uint> where T : IBinaryInteger<T>
{
    public static uint Run(T a, T b, uint c) => c + uint.CreateTruncating(a < b ? unchecked(b - a) : unchecked(a - b));
}

/// <summary>slct: a where c is at least 0.</summary>
readonly struct SelectBySign<T> : ITernary<T, T, int, T>
{
    public static T Run(T a, T b, int c) => c >= 0 ? a : b;
}

/// <summary>Four products of bytes, summed onto c.</summary>
readonly struct DotProduct4<TA, TB> : ITernary<uint, uint, uint, uint> where TA : IBinaryInteger<TA> where TB : IBinaryInteger<TB>
{
    public static uint Run(uint a, uint b, uint c)
    {
        int sum = (int)c;
        for (int i = 0; i < 32; i += 8)
            sum += int.CreateTruncating(TA.CreateTruncating(a >> i)) * int.CreateTruncating(TB.CreateTruncating(b >> i));
        return (uint)sum;
    }
}

/// <summary>Two products of a 16-bit and an 8-bit number, summed onto c.</summary>
readonly struct DotProduct2<TA, TB> where TA : IBinaryInteger<TA> where TB : IBinaryInteger<TB>
{
    public static uint Run(uint a, uint b, uint c, int firstByte)
    {
        int sum = (int)c;
        for (int i = 0; i < 2; i++)
            sum += int.CreateTruncating(TA.CreateTruncating(a >> (i * 16))) * int.CreateTruncating(
                TB.CreateTruncating(b >> ((firstByte + i) * 8)));
        return (uint)sum;
    }
}

readonly struct DotProduct2Low<TA, TB> : ITernary<uint, uint, uint, uint> where TA : IBinaryInteger<TA> where TB : IBinaryInteger<TB>
{
    public static uint Run(uint a, uint b, uint c) => DotProduct2<TA, TB>.Run(a, b, c, 0);
}

readonly struct DotProduct2High<TA, TB> : ITernary<uint, uint, uint, uint> where TA : IBinaryInteger<TA> where TB : IBinaryInteger<TB>
{
    public static uint Run(uint a, uint b, uint c) => DotProduct2<TA, TB>.Run(a, b, c, 2);
}
