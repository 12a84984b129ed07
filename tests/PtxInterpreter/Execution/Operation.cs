namespace PtxInterpreter.Execution;

/// <summary>A decoded instruction. Registers are places in a warp's register file: 32 lanes side by side.</summary>
abstract class Operation
{
    /// <summary>Line of the PTX.</summary>
    public int Line { get; set; }

    /// <summary>Number within the kernel.</summary>
    public int Index { get; set; }

    /// <summary>Place of the predicate that decides it, or -1.</summary>
    public int Guard { get; set; } = -1;

    public bool GuardNegated { get; set; }

    public InstructionClass Class { get; set; }

    /// <summary>Runs it in the lanes of <paramref name="mask"/>, at least one.</summary>
    public abstract void Execute(Warp warp, uint mask);
}

/// <summary>One that only runs when all lanes that it names have come to it.</summary>
abstract class ConvergentOperation : Operation
{
    /// <summary>The lanes that must be here.</summary>
    public abstract uint Required(Warp warp, uint mask);
}

sealed class BranchOperation(string label) : Operation
{
    public string Label => label;

    public int Target { get; set; }

    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException("control flow");
}

/// <summary>ret or exit: the lanes are done.</summary>
sealed class ExitOperation : Operation
{
    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException("control flow");
}

/// <summary>bar.sync: waits for the block.</summary>
sealed class BlockBarrierOperation : Operation
{
    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException("control flow");
}

/// <summary>griddepcontrol.wait: what came before has ended from here on.</summary>
sealed class PreviousKernelOperation : Operation
{
    public override void Execute(Warp warp, uint mask) => warp.Awaited |= mask;
}

/// <summary>Fences and hints: nothing to do where every access is done at once.</summary>
sealed class NoOperation : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
    }
}

sealed class TrapOperation : Operation
{
    public override void Execute(Warp warp, uint mask) => throw warp.Fault(FaultKind.Arithmetic, mask, "trap");
}
