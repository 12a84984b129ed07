using PtxInterpreter.Arithmetic;
using PtxInterpreter.Execution;
using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>mov, cvt and cvta.</summary>
static class MoveDecoder
{
    public static Operation? Make(OperandReader operands, string[] parts)
    {
        switch (parts[0])
        {
            case "mov":
                return With(InstructionClass.Move, Move(operands, parts));
            case "cvta":
                return With(InstructionClass.Move, ConvertAddress(operands, parts));
            case "cvt":
                return With(InstructionClass.Conversion, Convert(operands, parts));
            default:
                return null;
        }
    }

    static Operation? With(InstructionClass kind, Operation? operation)
    {
        operation?.Class = kind;
        return operation;
    }

    static Operation? Move(OperandReader operands, string[] parts)
    {
        if (parts.Length != 2
            || parts[1] is not ("b16" or "s16" or "u16" or "b32" or "s32" or "u32" or "f32" or "b64" or "s64" or "u64" or "f64"))
            return null;
        operands.Expect(2);
        int bits = int.Parse(parts[1][1..]);
        if (operands.Operand(1) is VectorOperand packed)
            return new Packing(
                operands.Destination(0, bits),
                bits / 8,
                [.. packed.Elements.Select(e => operands.SourceOf(e, bits / packed.Elements.Count))],
                false);
        if (operands.Operand(0) is VectorOperand parted)
            return new Packing(
                operands.Source(1, bits),
                bits / 8,
                [.. parted.Elements.Select(e => Part(operands, e, bits / parted.Elements.Count))],
                true);
        int source = operands.Operand(1) is NameOperand name && operands.Variable(name.Name) is { } variable
            ? operands.Constant(
                variable.Address + (ulong)name.Offset, bits >= 32 ? bits : throw operands.Error("an address needs 32 or 64 bits"))
            : operands.Source(1, bits);
        return Copy(operands.Destination(0, bits), source, bits);
    }

    static int Part(OperandReader operands, PtxOperand element, int bits) =>
        element is NameOperand { Name: "_" } ? -1 : operands.DestinationOf(element, bits);

    static Operation Copy(int destination, int source, int bits) => bits == 64
        ? new Unary<CopyOf<ulong>, ulong, ulong>(destination, source)
        : new Unary<CopyOf<uint>, uint, uint>(destination, source);

    static Operation? ConvertAddress(OperandReader operands, string[] parts)
    {
        bool to = parts.Length == 4 && parts[1] == "to";
        if (parts.Length != 3 && !to)
            return null;
        StateSpace? space = parts[^2] switch
        {
            "global" => StateSpace.Global,
            "const" => StateSpace.Constant,
            "shared" => StateSpace.Shared,
            "local" => StateSpace.Local,
            _ => null,
        };
        if (space is not { } known || parts[^1] != "u64")
            return null;
        operands.Expect(2);
        int destination = operands.Destination(0, 64);
        int source = operands.Operand(1) is NameOperand name && operands.Variable(name.Name) is { } variable
            ? operands.Constant(variable.Address + (ulong)name.Offset, 64)
            : operands.Source(1, 64);
        ulong window = Windows.Base(known);
        return new Binary<Add<ulong>, ulong, ulong, ulong>(destination, source, operands.Constant(to ? 0 - window : window, 64));
    }

    static Operation? Convert(OperandReader operands, string[] parts)
    {
        if (parts is ["cvt", "rn", "bf16x2" or "f16x2", "f32"])
            return ConvertPair(operands, parts[2] == "f16x2" ? FloatFormat.Half : FloatFormat.BFloat);
        List<string> modifiers = [.. parts[1..^2]];
        bool saturate = modifiers.Remove("sat");
        string rounding = modifiers is [var only] ? only : "";
        if (modifiers.Count > 1
            || (modifiers.Count == 1 && rounding is not ("rn" or "rz" or "rm" or "rp" or "rni" or "rzi" or "rmi" or "rpi")))
            return null;
        if (parts.Length < 3 || NumberType.Parse(parts[^2]) is not { } to || NumberType.Parse(parts[^1]) is not { } from)
            return null;
        if (Conversion.Find(rounding, saturate, to, from) is not { } convert)
            return null;
        operands.Expect(2);
        LaneRegister source = operands.AnySource(operands.Operand(1), from.Width), destination =
            operands.AnyDestination(operands.Operand(0));
        return new ConversionOperation(destination.Place, destination.Bytes, source.Place, source.Bytes, Fit(convert, operands, to));
    }

    /// <summary>Cuts the result to a register of 16 bits.</summary>
    static Func<ulong, ulong> Fit(Func<ulong, ulong> convert, OperandReader operands, NumberType to)
    {
        int width = operands.DestinationBits(0);
        if (width < to.Width)
            throw operands.Error($"writes {to.Width} bits to a register of {width}");
        return width == 16 ? bits => convert(bits) & ushort.MaxValue : convert;
    }

    static PairConversion ConvertPair(OperandReader operands, FloatFormat format)
    {
        operands.Expect(3);
        return new PairConversion(operands.Destination(0, 32), operands.Source(1, 32), operands.Source(2, 32), format);
    }
}
