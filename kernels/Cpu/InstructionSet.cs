namespace Harness.Kernels.Cpu;

/// <summary>A family of processor instructions that kernels have a form for. All forms give the same bytes.</summary>
public enum InstructionSet
{
    Portable,
    Avx2,
    AvxVnni,
    Avx512,
}
