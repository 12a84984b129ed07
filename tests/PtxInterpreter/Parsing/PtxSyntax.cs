namespace PtxInterpreter.Parsing;

/// <summary>A module as its text says it.</summary>
public sealed record PtxModule(string Name, IReadOnlyDictionary<string, PtxEntry> Entries, IReadOnlyList<PtxVariable> Variables);

/// <summary>A kernel: an <c>.entry</c> with its parameters, registers, variables and instructions.</summary>
/// <param name="MaxThreads">What <c>.maxntid</c> says, or 1024.</param>
/// <param name="Labels">Index of the instruction that follows each.</param>
public sealed record PtxEntry(
    string Module,
    string Name,
    int MaxThreads,
    IReadOnlyList<PtxVariable> Parameters,
    IReadOnlyList<PtxVariable> Variables,
    IReadOnlyDictionary<string, int> Registers,
    IReadOnlyDictionary<string, int> Labels,
    IReadOnlyList<PtxInstruction> Instructions);

public enum StateSpace
{
    Generic,
    Param,
    Global,
    Constant,
    Shared,
    Local,
}

/// <summary>A parameter or variable.</summary>
/// <param name="Bytes">0 of an external array: as much as the launch gives.</param>
/// <param name="Data">Initial contents, where the text gives some.</param>
public sealed record PtxVariable(StateSpace Space, string Name, int Alignment, long Bytes, bool External, byte[]? Data, int Line);

/// <param name="Opcode">With all modifiers: "mad.lo.s32".</param>
/// <param name="Guard">The predicate register that decides it, or null.</param>
public sealed record PtxInstruction(string Opcode, string? Guard, bool GuardNegated, IReadOnlyList<PtxOperand> Operands, int Line);

public abstract record PtxOperand;

/// <summary>A register, special register, variable, parameter or label; <paramref name="Negated"/> is a predicate's "!".</summary>
public sealed record NameOperand(string Name, long Offset = 0, bool Negated = false) : PtxOperand;

/// <summary>A number; <paramref name="Bits"/> of a float are those of its width.</summary>
public sealed record NumberOperand(ulong Bits, NumberKind Kind) : PtxOperand;

public enum NumberKind
{
    Integer,
    Single,
    Double,
}

/// <summary>[name + offset]; without a name an absolute address.</summary>
public sealed record AddressOperand(string? Name, long Offset) : PtxOperand;

/// <summary>{a, b, ...}.</summary>
public sealed record VectorOperand(IReadOnlyList<PtxOperand> Elements) : PtxOperand;

/// <summary>a|b: two destinations.</summary>
public sealed record PairOperand(NameOperand First, NameOperand Second) : PtxOperand;

/// <summary>A module's text is not understood; thrown when it is loaded.</summary>
public sealed class PtxFormatException(string module, int line, string message) : Exception($"{module}.ptx({line}): {message}")
{
    public int Line { get; } = line;
}
