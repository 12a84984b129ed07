using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.Routing;

namespace Harness.Kernels.Models;

/// <summary>
/// A layer's experts on a device: <see cref="CpuExperts"/>' numbers, bit for bit. Each expert's matrices run over all rows of a pass,
/// of which those that do not pass it are left alone, so that nothing is copied to the host and a pass can be recorded.
/// </summary>
/// <param name="device">Where it works.</param>
/// <param name="config">Of a model with experts.</param>
/// <param name="linears">Of the pass.</param>
/// <param name="buffers">Of the pass.</param>
sealed class DeviceExperts(IKernelDevice device, ModelConfig config, DeviceLinears linears, PassBuffers buffers)
{
    readonly ExpertShape shape = config.Experts!;

    /// <summary>residual += the experts' mixed outputs of the layer's normalised rows.</summary>
    /// <param name="layer">Whose experts.</param>
    /// <param name="rows">Of the pass.</param>
    public void Run(in DeviceLayer layer, int rows)
    {
        DeviceMixture mixture = layer.Mixture!;
        ExpertBuffers own = buffers.Experts!;
        RmsNormCuda.RunSingle(device, new RmsNormParameters
        {
            X = buffers.Residual,
            Weight = layer.FeedForwardNorm,
            Positions = buffers.Rows.Positions,
            Y = own.Normed,
            Errors = buffers.Errors,
            Epsilon = config.NormEpsilon,
            Width = config.Width,
            Rows = rows,
        });
        LinearF32Cuda.Run(device, new LinearF32Parameters
        {
            X = own.Normed,
            Weights = mixture.Router.Weights,
            Positions = buffers.Rows.Positions,
            Y = own.Logits,
            Rows = rows,
            Outputs = shape.RouterOutputs,
            Inputs = config.Width,
            Ldy = shape.RouterOutputs,
        }, LinearEpilogue.Store);
        RouterCuda.Route(device, new RouterParameters
        {
            Logits = own.Logits,
            Positions = buffers.Rows.Positions,
            Chosen = own.Chosen,
            Factors = own.Factors,
            Rows = rows,
            Count = shape.Count,
            Active = shape.Active,
            Normalised = shape.Normalised ? 1 : 0,
            Shared = shape.HasShared ? 1 : 0,
        });
        for (int expert = 0; expert < shape.Count; expert++)
            Add(mixture.Experts[expert], expert, own.Chosen + (sizeof(int) * (long)expert * rows), rows);
        if (mixture.Shared is { } shared)
            Add(shared, shape.Count, default, rows);
    }

    void Add(DeviceFeedForward expert, int index, DevicePointer chosen, int rows)
    {
        ExpertBuffers own = buffers.Experts!;
        DevicePointer rowsOf = chosen == default ? buffers.Rows.Positions : chosen;
        linears.ActivateChosen(buffers.Normed, rows, expert.GateUp, buffers.Activated, rowsOf);
        linears.MultiplyChosen(buffers.Activated, rows, expert.Down, own.Outputs, rowsOf);
        RouterCuda.Mix(device, new ExpertMixParameters
        {
            X = own.Outputs,
            Factors = own.Factors + (sizeof(float) * (long)index),
            Chosen = chosen,
            Positions = buffers.Rows.Positions,
            Y = own.Mixed,
            Residual = index == shape.RouterOutputs - 1 ? buffers.Residual : default,
            Stride = shape.RouterOutputs,
            Width = config.Width,
            Rows = rows,
            First = index == 0 ? 1 : 0,
        });
    }
}
