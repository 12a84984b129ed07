using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.Routing;

namespace Harness.Kernels.Models;

/// <summary>
/// A layer's experts on a device: <see cref="CpuExperts"/>'s numbers, bit for bit. Which rows an expert has is known to the device alone:
/// launches have room for the most that there can be.
/// </summary>
/// <param name="device">Where they work.</param>
/// <param name="config">Of a model with experts.</param>
/// <param name="precision">Arithmetic of the experts' matrices; the router's is float32.</param>
/// <param name="buffers">Of the pass.</param>
/// <param name="linears">Of the pass.</param>
sealed class DeviceExperts(
    IKernelDevice device, ModelConfig config, Precision precision, PassBuffers buffers, DeviceLinears linears)
{
    readonly ExpertShape shape = config.Experts!;
    readonly ExpertBuffers own = buffers.Experts!;

    /// <summary>residual += what the experts of each row give for its norm.</summary>
    /// <param name="layer">Whose experts.</param>
    /// <param name="rows">Rows of the pass.</param>
    public void Add(DeviceLayer layer, int rows)
    {
        DeviceMixture mixture = layer.Mixture!;
        linears.NormaliseSingle(layer.FeedForwardNorm, own.Normed, rows);
        LinearF32Cuda.Run(device, new LinearF32Parameters
        {
            X = own.Normed,
            Weights = mixture.Router.Weights,
            Positions = buffers.Rows.Positions,
            Y = own.Logits,
            Rows = rows,
            Outputs = mixture.Router.Outputs,
            Inputs = mixture.Router.Inputs,
            Ldy = mixture.Router.Outputs,
        }, LinearEpilogue.Store);
        RouterParameters router = new()
        {
            Logits = own.Logits,
            Positions = buffers.Rows.Positions,
            Experts = own.Chosen,
            Factors = own.Factors,
            Starts = own.Starts,
            Places = own.Places,
            RowOf = own.RowOf,
            Outputs = own.Outputs,
            Shared = own.Shared,
            Before = buffers.Residual,
            Residual = buffers.Residual,
            Rows = rows,
            Width = config.Width,
        };
        RouterCuda.Route(device, router, shape);
        // A row's norm is the same wherever it lies.
        linears.Normalise(layer.FeedForwardNorm, own.Gathered, rows * shape.Active, own.RowOf);
        Multiply(own.Gathered, rows, mixture.GateUp, own.Activated.Values, own.Activated, LinearEpilogue.SwiGlu);
        Multiply(own.Activated, rows, mixture.Down, own.Outputs, default, LinearEpilogue.Store);
        if (shape.HasShared)
        {
            linears.Normalise(layer.FeedForwardNorm, buffers.Normed, rows);
            linears.Activate(buffers.Normed, rows, layer.GateUp, buffers.Activated, layer.Down);
            linears.Multiply(buffers.Activated, rows, layer.Down, own.Shared, default);
        }
        RouterCuda.Mix(device, router, shape);
    }

    /// <summary>Each expert's matrix, of those that lie one behind the other, over its rows.</summary>
    void Multiply(DeviceInput x, int rows, DeviceMatrix matrices, DevicePointer y, DeviceInput output, LinearEpilogue epilogue)
    {
        int outputs = matrices.Outputs / shape.Count, usual = ((rows * shape.Active) + shape.Count - 1) / shape.Count;
        if (precision == Precision.W8A8)
        {
            LinearInt8ExpertsCuda.Run(device, new LinearInt8ExpertsParameters
            {
                Linear = new LinearInt8Parameters
                {
                    X = x.Q,
                    XScales = x.Scales,
                    Weights = matrices.Weights,
                    WeightScales = matrices.Scales,
                    Y = y,
                    Q = output.Q,
                    QScales = output.Scales,
                    Errors = buffers.Errors,
                    Activations = own.Activations,
                    Counters = own.Counters,
                    Rows = rows,
                    Outputs = outputs,
                    Blocks = DeviceLayout.Blocks(matrices.Inputs),
                    Ldy = outputs,
                },
                Starts = own.Starts,
            }, epilogue, shape.Count, usual);
            return;
        }
        LinearF32ExpertsCuda.Run(device, new LinearF32ExpertsParameters
        {
            Linear = new LinearF32Parameters
            {
                X = x.Values,
                Weights = matrices.Weights,
                Y = y,
                Rows = rows,
                Outputs = outputs,
                Inputs = matrices.Inputs,
                Ldy = epilogue == LinearEpilogue.SwiGlu ? outputs / 2 : outputs,
            },
            Starts = own.Starts,
            Stride = (long)outputs * matrices.Inputs,
        }, epilogue, shape.Count, usual);
    }
}
