using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>What lanes do together: barriers, shuffles, votes, reductions, matrices, asynchronous copies; and control flow.</summary>
static class WarpDecoder
{
    public static Operation? Make(OperandReader operands, string[] parts) => parts[0] switch
    {
        "shfl" => Shuffle(operands, parts),
        "vote" => Vote(operands, parts),
        "match" => Match(operands, parts),
        "redux" => Reduce(operands, parts),
        "activemask" when parts is ["activemask", "b32"] =>
            new ActiveMaskOperation(operands.Destination(0, 32)) { Class = InstructionClass.Vote },
        "bar" or "barrier" => Barrier(operands, parts),
        "membar" or "fence" => Fence(operands, parts),
        "griddepcontrol" => GridControl(operands, parts),
        "bra" => Branch(operands, parts),
        "ret" or "exit" when parts.Length == 1 && operands.Count == 0 => new ExitOperation { Class = InstructionClass.Control },
        "trap" when parts.Length == 1 && operands.Count == 0 => new TrapOperation { Class = InstructionClass.Control },
        "mma" => Multiply(operands, parts),
        "ldmatrix" => LoadMatrix(operands, parts),
        "cp" => Copy(operands, parts),
        _ => null,
    };

    static ShuffleOperation? Shuffle(OperandReader operands, string[] parts)
    {
        ShuffleMode mode;
        switch (parts)
        {
            case ["shfl", "sync", "up", "b32"]:
                mode = ShuffleMode.Up;
                break;
            case ["shfl", "sync", "down", "b32"]:
                mode = ShuffleMode.Down;
                break;
            case ["shfl", "sync", "bfly", "b32"]:
                mode = ShuffleMode.Butterfly;
                break;
            case ["shfl", "sync", "idx", "b32"]:
                mode = ShuffleMode.Index;
                break;
            default:
                return null;
        }
        operands.Expect(5);
        var pair = operands.Operand(0) as PairOperand;
        return new ShuffleOperation(
            mode,
            operands.DestinationOf(pair?.First ?? operands.Operand(0), 32),
            pair is null ? -1 : operands.DestinationOf(pair.Second, 1),
            operands.Source(1, 32),
            operands.Source(2, 32),
            operands.Source(3, 32),
            operands.Source(4, 32))
        { Class = InstructionClass.Shuffle };
    }

    static VoteOperation? Vote(OperandReader operands, string[] parts)
    {
        VoteMode? mode = parts switch
        {
            ["vote", "sync", "all", "pred"] => VoteMode.All,
            ["vote", "sync", "any", "pred"] => VoteMode.Any,
            ["vote", "sync", "uni", "pred"] => VoteMode.Uniform,
            ["vote", "sync", "ballot", "b32"] => VoteMode.Ballot,
            _ => null,
        };
        if (mode is not { } known)
            return null;
        operands.Expect(3);
        PredicateSource source = operands.Predicate(1);
        int destination = operands.Destination(0, known == VoteMode.Ballot ? 32 : 1);
        return new VoteOperation(
            known, destination, source.Register, source.Negated, operands.Source(2, 32))
        { Class = InstructionClass.Vote };
    }

    static MatchOperation? Match(OperandReader operands, string[] parts)
    {
        if (parts is not ["match", "any", "sync", "b32"])
            return null;
        operands.Expect(3);
        return new MatchOperation(
            operands.Destination(0, 32), operands.Source(1, 32), operands.Source(2, 32))
        { Class = InstructionClass.Vote };
    }

    static ReductionOperation? Reduce(OperandReader operands, string[] parts)
    {
        Func<uint, uint, uint>? join = parts switch
        {
            ["redux", "sync", "add", "u32" or "s32"] => (a, b) => a + b,
            ["redux", "sync", "min", "u32"] => Math.Min,
            ["redux", "sync", "max", "u32"] => Math.Max,
            ["redux", "sync", "min", "s32"] => (a, b) => (uint)Math.Min((int)a, (int)b),
            ["redux", "sync", "max", "s32"] => (a, b) => (uint)Math.Max((int)a, (int)b),
            ["redux", "sync", "and", "b32"] => (a, b) => a & b,
            ["redux", "sync", "or", "b32"] => (a, b) => a | b,
            ["redux", "sync", "xor", "b32"] => (a, b) => a ^ b,
            _ => null,
        };
        if (join is null)
            return null;
        operands.Expect(3);
        return new ReductionOperation(
            join, operands.Destination(0, 32), operands.Source(1, 32), operands.Source(2, 32))
        { Class = InstructionClass.Shuffle };
    }

    static Operation? Barrier(OperandReader operands, string[] parts)
    {
        switch (parts)
        {
            case ["bar", "warp", "sync"]:
                operands.Expect(1);
                return new WarpBarrierOperation(operands.Source(0, 32)) { Class = InstructionClass.Barrier };
            case ["bar", "sync"] or ["bar", "cta", "sync"] or ["barrier", "sync"] or ["barrier", "sync", "aligned"]:
                operands.Expect(1);
                return operands.Number(0) is >= 0 and < 16
                    ? new BlockBarrierOperation { Class = InstructionClass.Barrier }
                    : throw operands.Error("there are 16 barriers");
            default:
                return null;
        }
    }

    static NoOperation? Fence(OperandReader operands, string[] parts)
    {
        bool known = parts is ["membar", "cta" or "gl" or "sys"] or ["fence", "acq_rel" or "sc", "cta" or "gpu" or "sys"];
        return known && operands.Count == 0 ? new NoOperation { Class = InstructionClass.Barrier } : null;
    }

    static Operation? GridControl(OperandReader operands, string[] parts)
    {
        if (operands.Count != 0)
            return null;
        return parts switch
        {
            ["griddepcontrol", "wait"] => new PreviousKernelOperation { Class = InstructionClass.Barrier },
            ["griddepcontrol", "launch_dependents"] => new NoOperation { Class = InstructionClass.Barrier },
            _ => null,
        };
    }

    static BranchOperation? Branch(OperandReader operands, string[] parts)
    {
        if (parts is not (["bra"] or ["bra", "uni"]))
            return null;
        operands.Expect(1);
        return operands.Operand(0) is NameOperand { Offset: 0, Negated: false } label
            ? new BranchOperation(label.Name) { Class = InstructionClass.Control }
            : throw operands.Error("needs a label");
    }

    static Operation? Multiply(OperandReader operands, string[] parts)
    {
        if (parts is not ["mma", "sync", "aligned", var shape, "row", "col", var d, var a, var b, var c])
            return null;
        if (shape == "m16n8k16" && (d, a, b, c) == ("f32", "bf16", "bf16", "f32"))
        {
            return new BFloatMatrixMultiply(Results(operands), Sources(operands, 1, 4), Sources(operands, 2, 2), Sources(operands, 3, 4))
            { Class = InstructionClass.MatrixMultiply };
        }
        int k = shape switch { "m16n8k32" => 32, "m16n8k16" => 16, _ => 0 };
        if (k == 0 || (d, c) != ("s32", "s32") || a is not ("s8" or "u8") || b is not ("s8" or "u8"))
            return null;
        (int[] left, int[] right, int[] sums) = (Sources(operands, 1, k / 8), Sources(operands, 2, k / 16), Sources(operands, 3, 4));
        return new IntegerMatrixMultiply(k, a == "s8", b == "s8", Results(operands), left, right, sums)
        { Class = InstructionClass.MatrixMultiply };
    }

    static int[] Results(OperandReader operands)
    {
        operands.Expect(4);
        return [.. operands.Vector(0, 4).Select(r => operands.DestinationOf(r, 32))];
    }

    static int[] Sources(OperandReader operands, int i, int count) => [.. operands.Vector(i, count).Select(r => operands.SourceOf(r, 32))];

    static LoadMatrixOperation? LoadMatrix(OperandReader operands, string[] parts)
    {
        bool transposed = parts.Contains("trans");
        string[] rest = [.. parts.Where(p => p != "trans")];
        if (rest is not ["ldmatrix", "sync", "aligned", "m8n8", "x1" or "x2" or "x4", .. var space, "b16"]
            || space is not ([] or ["shared"]))
            return null;
        operands.Expect(2);
        int count = rest[4][1] - '0';
        StateSpace from = space.Length == 0 ? StateSpace.Generic : StateSpace.Shared;
        int[] destinations = [.. operands.Vector(0, count).Select(r => operands.DestinationOf(r, 32))];
        return new LoadMatrixOperation(from, destinations, operands.Address(1, from), transposed) { Class = InstructionClass.Load };
    }

    static Operation? Copy(OperandReader operands, string[] parts)
    {
        switch (parts)
        {
            case ["cp", "async", "commit_group"]:
                operands.Expect(0);
                return new AsyncCommitOperation { Class = InstructionClass.AsyncCopy };
            case ["cp", "async", "wait_group"]:
                operands.Expect(1);
                return new AsyncWaitOperation((int)operands.Number(0), false) { Class = InstructionClass.AsyncCopy };
            case ["cp", "async", "wait_all"]:
                operands.Expect(0);
                return new AsyncWaitOperation(0, true) { Class = InstructionClass.AsyncCopy };
            case ["cp", "async", "ca" or "cg", "shared", "global", ..] when parts[5..] is [] or ["L2::64B" or "L2::128B" or "L2::256B"]:
                return StartCopy(operands, parts[2] == "cg");
            default:
                return null;
        }
    }

    /// <summary>cp.async [to], [from], bytes{, source bytes | predicate to ignore it}.</summary>
    static AsyncCopyOperation StartCopy(OperandReader operands, bool aroundL1)
    {
        if (operands.Count is not (3 or 4))
            throw operands.Error($"has {operands.Count} operands");
        int bytes = (int)operands.Number(2);
        if (bytes != 16 && (aroundL1 || bytes is not (4 or 8)))
            throw operands.Error($"copies {bytes} bytes");
        int sourceBytes = -1;
        PredicateSource ignore = PredicateSource.None;
        if (operands.Count == 4)
        {
            if (operands.Operand(3) is NameOperand name && operands.IsPredicate(name.Name))
                ignore = operands.Predicate(3);
            else
                sourceBytes = operands.Source(3, 32);
        }
        LaneAddress to = operands.Address(0, StateSpace.Shared), from = operands.Address(1, StateSpace.Global);
        return new AsyncCopyOperation(bytes, to, from, sourceBytes, ignore) { Class = InstructionClass.AsyncCopy };
    }
}
