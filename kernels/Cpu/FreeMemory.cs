using System.Globalization;

namespace Harness.Kernels.Cpu;

/// <summary>Memory that this process may still take.</summary>
static class FreeMemory
{
    const string Field = "MemAvailable:";

    /// <summary>
    /// What the kernel deems available, within the limit of the process's container. The garbage collector's own figure of memory in use
    /// is 0 before its first collection.
    /// </summary>
    public static long Bytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        long limit = memory.TotalAvailableMemoryBytes;
        long available = OperatingSystem.IsLinux() && File.Exists("/proc/meminfo") ? Available(File.ReadLines("/proc/meminfo")) : 0;
        return available > 0 ? Math.Min(available, limit) : Math.Max(limit - memory.MemoryLoadBytes, limit / 8);
    }

    /// <summary>Bytes that a run may take: those that are stated, else three quarters of what is free now.</summary>
    /// <param name="stated">0 where none are.</param>
    public static long Budget(long stated) => stated > 0 ? stated : Bytes() / 4 * 3;

    /// <summary>MemAvailable of /proc/meminfo in bytes; 0 where it is absent.</summary>
    public static long Available(IEnumerable<string> lines)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        string kibibytes = line?[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim() ?? "";
        return long.TryParse(kibibytes, NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count * 1024 : 0;
    }
}
