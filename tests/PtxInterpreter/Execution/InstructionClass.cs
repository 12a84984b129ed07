namespace PtxInterpreter.Execution;

/// <summary>What kind of work an instruction is, for the counts of a launch.</summary>
public enum InstructionClass
{
    Move,
    Integer,
    Comparison,
    Conversion,
    FloatAddMultiply,
    FloatFma,
    FloatDivideRoot,
    Double,
    DotProduct,
    MatrixMultiply,
    Load,
    Store,
    Atomic,
    AsyncCopy,
    Shuffle,
    Vote,
    Barrier,
    Control,
}
