using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Cpu;

/// <summary>Which instruction sets this process may use.</summary>
public static class InstructionSets
{
    /// <summary>Forces one for the whole process: portable, avx2, avxvnni or avx512.</summary>
    public const string Variable = "HARNESS_ISA";

    public static IReadOnlyList<InstructionSet> Supported { get; } = Enum.GetValues<InstructionSet>().Where(IsSupported).ToArray();

    public static bool IsSupported(InstructionSet set) => set switch
    {
        InstructionSet.Portable => true,
        InstructionSet.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        InstructionSet.AvxVnni => Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported,
        InstructionSet.Avx512 => Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported,
        _ => false,
    };

    /// <summary>The placement's choice, else the environment variable's, else the fastest for the precision.</summary>
    /// <exception cref="HarnessException">The name is unknown, or this processor lacks it.</exception>
    public static InstructionSet Choose(string? name, Precision precision)
    {
        if (string.IsNullOrEmpty(name) || name.Equals("auto", StringComparison.OrdinalIgnoreCase))
            name = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(name) || name.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return Fastest(precision);
        if (!Enum.TryParse(name, ignoreCase: true, out InstructionSet set) || !Enum.IsDefined(set) || !IsSupported(set))
            throw KernelCodes.BadPlacement.With(
                $"Isa '{name}' is not one of this machine's: auto, {string.Join(", ", Supported).ToLowerInvariant()}");
        return set;
    }

    /// <summary>One 256-bit VNNI instruction does what three 512-bit ones do without it.</summary>
    static InstructionSet Fastest(Precision precision) =>
        precision.IsInt8OnCpu() && IsSupported(InstructionSet.AvxVnni) ? InstructionSet.AvxVnni : Supported[^1];
}
