using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PtxInterpreter.Memory;

namespace PtxInterpreter.Execution;

enum WarpState
{
    Ready,
    AtBarrier,
    Done,
}

/// <summary>
/// 32 threads. Lanes at the same place run as one group; where they part, the group with the smallest place goes first, so that lanes
/// meet again where their ways do. A group that must wait for others of its warp stands until they come.
/// </summary>
sealed unsafe class Warp : IDisposable
{
    public const int Lanes = 32;
    readonly BlockExecutor block;
    readonly Operation[] code;
    readonly List<LaneGroup> others = [];
    readonly long registerBytes;
    readonly bool awaits;
    LaneGroup current;

    public Warp(BlockExecutor block, DecodedKernel kernel, int index)
    {
        this.block = block;
        Index = index;
        code = kernel.Operations;
        registerBytes = kernel.RegisterBytes;
        awaits = block.Options.KernelsStartEarly;
        Registers = (byte*)NativeMemory.AlignedAlloc((nuint)registerBytes, 64);
        LocalMemory = new LocalMemory(kernel.LocalBytes);
        Copies = new AsyncCopies(this);
    }

    public int Index { get; }

    public byte* Registers { get; }

    public BlockExecutor Block => block;

    public LocalMemory LocalMemory { get; }

    public AsyncCopies Copies { get; }

    public WarpState State { get; private set; }

    /// <summary>Lanes that have not ended.</summary>
    public uint Live { get; private set; }

    /// <summary>Lanes that have waited for the previous kernel.</summary>
    public uint Awaited { get; set; }

    /// <summary>Grows whenever the warp's lanes are ordered: by a barrier of the warp or of the block.</summary>
    public uint Time { get; private set; }

    /// <summary>The instruction that runs, or that the warp waits at.</summary>
    public Operation Current => code[current.Place];

    public void Start(uint lanes)
    {
        new Span<byte>(Registers, (int)registerBytes).Fill(0xCB);
        others.Clear();
        current = new LaneGroup(0, lanes, false);
        Live = lanes;
        State = WarpState.Ready;
        Time = 1;
        Awaited = 0;
        LocalMemory.Clear();
        Copies.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref uint Lane32(int register, int lane) => ref ((uint*)(Registers + register))[lane];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong Lane64(int register, int lane) => ref ((ulong*)(Registers + register))[lane];

    public uint Predicate(int register) => *(uint*)(Registers + register);

    public void SetPredicate(int register, uint mask, uint bits)
    {
        uint* place = (uint*)(Registers + register);
        *place = (*place & ~mask) | (bits & mask);
    }

    /// <summary>Runs until the warp ends, waits at a barrier, or has run <paramref name="most"/> instructions; how many it ran.</summary>
    public int Run(int most)
    {
        int count = 0;
        while (State == WarpState.Ready && count < most)
        {
            if (others.Count > 0 && !ChooseGroup())
                throw Fault(FaultKind.DivergentBarrier, current.Mask, Waiting());
            Step();
            count++;
        }
        return count;
    }

    /// <summary>Goes on behind the barrier that the whole block has reached.</summary>
    public void PassBarrier()
    {
        PassTime();
        current = current with { Place = current.Place + 1 };
        State = WarpState.Ready;
    }

    /// <summary>What the warp's lanes did so far is ordered before what they do next.</summary>
    public void PassTime()
    {
        if (++Time >= AccessEntry.MostTime - 1)
            throw Fault(FaultKind.EndlessLoop, current.Mask, "more barriers than the detector of races can number");
    }

    public KernelFaultException Fault(FaultKind kind, uint lanes, string message) =>
        block.Fault(kind, this, BitOperations.TrailingZeroCount(lanes), message);

    void Step()
    {
        Operation operation = code[current.Place];
        uint mask = current.Mask;
        if (operation.Guard >= 0)
            mask &= Predicate(operation.Guard) ^ (operation.GuardNegated ? uint.MaxValue : 0);
        if (mask != 0)
            block.Counts.Add(operation.Class, mask);
        switch (operation)
        {
            case BranchOperation branch:
                Part(mask, branch.Target);
                break;
            case ExitOperation:
                if (awaits && (mask & ~Awaited) != 0)
                    throw Fault(
                        FaultKind.BeforeWait,
                        mask & ~Awaited,
                        "ends without awaiting the previous kernel: the next one would not know that it has ended");
                Exit(mask);
                break;
            case BlockBarrierOperation:
                ArriveAtBarrier(mask);
                break;
            case ConvergentOperation convergent:
                RunTogether(convergent, mask);
                break;
            default:
                if (mask != 0)
                    operation.Execute(this, mask);
                current.Place++;
                break;
        }
    }

    /// <summary>The lanes of <paramref name="mask"/> go to <paramref name="target"/>, the rest on.</summary>
    void Part(uint mask, int target)
    {
        uint rest = current.Mask & ~mask;
        int next = current.Place + 1;
        current = mask == 0 ? current with { Place = next } : new LaneGroup(target, mask, false);
        if (rest != 0 && mask != 0)
            others.Add(new LaneGroup(next, rest, false));
    }

    void Exit(uint mask)
    {
        Live &= ~mask;
        for (int i = 0; i < others.Count; i++)
            others[i] = others[i] with { Waits = false };
        uint rest = current.Mask & ~mask;
        if (rest != 0)
        {
            current = new LaneGroup(current.Place + 1, rest, false);
        }
        else if (others.Count > 0)
        {
            current = others[^1];
            others.RemoveAt(others.Count - 1);
        }
        else
            State = WarpState.Done;
    }

    void ArriveAtBarrier(uint mask)
    {
        if (!Separate(mask))
            return;
        if (current.Mask == Live)
            State = WarpState.AtBarrier;
        else
            Wait();
    }

    void RunTogether(ConvergentOperation operation, uint mask)
    {
        if (!Separate(mask))
            return;
        uint required = operation.Required(this, mask) & Live;
        if ((required & ~current.Mask) != 0)
        {
            Wait();
            return;
        }
        operation.Execute(this, current.Mask);
        current.Place++;
    }

    /// <summary>Lanes whose guard fails pass on, as a group of their own; false where no lane is left.</summary>
    bool Separate(uint mask)
    {
        uint rest = current.Mask & ~mask;
        if (mask == 0)
        {
            current.Place++;
            return false;
        }
        if (rest != 0)
            others.Add(new LaneGroup(current.Place + 1, rest, false));
        current.Mask = mask;
        return true;
    }

    void Wait()
    {
        current.Waits = true;
        if (others.Count == 0)
            throw Fault(FaultKind.DivergentBarrier, current.Mask, Waiting());
    }

    /// <summary>The group of the smallest place that need not wait, joined with others at the same place; false where all wait.</summary>
    bool ChooseGroup()
    {
        others.Add(current);
        int best = -1;
        for (int i = 0; i < others.Count; i++)
        {
            for (int j = others.Count - 1; j > i; j--)
            {
                if (others[j].Place == others[i].Place)
                {
                    others[i] = new LaneGroup(others[i].Place, others[i].Mask | others[j].Mask, false);
                    others.RemoveAt(j);
                }
            }
            if (!others[i].Waits && (best < 0 || others[i].Place < others[best].Place))
                best = i;
        }
        int chosen = Math.Max(best, 0);
        current = others[chosen];
        others.RemoveAt(chosen);
        return best >= 0;
    }

    string Waiting()
    {
        IEnumerable<string> groups = others.Prepend(current).Select(g => $"lanes 0x{g.Mask:x8} at line {code[g.Place].Line}");
        return "lanes wait for each other at different places or for lanes that never come: "
            + $"{string.Join(", ", groups)}; of the warp 0x{Live:x8} live";
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Registers);
        LocalMemory.Dispose();
    }

    /// <summary>Lanes at the same place.</summary>
    record struct LaneGroup(int Place, uint Mask, bool Waits);
}
