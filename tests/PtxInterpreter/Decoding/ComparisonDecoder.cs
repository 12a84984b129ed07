using System.Numerics;
using PtxInterpreter.Arithmetic;
using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>setp, set, selp and the logic of predicates.</summary>
static class ComparisonDecoder
{
    public static Operation? Make(OperandReader operands, string[] parts)
    {
        Operation? operation = parts[0] switch
        {
            "setp" => Compare(operands, parts, true),
            "set" => Compare(operands, parts, false),
            "selp" => Select(operands, parts),
            "and" or "or" or "xor" or "not" or "mov" when parts.Length == 2 && parts[1] == "pred" => Logic(operands, parts[0]),
            _ => null,
        };
        operation?.Class = InstructionClass.Comparison;
        return operation;
    }

    static Operation? Compare(OperandReader operands, string[] parts, bool predicate)
    {
        int types = predicate ? 1 : 2;
        bool combines = parts.Length == types + 3 && parts[2] is "and" or "or" or "xor";
        if (!combines && parts.Length != types + 2)
            return null;
        uint whenTrue = 0;
        if (!predicate)
        {
            whenTrue = parts[^2] switch { "u32" or "s32" => uint.MaxValue, "f32" => 0x3F800000, _ => 0 };
            if (whenTrue == 0 || combines)
                return null;
        }
        var form = new Form(operands, parts[1], predicate, whenTrue, combines ? parts[2] : null);
        return parts[^1] switch
        {
            "s16" => form.OfInteger<int>(16, true),
            "u16" => form.OfInteger<uint>(16, true),
            "b16" => form.OfInteger<uint>(16, false),
            "s32" => form.OfInteger<int>(32, true),
            "u32" => form.OfInteger<uint>(32, true),
            "b32" => form.OfInteger<uint>(32, false),
            "s64" => form.OfInteger<long>(64, true),
            "u64" => form.OfInteger<ulong>(64, true),
            "b64" => form.OfInteger<ulong>(64, false),
            "f32" => form.OfFloat<float>(32),
            "f64" => form.OfFloat<double>(64),
            _ => null,
        };
    }

    static Operation? Select(OperandReader operands, string[] parts)
    {
        if (parts.Length != 2
            || parts[1] is not ("b16" or "s16" or "u16" or "b32" or "s32" or "u32" or "f32" or "b64" or "s64" or "u64" or "f64"))
            return null;
        operands.Expect(4);
        int bits = int.Parse(parts[1][1..]);
        (int destination, int a, int b) = (operands.Destination(0, bits), operands.Source(1, bits), operands.Source(2, bits));
        PredicateSource predicate = operands.Predicate(3);
        return bits == 64
            ? new Selection<ulong>(destination, a, b, predicate.Register, predicate.Negated)
            : new Selection<uint>(destination, a, b, predicate.Register, predicate.Negated);
    }

    static PredicateLogic Logic(OperandReader operands, string name)
    {
        bool one = name is "not" or "mov";
        operands.Expect(one ? 2 : 3);
        PredicateSource a = operands.Predicate(1), b = one ? a : operands.Predicate(2);
        char kind = name switch { "and" => '&', "or" => '|', "xor" => '^', _ => ' ' };
        return new PredicateLogic(operands.Destination(0, 1), a.Register, a.Negated ^ name == "not", b.Register, b.Negated, kind);
    }

    /// <summary>A comparison whose type is being found.</summary>
    sealed class Form(OperandReader operands, string test, bool predicate, uint whenTrue, string? combination)
    {
        public Operation? OfInteger<T>(int bits, bool ordered) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            bool signed = T.MinValue < T.Zero;
            if (bits == 16 && signed)
                return OfShort(ordered);
            return test switch
            {
                "eq" => Of<Equal<T>, T>(bits),
                "ne" => Of<NotEqual<T>, T>(bits),
                "lt" when ordered => Of<Less<T>, T>(bits),
                "le" when ordered => Of<LessOrEqual<T>, T>(bits),
                "gt" when ordered => Of<Greater<T>, T>(bits),
                "ge" when ordered => Of<GreaterOrEqual<T>, T>(bits),
                "lo" when ordered && !signed => Of<Less<T>, T>(bits),
                "ls" when ordered && !signed => Of<LessOrEqual<T>, T>(bits),
                "hi" when ordered && !signed => Of<Greater<T>, T>(bits),
                "hs" when ordered && !signed => Of<GreaterOrEqual<T>, T>(bits),
                _ => null,
            };
        }

        Operation? OfShort(bool ordered) => test switch
        {
            "eq" => Of<Short<Equal<short>>, uint>(16),
            "ne" => Of<Short<NotEqual<short>>, uint>(16),
            "lt" when ordered => Of<Short<Less<short>>, uint>(16),
            "le" when ordered => Of<Short<LessOrEqual<short>>, uint>(16),
            "gt" when ordered => Of<Short<Greater<short>>, uint>(16),
            "ge" when ordered => Of<Short<GreaterOrEqual<short>>, uint>(16),
            _ => null,
        };

        public Operation? OfFloat<T>(int bits) where T : unmanaged, INumber<T> => test switch
        {
            "eq" => Of<Equal<T>, T>(bits),
            "ne" => Of<NotEqual<T>, T>(bits),
            "lt" => Of<Less<T>, T>(bits),
            "le" => Of<LessOrEqual<T>, T>(bits),
            "gt" => Of<Greater<T>, T>(bits),
            "ge" => Of<GreaterOrEqual<T>, T>(bits),
            "equ" => Of<OrUnordered<Equal<T>, T>, T>(bits),
            "neu" => Of<OrUnordered<NotEqual<T>, T>, T>(bits),
            "ltu" => Of<OrUnordered<Less<T>, T>, T>(bits),
            "leu" => Of<OrUnordered<LessOrEqual<T>, T>, T>(bits),
            "gtu" => Of<OrUnordered<Greater<T>, T>, T>(bits),
            "geu" => Of<OrUnordered<GreaterOrEqual<T>, T>, T>(bits),
            "num" => Of<Ordered<T>, T>(bits),
            "nan" => Of<Unordered<T>, T>(bits),
            _ => null,
        };

        Operation Of<TOp, T>(int bits) where TOp : struct, IBinary<T, T, bool> where T : unmanaged
        {
            operands.Expect(combination is null ? 3 : 4);
            (int a, int b) = (operands.Source(1, bits), operands.Source(2, bits));
            if (!predicate)
                return new SetOperation<TOp, T>(operands.Destination(0, 32), a, b, whenTrue);
            PredicateCombination combined = PredicateCombination.None;
            if (combination is not null)
            {
                PredicateSource third = operands.Predicate(3);
                combined =
                    new PredicateCombination(combination switch { "and" => '&', "or" => '|', _ => '^' }, third.Register, third.Negated);
            }
            return operands.Operand(0) is PairOperand pair
                ? new Comparison<TOp, T>(operands.DestinationOf(pair.First, 1), operands.DestinationOf(pair.Second, 1), a, b, combined)
                : new Comparison<TOp, T>(operands.Destination(0, 1), -1, a, b, combined);
        }
    }

    readonly struct Short<TOp> : IBinary<uint, uint, bool> where TOp : struct, IBinary<short, short, bool>
    {
        public static bool Run(uint a, uint b) => TOp.Run((short)a, (short)b);
    }
}
