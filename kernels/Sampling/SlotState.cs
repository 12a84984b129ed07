using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Sampling;

/// <summary>The samples in flight, as arrays in a device's memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public record struct SlotState
{
    /// <summary>int32 [slots]: the token drawn last, or the prompt's last.</summary>
    public DevicePointer Token;

    /// <summary>int32 [slots]: that token's position.</summary>
    public DevicePointer Position;

    /// <summary>int32 [slots]: tokens drawn.</summary>
    public DevicePointer Count;

    /// <summary>int32 [slots]: 0 running, 1 an end token was drawn, 2 the longest answer reached.</summary>
    public DevicePointer Done;

    /// <summary>uint32 [slots].</summary>
    public DevicePointer Problem;

    /// <summary>uint32 [slots].</summary>
    public DevicePointer Sample;

    /// <summary>int32 [slots]: tokens that the host has been given.</summary>
    public DevicePointer Read;

    /// <summary>int32 [slots, longest answer].</summary>
    public DevicePointer OutTokens;

    /// <summary>float32 [slots, longest answer]: the drawn token's logit minus the largest.</summary>
    public DevicePointer OutDifference;

    /// <summary>uint64 [slots, longest answer]: sum of the weights at temperature 1.</summary>
    public DevicePointer OutTotal;

    public int MaxTokens;
    public int Slots;
}
