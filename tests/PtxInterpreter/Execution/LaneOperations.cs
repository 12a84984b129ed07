using System.Numerics;

namespace PtxInterpreter.Execution;

interface IUnary<TA, TResult>
{
    static abstract TResult Run(TA a);
}

interface IBinary<TA, TB, TResult>
{
    static abstract TResult Run(TA a, TB b);
}

interface ITernary<TA, TB, TC, TResult>
{
    static abstract TResult Run(TA a, TB b, TC c);
}

/// <summary>A function of one register in each lane.</summary>
sealed unsafe class Unary<TOp, TA, TResult>(int destination, int a) : Operation
    where TOp : struct, IUnary<TA, TResult> where TA : unmanaged where TResult : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (TA*)(warp.Registers + a);
        var result = (TResult*)(warp.Registers + destination);
        if (mask == uint.MaxValue)
        {
            for (int i = 0; i < Warp.Lanes; i++)
                result[i] = TOp.Run(x[i]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            result[i] = TOp.Run(x[i]);
        }
    }
}

/// <summary>A function of two registers in each lane.</summary>
sealed unsafe class Binary<TOp, TA, TB, TResult>(int destination, int a, int b) : Operation
    where TOp : struct, IBinary<TA, TB, TResult> where TA : unmanaged where TB : unmanaged where TResult : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (TA*)(warp.Registers + a);
        var y = (TB*)(warp.Registers + b);
        var result = (TResult*)(warp.Registers + destination);
        if (mask == uint.MaxValue)
        {
            for (int i = 0; i < Warp.Lanes; i++)
                result[i] = TOp.Run(x[i], y[i]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            result[i] = TOp.Run(x[i], y[i]);
        }
    }
}

/// <summary>A function of three registers in each lane.</summary>
sealed unsafe class Ternary<TOp, TA, TB, TC, TResult>(int destination, int a, int b, int c) : Operation
    where TOp : struct, ITernary<TA, TB, TC, TResult> where TA : unmanaged where TB : unmanaged where TC : unmanaged where TResult
        : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (TA*)(warp.Registers + a);
        var y = (TB*)(warp.Registers + b);
        var z = (TC*)(warp.Registers + c);
        var result = (TResult*)(warp.Registers + destination);
        if (mask == uint.MaxValue)
        {
            for (int i = 0; i < Warp.Lanes; i++)
                result[i] = TOp.Run(x[i], y[i], z[i]);
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            result[i] = TOp.Run(x[i], y[i], z[i]);
        }
    }
}

/// <summary>An integer division, which a zero faults.</summary>
sealed unsafe class Division<TOp, T>(int destination, int a, int b) : Operation
    where TOp : struct, IBinary<T, T, T> where T : unmanaged, INumberBase<T>
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (T*)(warp.Registers + a);
        var y = (T*)(warp.Registers + b);
        var result = (T*)(warp.Registers + destination);
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            if (T.IsZero(y[i]))
                throw warp.Fault(FaultKind.Arithmetic, 1u << i, "division by zero");
            result[i] = TOp.Run(x[i], y[i]);
        }
    }
}

/// <summary>A comparison into a predicate, and its opposite into a second where there is one.</summary>
sealed unsafe class Comparison<TOp, T>(int destination, int opposite, int a, int b, PredicateCombination combination) : Operation
    where TOp : struct, IBinary<T, T, bool> where T : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (T*)(warp.Registers + a);
        var y = (T*)(warp.Registers + b);
        uint found = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int i = BitOperations.TrailingZeroCount(rest);
            found |= TOp.Run(x[i], y[i]) ? 1u << i : 0;
        }
        uint second = combination.Apply(warp, ~found);
        warp.SetPredicate(destination, mask, combination.Apply(warp, found));
        if (opposite >= 0)
            warp.SetPredicate(opposite, mask, second);
    }
}

/// <summary>What setp does with a third predicate: "none", and, or, xor.</summary>
readonly record struct PredicateCombination(char Kind, int Source, bool Negated)
{
    public static PredicateCombination None { get; } = new(' ', 0, false);

    public uint Apply(Warp warp, uint found)
    {
        if (Kind == ' ')
            return found;
        uint other = warp.Predicate(Source) ^ (Negated ? uint.MaxValue : 0);
        return Kind switch
        {
            '&' => found & other,
            '|' => found | other,
            _ => found ^ other,
        };
    }
}

/// <summary>setp's answer as a number: all ones or zero, or 1.0 or 0.</summary>
sealed unsafe class SetOperation<TOp, T>(int destination, int a, int b, uint whenTrue) : Operation
    where TOp : struct, IBinary<T, T, bool> where T : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (T*)(warp.Registers + a);
        var y = (T*)(warp.Registers + b);
        var result = (uint*)(warp.Registers + destination);
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            result[i] = TOp.Run(x[i], y[i]) ? whenTrue : 0;
        }
    }
}

/// <summary>selp: a where the predicate holds, else b.</summary>
sealed unsafe class Selection<T>(int destination, int a, int b, int predicate, bool negated) : Operation where T : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (T*)(warp.Registers + a);
        var y = (T*)(warp.Registers + b);
        var result = (T*)(warp.Registers + destination);
        uint chosen = warp.Predicate(predicate) ^ (negated ? uint.MaxValue : 0);
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            result[i] = (chosen >> i & 1) != 0 ? x[i] : y[i];
        }
    }
}

/// <summary>and, or, xor, not and mov of predicates, all lanes at once; the operation is its table of (a, b).</summary>
sealed class PredicateLogic(int destination, int a, bool negateA, int b, bool negateB, char kind) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        uint x = warp.Predicate(a) ^ (negateA ? uint.MaxValue : 0), y = warp.Predicate(b) ^ (negateB ? uint.MaxValue : 0);
        warp.SetPredicate(destination, mask, kind switch
        {
            '&' => x & y,
            '|' => x | y,
            '^' => x ^ y,
            _ => x,
        });
    }
}

/// <summary>{a, b} into one wider register, or one into its parts: the lowest part first.</summary>
sealed unsafe class Packing(int wide, int wideBytes, int[] parts, bool unpack) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        int bits = wideBytes * 8 / parts.Length;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            if (unpack)
                Unpack(warp, lane, bits);
            else
                Pack(warp, lane, bits);
        }
    }

    void Pack(Warp warp, int lane, int bits)
    {
        ulong value = 0;
        for (int i = 0; i < parts.Length; i++)
            value |= (ulong)warp.Lane32(parts[i], lane) << (i * bits);
        if (wideBytes == 8)
            warp.Lane64(wide, lane) = value;
        else
            warp.Lane32(wide, lane) = (uint)value;
    }

    void Unpack(Warp warp, int lane, int bits)
    {
        ulong value = wideBytes == 8 ? warp.Lane64(wide, lane) : warp.Lane32(wide, lane);
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] >= 0)
                warp.Lane32(parts[i], lane) = (uint)(value >> (i * bits)) & (uint)((1ul << bits) - 1);
        }
    }
}

/// <summary>A conversion between any two types, lane by lane.</summary>
sealed unsafe class ConversionOperation(int destination, int destinationBytes, int source, int sourceBytes, Func<ulong, ulong> convert)
    : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong value = convert(sourceBytes == 8 ? warp.Lane64(source, lane) : warp.Lane32(source, lane));
            if (destinationBytes == 8)
                warp.Lane64(destination, lane) = value;
            else
                warp.Lane32(destination, lane) = (uint)value;
        }
    }
}

/// <summary>bfi, which has four sources.</summary>
sealed unsafe class Insertion<TOp, T>(int destination, int a, int b, int start, int length) : Operation
    where TOp : struct, Arithmetic.IInsert<T> where T : unmanaged
{
    public override void Execute(Warp warp, uint mask)
    {
        var x = (T*)(warp.Registers + a);
        var y = (T*)(warp.Registers + b);
        var result = (T*)(warp.Registers + destination);
        for (; mask != 0; mask &= mask - 1)
        {
            int i = BitOperations.TrailingZeroCount(mask);
            result[i] = TOp.Run(x[i], y[i], warp.Lane32(start, i), warp.Lane32(length, i));
        }
    }
}

/// <summary>lop3: any function of three bits, given as its table.</summary>
sealed class LogicTable(int destination, int a, int b, int c, uint table) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            uint x = warp.Lane32(a, lane), y = warp.Lane32(b, lane), z = warp.Lane32(c, lane), result = 0;
            for (int i = 0; i < 8; i++)
            {
                if ((table >> i & 1) != 0)
                    result |= ((i & 4) != 0 ? x : ~x) & ((i & 2) != 0 ? y : ~y) & ((i & 1) != 0 ? z : ~z);
            }
            warp.Lane32(destination, lane) = result;
        }
    }
}

readonly struct CopyOf<T> : IUnary<T, T>
{
    public static T Run(T a) => a;
}

/// <summary>cvt to two narrow floats: the first source in the upper half.</summary>
sealed class PairConversion(int destination, int high, int low, Arithmetic.FloatFormat format) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            warp.Lane32(destination, lane) = Narrow(warp.Lane32(high, lane)) << 16 | Narrow(warp.Lane32(low, lane));
        }
    }

    uint Narrow(uint bits) =>
        (uint)Arithmetic.ExactNumber.FromFloat(bits, Arithmetic.FloatFormat.Single).ToFloat(format, Arithmetic.RoundingMode.NearestEven);
}
