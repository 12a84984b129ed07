using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Draws tokens from a device's logits, with the settings of one call.</summary>
sealed class DeviceSampling
{
    readonly IKernelDevice device;
    readonly CudaTransformer transformer;
    readonly DeviceSession session;
    readonly DecodingSettings settings;
    readonly DevicePointer stopTokens;

    /// <param name="device">Where it draws.</param>
    /// <param name="transformer">Whose logits it reads.</param>
    /// <param name="session">Whose samples it draws for.</param>
    /// <param name="settings">How tokens are drawn.</param>
    public DeviceSampling(IKernelDevice device, CudaTransformer transformer, DeviceSession session, DecodingSettings settings)
    {
        this.device = device;
        this.transformer = transformer;
        this.session = session;
        this.settings = settings;
        stopTokens = session.PlaceStopTokens([.. settings.StopTokens, -1]);
    }

    /// <summary>Draws one token for each of <paramref name="count"/> samples.</summary>
    /// <param name="slots">int32 [count]: the samples' slots, -1 for none.</param>
    /// <param name="logitRows">int32 [count]: the rows of logits that they draw from. A null pointer means row i for draw i.</param>
    /// <param name="count">Draws.</param>
    public void Draw(DevicePointer slots, DevicePointer logitRows, int count) =>
        SamplingCuda.Draw(device, Parameters(slots, logitRows, count));

    /// <summary>What <see cref="Draw"/> hands the kernel.</summary>
    public SamplingParameters Parameters(DevicePointer slots, DevicePointer logitRows, int count) => new()
    {
        Logits = transformer.Logits,
        LogitRows = logitRows,
        Slots = slots,
        State = session.State,
        StopTokens = stopTokens,
        StopTokenCount = settings.StopTokens.Count,
        Errors = transformer.Errors,
        Parts = session.SamplingParts,
        Seed = settings.Seed,
        Temperature = settings.Temperature,
        TopK = settings.TopK,
        TopP = settings.TopP,
        MinP = settings.MinP,
        Vocabulary = transformer.Config.Vocabulary,
        Count = count,
    };
}
