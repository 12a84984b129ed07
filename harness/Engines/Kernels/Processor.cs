using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Harness.Engines.Kernels;

/// <summary>The name that the processor's maker gave it.</summary>
static class Processor
{
    const int FirstBrandLeaf = unchecked((int)0x80000002), HighestExtendedLeaf = unchecked((int)0x80000000);

    public static string Name { get; } = ReadName();

    static string ReadName()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(HighestExtendedLeaf, 0).Eax < 0x80000004)
            return RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        Span<int> words = stackalloc int[12];
        for (int leaf = 0; leaf < 3; leaf++)
            (words[4 * leaf], words[4 * leaf + 1], words[4 * leaf + 2], words[4 * leaf + 3]) = X86Base.CpuId(FirstBrandLeaf + leaf, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).Split('\0')[0].Trim();
    }
}
