using System.Runtime.InteropServices;
using Harness.Kernels.Driver;

namespace Harness.Kernels.Linear;

/// <summary>Parameters of the kernels of LinearInt8Experts.cu, which has the same fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LinearInt8ExpertsParameters
{
    /// <summary>
    /// Rows of all experts, each expert's one behind the other, and the most that one of them has; weights [experts, outputs, blocks * 64]
    /// and scales [experts, outputs]; no positions.
    /// </summary>
    public LinearInt8Parameters Linear;

    /// <summary>int32 [experts + 1]: where the rows of each begin.</summary>
    public DevicePointer Starts;
}

/// <summary>Starts the kernels of LinearInt8Experts.cu: the matrices of all experts in one launch, each over its own rows.</summary>
public static class LinearInt8ExpertsCuda
{
    const string Module = "LinearInt8Experts";
    const int FewRowsOutputs = 8;
    const int FewRowsThreads = 128;

    /// <summary>Outputs, gates and ups, of one block of activations.</summary>
    const int PairBlock = 2 * QuantizedRows.BlockInputs;

    /// <summary>Rows that an expert has on average, above which tiles are of 64.</summary>
    const int MostOfSmallTiles = 16;

    /// <summary>Starts the linears: <see cref="LinearEpilogue.Store"/> or <see cref="LinearEpilogue.SwiGlu"/>.</summary>
    /// <param name="device">Where they run.</param>
    /// <param name="parameters">Rows: the most that one expert has.</param>
    /// <param name="epilogue">What becomes of the outputs.</param>
    /// <param name="experts">Experts.</param>
    /// <param name="usual">Rows that an expert has on average.</param>
    public static void Run(
        IKernelDevice device, in LinearInt8ExpertsParameters parameters, LinearEpilogue epilogue, int experts, int usual)
    {
        LinearInt8ExpertsParameters p = parameters;
        p.Linear.Add = epilogue == LinearEpilogue.AddToResidual ? 1 : 0;
        bool swiGlu = epilogue == LinearEpilogue.SwiGlu;
        if (ExpertRows.AreFew(p.Linear.Rows, usual))
        {
            int rows = p.Linear.Rows == 1 ? 1 : ExpertRows.AtOnce;
            Launch(device, p, swiGlu, $"rows{rows}", experts, (rows, FewRowsOutputs), FewRowsThreads, 0);
            return;
        }
        bool small = usual <= MostOfSmallTiles;
        (int tileRows, int outputs, int stages) = (small ? 16 : 64, swiGlu ? PairBlock : 64, swiGlu ? small ? 6 : 4 : small ? 8 : 6);
        int threads = swiGlu && !small ? 256 : 128;
        // A stage holds a block of 64 inputs of a tile's rows and outputs, and the rows' scales.
        int bytes = stages * (((tileRows + outputs) * QuantizedRows.BlockInputs) + (tileRows * sizeof(float)));
        Launch(device, p, swiGlu, $"{tileRows}x{outputs}", experts, (tileRows, outputs), threads, bytes);
    }

    /// <summary>Counters that the forms for few rows need at most, zeros between kernels.</summary>
    public static long Counters(int experts, int rows, int outputs) =>
        (long)experts * Tiles(Math.Min(rows, ExpertRows.MostFew), rows == 1 ? 1 : ExpertRows.AtOnce) * Tiles(outputs, PairBlock);

    static void Launch(
        IKernelDevice device,
        in LinearInt8ExpertsParameters p,
        bool swiGlu,
        string form,
        int experts,
        (int Rows, int Outputs) tile,
        int threads,
        int sharedBytes) =>
        device.Launch(
            new KernelName(Module, $"linear_int8_experts_{(swiGlu ? "swiglu_" : "")}{form}"),
            new LaunchShape(Tiles(p.Linear.Rows, tile.Rows), Tiles(p.Linear.Outputs, tile.Outputs), experts, threads, sharedBytes),
            p);

    static int Tiles(int count, int size) => (count + size - 1) / size;
}
