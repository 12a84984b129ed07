using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>Gives the operands of one instruction as places in the register file, and refuses those of a wrong form or width.</summary>
sealed class OperandReader(RegisterFile registers, PtxEntry entry, PtxInstruction instruction)
{
    public PtxInstruction Instruction => instruction;

    public int Count => instruction.Operands.Count;

    public PtxFormatException Error(string message) => new(entry.Module, instruction.Line, $"{instruction.Opcode}: {message}");

    public void Expect(int operands)
    {
        if (Count != operands)
            throw Error($"has {Count} operands, not {operands}");
    }

    public PtxOperand Operand(int i) => i < Count ? instruction.Operands[i] : throw Error($"has only {Count} operands");

    /// <summary>A register to write.</summary>
    public int Destination(int i, int bits) => DestinationOf(Operand(i), bits);

    public int DestinationOf(PtxOperand operand, int bits)
    {
        (int place, int width) = NamedRegister(operand);
        registers.MarkWritten(((NameOperand)operand).Name);
        return width == bits ? place : throw Error($"writes {bits} bits to a register of {width}");
    }

    public int DestinationBits(int i) => NamedRegister(Operand(i)).Bits;

    /// <summary>A register to write of any width but a predicate's.</summary>
    public LaneRegister AnyDestination(PtxOperand operand)
    {
        (int place, int width) = NamedRegister(operand);
        registers.MarkWritten(((NameOperand)operand).Name);
        return width == 1 ? throw Error("writes to a predicate") : new LaneRegister(place, width == 64 ? 8 : 4);
    }

    /// <summary>A register or number to read.</summary>
    public int Source(int i, int bits) => SourceOf(Operand(i), bits);

    public int SourceOf(PtxOperand operand, int bits)
    {
        switch (operand)
        {
            case NumberOperand { Kind: NumberKind.Integer } number:
                return registers.Constant(number.Bits, bits);
            case NumberOperand { Kind: NumberKind.Single } number when bits == 32:
                return registers.Constant(number.Bits, 32);
            case NumberOperand { Kind: NumberKind.Double } number when bits == 64:
                return registers.Constant(number.Bits, 64);
            case NameOperand { Negated: false } name when registers.SpecialRegister(name.Name) is { } special && name.Offset == 0:
                return bits == 32 ? special : throw Error($"reads {bits} bits of {name.Name}");
            default:
                (int place, int width) = NamedRegister(operand);
                registers.MarkRead(((NameOperand)operand).Name, instruction.Line);
                return width == bits ? place : throw Error($"reads {bits} bits of a register of {width}");
        }
    }

    /// <summary>A register or number to read whose register may be wider than what is read.</summary>
    public LaneRegister AnySource(PtxOperand operand, int bits)
    {
        if (operand is NumberOperand)
            return new LaneRegister(SourceOf(operand, bits), bits == 64 ? 8 : 4);
        if (operand is NameOperand name && registers.SpecialRegister(name.Name) is { } special)
            return new LaneRegister(special, 4);
        (int place, int width) = NamedRegister(operand);
        if (width < bits)
            throw Error($"reads {bits} bits of a register of {width}");
        registers.MarkRead(((NameOperand)operand).Name, instruction.Line);
        return new LaneRegister(place, width == 64 ? 8 : 4);
    }

    /// <summary>A predicate or 0 or 1 to read.</summary>
    public PredicateSource Predicate(int i) => PredicateOf(Operand(i));

    public PredicateSource PredicateOf(PtxOperand operand)
    {
        if (operand is NumberOperand { Kind: NumberKind.Integer } number)
            return new PredicateSource(registers.Constant(number.Bits == 0 ? 0 : uint.MaxValue, 1), false);
        if (operand is not NameOperand name)
            throw Error("has no predicate where one is needed");
        (int place, int width) = NamedRegister(name with { Negated = false });
        registers.MarkRead(name.Name, instruction.Line);
        return width == 1 ? new PredicateSource(place, name.Negated) : throw Error($"reads a predicate from a register of {width} bits");
    }

    /// <summary>[register + offset], or [variable + offset] of the space.</summary>
    public LaneAddress Address(int i, StateSpace space)
    {
        if (Operand(i) is not AddressOperand address)
            throw Error("has no address where one is needed");
        if (address.Name is null)
            return new LaneAddress(0, 0, address.Offset);
        if (registers.Find(address.Name) is { } register)
        {
            registers.MarkRead(address.Name, instruction.Line);
            return register.Bits is 32 or 64 ? new LaneAddress(register.Place, register.Bits / 8, address.Offset)
                : throw Error("has an address of a wrong width");
        }
        Variable variable = registers.Variable(address.Name) ?? throw Error($"{address.Name} is not known");
        if (variable.Space != space)
            throw Error($"{address.Name} lies in another space");
        return new LaneAddress(0, 0, (long)variable.Address + address.Offset);
    }

    public bool IsPredicate(string name) => registers.Find(name) is { Bits: 1 };

    public Variable? Variable(string name) => registers.Variable(name);

    public int Constant(ulong value, int bits) => registers.Constant(value, bits);

    /// <summary>The number itself, where only a number is allowed.</summary>
    public long Number(int i) =>
        Operand(i) is NumberOperand { Kind: NumberKind.Integer } number ? (long)number.Bits : throw Error("needs a number");

    public IReadOnlyList<PtxOperand> Vector(int i, int elements)
    {
        if (Operand(i) is not VectorOperand vector || vector.Elements.Count != elements)
            throw Error($"needs {elements} registers in braces");
        return vector.Elements;
    }

    (int Place, int Bits) NamedRegister(PtxOperand operand)
    {
        if (operand is not NameOperand { Offset: 0, Negated: false } name)
            throw Error("has an operand of a wrong form");
        return registers.Find(name.Name) ?? throw Error($"the register {name.Name} is not known");
    }
}
