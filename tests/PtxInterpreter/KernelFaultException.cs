namespace PtxInterpreter;

/// <summary>A kernel did what it must not: the message says what, and where.</summary>
public sealed class KernelFaultException : Exception
{
    internal KernelFaultException(FaultKind kind, string message, int line = 0, long block = 0)
        : base(message)
    {
        Kind = kind;
        Line = line;
        Block = block;
    }

    public FaultKind Kind { get; }

    /// <summary>Line of the PTX; 0 where none is known.</summary>
    public int Line { get; }

    /// <summary>Number of the block within the grid.</summary>
    public long Block { get; }
}

/// <summary>What went wrong.</summary>
public enum FaultKind
{
    /// <summary>The launch itself: entry, parameters, threads, shared memory.</summary>
    Launch,
    OutOfBounds,
    Misaligned,
    FreedMemory,

    /// <summary>A read of what was never written.</summary>
    Uninitialised,

    /// <summary>Two threads, one of them writing, with nothing that orders them.</summary>
    Race,

    /// <summary>A read or write of bytes that a cp.async has under way.</summary>
    AsyncCopyUnderWay,
    DivergentBarrier,

    /// <summary>A touch, before the wait for the previous kernel, of what kernels write; or no wait at all.</summary>
    BeforeWait,

    /// <summary>The launch's budget of instructions is spent.</summary>
    EndlessLoop,

    /// <summary>Division by zero, trap, a shuffle from a lane that is not there.</summary>
    Arithmetic,
}
