using System.Runtime.InteropServices;

namespace Harness.Kernels.Cpu;

/// <summary>
/// Zeroed memory at cache-line boundaries; large pieces ask for huge pages, which spare a walk of the page table for most loads.
/// </summary>
static unsafe partial class AlignedMemory
{
    const int CacheLine = 64;
    const int HugePage = 1 << 21;
    const int AdviseHugePages = 14;

    public static void* Allocate(long bytes)
    {
        bool huge = bytes >= 2 * HugePage;
        nuint size = (nuint)Math.Max(bytes, CacheLine);
        void* memory = NativeMemory.AlignedAlloc(size, huge ? (nuint)HugePage : CacheLine);
        if (huge && OperatingSystem.IsLinux())
            _ = Advise(memory, size & ~(nuint)(HugePage - 1), AdviseHugePages);
        NativeMemory.Clear(memory, size);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
