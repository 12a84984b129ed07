using PtxInterpreter.Memory;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Execution;

/// <summary>A kernel ready to run.</summary>
sealed class DecodedKernel
{
    public required PtxEntry Entry { get; init; }

    /// <summary>The last one is an exit.</summary>
    public required Operation[] Operations { get; init; }

    /// <summary>Bytes of a warp's register file.</summary>
    public required int RegisterBytes { get; init; }

    public required IReadOnlyList<Constant> Constants { get; init; }

    public required IReadOnlyDictionary<string, int> SpecialRegisters { get; init; }

    public required IReadOnlyList<SharedVariable> Shared { get; init; }

    public required int StaticSharedBytes { get; init; }

    public required int ParameterBytes { get; init; }

    public required int LocalBytes { get; init; }

    /// <summary>Log2 of the bytes of the smallest access to shared memory: the grain at which races are looked for.</summary>
    public required int SharedGranuleShift { get; init; }

    public required int GlobalGranuleShift { get; init; }
}

/// <summary>A number that stands in the code, in all lanes of a register.</summary>
readonly record struct Constant(int Register, int Bytes, ulong Value);
