using System.Numerics;

namespace PtxInterpreter.Execution;

/// <summary>One whose lanes are named by a mask: a register, the same in all of them.</summary>
abstract class MaskedOperation(int members) : ConvergentOperation
{
    public override uint Required(Warp warp, uint mask)
    {
        uint named = warp.Lane32(members, BitOperations.TrailingZeroCount(mask));
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (warp.Lane32(members, lane) is var other && other != named)
                throw warp.Fault(FaultKind.DivergentBarrier, 1u << lane, $"names the lanes 0x{other:x8}, and another lane 0x{named:x8}");
            if ((named >> lane & 1) == 0)
                throw warp.Fault(FaultKind.DivergentBarrier, 1u << lane, $"is not among the lanes 0x{named:x8} that it names");
        }
        return named;
    }
}

/// <summary>bar.warp.sync: orders the memory of the lanes.</summary>
sealed class WarpBarrierOperation(int members) : MaskedOperation(members)
{
    public override void Execute(Warp warp, uint mask)
    {
        if (mask == warp.Live)
            warp.PassTime();
    }
}

enum ShuffleMode
{
    Up,
    Down,
    Butterfly,
    Index,
}

/// <summary>shfl.sync, as the PTX manual's pseudo-code has it.</summary>
sealed class ShuffleOperation(ShuffleMode mode, int destination, int inRange, int a, int b, int c, int members) : MaskedOperation(members)
{
    public override unsafe void Execute(Warp warp, uint mask)
    {
        uint* values = stackalloc uint[Warp.Lanes];
        for (int lane = 0; lane < Warp.Lanes; lane++)
            values[lane] = warp.Lane32(a, lane);
        uint within = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            (int source, bool valid) = Source(lane, warp.Lane32(b, lane), warp.Lane32(c, lane));
            if (!valid)
                source = lane;
            else
                within |= 1u << lane;
            if ((mask >> source & 1) == 0)
                throw warp.Fault(FaultKind.Arithmetic, 1u << lane, $"takes the value of lane {source}, which is not there");
            warp.Lane32(destination, lane) = values[source];
        }
        if (inRange >= 0)
            warp.SetPredicate(inRange, mask, within);
    }

    (int Lane, bool Valid) Source(int lane, uint b, uint c)
    {
        int offset = (int)(b & 31), clamp = (int)(c & 31), segment = (int)(c >> 8 & 31);
        int most = (lane & segment) | (clamp & ~segment), least = lane & segment;
        int source = mode switch
        {
            ShuffleMode.Up => lane - offset,
            ShuffleMode.Down => lane + offset,
            ShuffleMode.Butterfly => lane ^ offset,
            _ => least | (offset & ~segment),
        };
        return (source, mode == ShuffleMode.Up ? source >= most : source <= most);
    }
}

enum VoteMode
{
    All,
    Any,
    Uniform,
    Ballot,
}

/// <summary>vote.sync.</summary>
sealed class VoteOperation(VoteMode mode, int destination, int source, bool negated, int members) : MaskedOperation(members)
{
    public override void Execute(Warp warp, uint mask)
    {
        uint holds = (warp.Predicate(source) ^ (negated ? uint.MaxValue : 0)) & mask;
        if (mode == VoteMode.Ballot)
        {
            for (uint rest = mask; rest != 0; rest &= rest - 1)
                warp.Lane32(destination, BitOperations.TrailingZeroCount(rest)) = holds;
            return;
        }
        bool answer = mode switch
        {
            VoteMode.All => holds == mask,
            VoteMode.Any => holds != 0,
            _ => holds == mask || holds == 0,
        };
        warp.SetPredicate(destination, mask, answer ? uint.MaxValue : 0);
    }
}

/// <summary>match.any.sync of 32 bits: the lanes that have the same value.</summary>
sealed class MatchOperation(int destination, int a, int members) : MaskedOperation(members)
{
    public override void Execute(Warp warp, uint mask)
    {
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            uint same = 0;
            for (uint others = mask; others != 0; others &= others - 1)
            {
                int other = BitOperations.TrailingZeroCount(others);
                same |= warp.Lane32(a, other) == warp.Lane32(a, lane) ? 1u << other : 0;
            }
            warp.Lane32(destination, lane) = same;
        }
    }
}

/// <summary>redux.sync: one value of all lanes.</summary>
sealed class ReductionOperation(Func<uint, uint, uint> join, int destination, int a, int members) : MaskedOperation(members)
{
    public override void Execute(Warp warp, uint mask)
    {
        uint result = warp.Lane32(a, BitOperations.TrailingZeroCount(mask));
        for (uint rest = mask & (mask - 1); rest != 0; rest &= rest - 1)
            result = join(result, warp.Lane32(a, BitOperations.TrailingZeroCount(rest)));
        for (uint rest = mask; rest != 0; rest &= rest - 1)
            warp.Lane32(destination, BitOperations.TrailingZeroCount(rest)) = result;
    }
}

/// <summary>activemask: the lanes that happen to run together.</summary>
sealed class ActiveMaskOperation(int destination) : Operation
{
    public override void Execute(Warp warp, uint mask)
    {
        for (uint rest = mask; rest != 0; rest &= rest - 1)
            warp.Lane32(destination, BitOperations.TrailingZeroCount(rest)) = mask;
    }
}
