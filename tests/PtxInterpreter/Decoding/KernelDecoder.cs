using System.Numerics;
using PtxInterpreter.Execution;
using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Decoding;

/// <summary>Turns a kernel's instructions into operations. What it does not know, in any part, is an error with its line.</summary>
sealed class KernelDecoder
{
    const int RedZone = 256;
    readonly PtxEntry entry;
    readonly RegisterFile registers;
    readonly AccessGrain grain = new();
    readonly Dictionary<string, Variable> variables = new(StringComparer.Ordinal);
    readonly List<SharedVariable> shared = [];
    long sharedEnd;
    long sharedBytes;
    long localBytes;
    long parameterBytes;

    KernelDecoder(PtxModule module, PtxEntry entry, IReadOnlyDictionary<string, ulong> globals)
    {
        this.entry = entry;
        foreach (PtxVariable variable in entry.Parameters.Concat(entry.Variables).Concat(module.Variables))
            Place(variable, globals);
        registers = new RegisterFile(entry, variables);
    }

    /// <param name="globals">Addresses of the module's own variables in device memory.</param>
    public static DecodedKernel Decode(PtxModule module, PtxEntry entry, IReadOnlyDictionary<string, ulong> globals) =>
        new KernelDecoder(module, entry, globals).Decode();

    DecodedKernel Decode()
    {
        var operations = new Operation[entry.Instructions.Count + 1];
        for (int i = 0; i < entry.Instructions.Count; i++)
            operations[i] = Make(entry.Instructions[i], i);
        operations[^1] = new ExitOperation { Class = InstructionClass.Control, Index = operations.Length - 1 };
        foreach (BranchOperation branch in operations.OfType<BranchOperation>())
            branch.Target = entry.Labels.TryGetValue(branch.Label, out int target) ? target
                : throw Error(branch.Line, $"the label {branch.Label} is not known");
        foreach ((string register, int line) in registers.NeverWritten)
            throw Error(line, $"reads {register}, which nothing writes");
        return new DecodedKernel
        {
            Entry = entry,
            Operations = operations,
            RegisterBytes = Math.Max(registers.Bytes, 64),
            Constants = registers.Constants,
            SpecialRegisters = registers.SpecialRegisters,
            Shared = shared,
            StaticSharedBytes = (int)sharedBytes,
            ParameterBytes = (int)parameterBytes,
            LocalBytes = (int)localBytes,
            SharedGranuleShift = BitOperations.Log2((uint)grain.Shared),
            GlobalGranuleShift = BitOperations.Log2((uint)grain.Global),
        };
    }

    Operation Make(PtxInstruction instruction, int index)
    {
        var operands = new OperandReader(registers, entry, instruction);
        string[] parts = instruction.Opcode.Split('.');
        Operation operation = ArithmeticTable.Make(operands)
            ?? ComparisonDecoder.Make(operands, parts)
            ?? MoveDecoder.Make(operands, parts)
            ?? MemoryDecoder.Make(operands, parts, grain)
            ?? WarpDecoder.Make(operands, parts)
            ?? throw Error(instruction.Line, $"the instruction {instruction.Opcode} is not known");
        operation.Line = instruction.Line;
        operation.Index = index;
        if (instruction.Guard is { } guard)
        {
            PredicateSource predicate = operands.PredicateOf(new NameOperand(guard));
            (operation.Guard, operation.GuardNegated) = (predicate.Register, instruction.GuardNegated);
        }
        return operation;
    }

    void Place(PtxVariable variable, IReadOnlyDictionary<string, ulong> globals)
    {
        ulong address;
        switch (variable.Space)
        {
            case StateSpace.Param:
                parameterBytes = Align(parameterBytes, variable.Alignment);
                address = Windows.FirstOffset + (ulong)parameterBytes;
                parameterBytes += variable.Bytes;
                break;
            case StateSpace.Local:
                localBytes = Align(localBytes, variable.Alignment);
                address = Windows.FirstOffset + (ulong)localBytes;
                localBytes += variable.Bytes;
                break;
            case StateSpace.Shared:
                address = PlaceShared(variable);
                break;
            default:
                address = globals[variable.Name];
                break;
        }
        if (!variables.TryAdd(variable.Name, new Variable(variable.Name, variable.Space, address, variable.Bytes)))
            throw Error(variable.Line, $"a second {variable.Name}");
    }

    /// <summary>Variables stand apart, so that one past the end of an array is not the next array.</summary>
    ulong PlaceShared(PtxVariable variable)
    {
        bool used = entry.Variables.Contains(variable) || entry.Instructions.Any(i => i.Operands.Any(o => Names(o, variable.Name)));
        if (used)
        {
            sharedBytes = Align(sharedBytes, variable.Alignment) + variable.Bytes;
            shared.Add(new SharedVariable(variable.Name, sharedEnd, variable.Bytes));
        }
        ulong address = Windows.FirstOffset + (ulong)sharedEnd;
        sharedEnd = Align(sharedEnd + variable.Bytes, RedZone) + (variable.Bytes == 0 ? 1 << 20 : RedZone);
        return address;
    }

    static bool Names(PtxOperand operand, string name) => operand switch
    {
        NameOperand direct => direct.Name == name,
        AddressOperand address => address.Name == name,
        _ => false,
    };

    static long Align(long bytes, int alignment) => (bytes + alignment - 1) / alignment * alignment;

    PtxFormatException Error(int line, string message) => new(entry.Module, line, $"{entry.Name}: {message}");
}
