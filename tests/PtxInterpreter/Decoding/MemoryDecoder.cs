using PtxInterpreter.Execution;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>ld, st, atom, red and prefetch.</summary>
static class MemoryDecoder
{
    static readonly HashSet<string> LoadHints = ["ca", "cg", "cs", "lu", "cv", "nc", "L1::no_allocate", "L2::64B", "L2::128B", "L2::256B"];
    static readonly HashSet<string> StoreHints = ["wb", "cg", "cs", "wt"];
    static readonly HashSet<string> Scopes = ["cta", "gpu", "sys"];

    public static Operation? Make(OperandReader operands, string[] parts, AccessGrain grain) => parts[0] switch
    {
        "ld" => Access(operands, parts, grain, true),
        "st" => Access(operands, parts, grain, false),
        "atom" => Atomic(operands, parts, true),
        "red" => Atomic(operands, parts, false),
        "prefetch" => Prefetch(operands, parts),
        _ => null,
    };

    static Operation? Access(OperandReader operands, string[] parts, AccessGrain grain, bool load)
    {
        if (parts.Length < 2 || Type(parts[^1]) is not { } type)
            return null;
        var space = StateSpace.Generic;
        int elements = 1;
        bool ordered = false;
        foreach (string part in parts[1..^1])
        {
            if (Space(part) is { } named && space == StateSpace.Generic)
                space = named;
            else if (part is "v2" or "v4")
                elements = part[1] - '0';
            else if (part is "volatile" or "relaxed" or "acquire" or "release")
                ordered = true;
            else if (!(load ? LoadHints : StoreHints).Contains(part) && part != "weak" && !(ordered && Scopes.Contains(part)))
                return null;
        }
        if (elements * type.Bytes > 16)
            return null;
        operands.Expect(2);
        grain.Note(space, elements * type.Bytes);
        LaneAddress address = operands.Address(load ? 1 : 0, space);
        IReadOnlyList<PtxOperand> registers = elements == 1 ? [operands.Operand(load ? 0 : 1)] : operands.Vector(load ? 0 : 1, elements);
        if (!load)
        {
            LaneRegister[] sources = [.. registers.Select(r => operands.AnySource(r, type.Bytes * 8))];
            return new StoreOperation(space, type, sources, address, ordered) { Class = InstructionClass.Store };
        }
        LaneRegister[] destinations = [.. registers.Select(r => Loaded(operands, r, type))];
        return new LoadOperation(space, type, destinations, address, ordered, parts.Contains("nc")) { Class = InstructionClass.Load };
    }

    static PrefetchOperation? Prefetch(OperandReader operands, string[] parts)
    {
        if (parts is not ["prefetch", "global", "L1" or "L2"])
            return null;
        operands.Expect(1);
        return new PrefetchOperation(operands.Address(0, StateSpace.Global)) { Class = InstructionClass.Load };
    }

    static LaneRegister Loaded(OperandReader operands, PtxOperand register, ElementType type)
    {
        LaneRegister destination = operands.AnyDestination(register);
        return destination.Bytes >= type.Bytes ? destination : throw operands.Error("loads into a register that is too narrow");
    }

    static Operation? Atomic(OperandReader operands, string[] parts, bool returns)
    {
        if (parts.Length < 3)
            return null;
        var space = StateSpace.Generic;
        foreach (string part in parts[1..^2])
        {
            if (part is "global" or "shared" && space == StateSpace.Generic)
                space = Space(part)!.Value;
            else if (part is not ("relaxed" or "acquire" or "release" or "acq_rel") && !Scopes.Contains(part))
                return null;
        }
        if (Function(parts[^2], parts[^1]) is not { } function)
            return null;
        int bits = int.Parse(parts[^1][1..]), first = returns ? 1 : 0;
        bool three = parts[^2] == "cas";
        operands.Expect(first + (three ? 3 : 2));
        bool isKept = returns && operands.Operand(0) is not NameOperand { Name: "_" };
        LaneRegister? destination = isKept ? new LaneRegister(operands.Destination(0, bits), bits / 8) : null;
        // What is ordered within a block alone orders no blocks.
        bool ofGpu = space != StateSpace.Shared && !parts.Contains("cta");
        LaneRegister b = new(operands.Source(first + 1, bits), bits / 8);
        LaneRegister? c = three ? new LaneRegister(operands.Source(first + 2, bits), bits / 8) : null;
        return new AtomicOperation(
            space, bits / 8, function, destination, operands.Address(first, space), b, c,
            acquires: ofGpu && (parts.Contains("acquire") || parts.Contains("acq_rel")),
            releases: ofGpu && (parts.Contains("release") || parts.Contains("acq_rel")))
        { Class = InstructionClass.Atomic };
    }

    static AtomicFunction? Function(string name, string type) => (name, type) switch
    {
        ("add", "u32" or "s32" or "u64") => (old, b, _) => old + b,
        ("and", "b32" or "b64") => (old, b, _) => old & b,
        ("or", "b32" or "b64") => (old, b, _) => old | b,
        ("xor", "b32" or "b64") => (old, b, _) => old ^ b,
        ("exch", "b32" or "b64") => (_, b, _) => b,
        ("cas", "b32" or "b64") => (old, b, c) => old == b ? c : old,
        ("min", "u32" or "u64") => (old, b, _) => Math.Min(old, b),
        ("max", "u32" or "u64") => (old, b, _) => Math.Max(old, b),
        ("min", "s32") => (old, b, _) => (uint)Math.Min((int)old, (int)b),
        ("max", "s32") => (old, b, _) => (uint)Math.Max((int)old, (int)b),
        ("min", "s64") => (old, b, _) => (ulong)Math.Min((long)old, (long)b),
        ("max", "s64") => (old, b, _) => (ulong)Math.Max((long)old, (long)b),
        ("inc", "u32") => (old, b, _) => old >= b ? 0 : old + 1,
        ("dec", "u32") => (old, b, _) => old == 0 || old > b ? b : old - 1,
        _ => null,
    };

    static StateSpace? Space(string name) => name switch
    {
        "param" => StateSpace.Param,
        "global" => StateSpace.Global,
        "const" => StateSpace.Constant,
        "shared" => StateSpace.Shared,
        "local" => StateSpace.Local,
        _ => null,
    };

    static ElementType? Type(string name) => name switch
    {
        "b8" or "u8" => new ElementType(1, false),
        "s8" => new ElementType(1, true),
        "b16" or "u16" => new ElementType(2, false),
        "s16" => new ElementType(2, true),
        "b32" or "u32" or "f32" => new ElementType(4, false),
        "s32" => new ElementType(4, true),
        "b64" or "u64" or "s64" or "f64" => new ElementType(8, false),
        _ => null,
    };
}

/// <summary>The smallest access of a kernel to shared and to device memory: the grain at which races are looked for.</summary>
sealed class AccessGrain
{
    public int Shared { get; private set; } = 4;

    public int Global { get; private set; } = 4;

    public void Note(StateSpace space, int bytes)
    {
        if (space is StateSpace.Shared or StateSpace.Generic)
            Shared = Math.Min(Shared, bytes);
        if (space is StateSpace.Global or StateSpace.Generic)
            Global = Math.Min(Global, bytes);
    }
}
