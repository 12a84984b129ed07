using System.Runtime.InteropServices;

namespace KernelCases;

/// <summary>Arrays as <see cref="DeviceArrays.Output"/> fills them: what a kernel must leave alone.</summary>
static class Poisoned
{
    public static T[] Array<T>(int count) where T : unmanaged
    {
        var values = new T[count];
        MemoryMarshal.AsBytes(values.AsSpan()).Fill(DeviceArrays.Poison);
        return values;
    }
}
