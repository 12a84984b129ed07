using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.RotaryEmbedding;

/// <summary>Parameters of the kernel of RotarySequence.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RotarySequenceParameters
{
    /// <summary>float32 [rows, step]: queries, keys and values, or their gradients.</summary>
    public DevicePointer Qkv;

    /// <summary>float32 [positions, headWidth / 2].</summary>
    public DevicePointer Cosines;

    /// <summary>float32 [positions, headWidth / 2].</summary>
    public DevicePointer Sines;

    public int Rows;

    /// <summary>The first row of each sequence is at position 0.</summary>
    public int RowsPerSequence;

    /// <summary>Heads of a row that are turned: queries' and keys'.</summary>
    public int Turned;

    /// <summary>Even.</summary>
    public int HeadWidth;

    /// <summary>Floats from a row to the next.</summary>
    public int Step;

    /// <summary>Not 0: the turn back.</summary>
    public int Back;
}

/// <summary>Starts the kernel of RotarySequence.cu: <see cref="RotaryTable"/> on a GPU, over whole sequences.</summary>
public static class RotarySequenceCuda
{
    const int Threads = 128;
    const int MostGridY = 65535;
    static readonly KernelName Name = new("RotarySequence", "rotary_sequence");

    public static void Run(IKernelDevice device, in RotarySequenceParameters parameters)
    {
        int pairs = parameters.Turned * parameters.HeadWidth / 2;
        device.Launch(
            Name, new LaunchShape((pairs + Threads - 1) / Threads, Math.Min(parameters.Rows, MostGridY), 1, Threads), parameters);
    }
}
