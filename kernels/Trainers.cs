using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Training;
using Harness.Kernels.Training.Device;

namespace Harness.Kernels;

/// <summary>Trainers on the device that their placement names; which one it is shows in no byte.</summary>
public static class Trainers
{
    /// <summary>A new model.</summary>
    /// <param name="config">Its shape.</param>
    /// <param name="initial">Its weights before the first step.</param>
    /// <param name="settings">Of the optimizer.</param>
    /// <param name="placement">Where it is trained.</param>
    /// <param name="loops">The most times that its layers are passed.</param>
    /// <param name="balanceLoss">Of a mixture of experts: the coefficient of the loss that balances them.</param>
    /// <exception cref="HarnessException">
    /// The model can't be trained, the placement is not this machine's, or the memory is too small.
    /// </exception>
    public static ITrainer Create(
        ModelConfig config, InitialWeights initial, AdamWSettings settings, TrainingPlacement placement, int loops = 1,
        double balanceLoss = 0) =>
        IsOnGpu(placement, out string device)
            ? CudaTrainer.Create(CudaDevice.Open(device), config, initial, settings, placement, loops, balanceLoss, ownsDevice: true)
            : CpuTrainer.Create(config, initial, settings, placement, loops, balanceLoss);

    /// <summary>Goes on from a model's weights, with layers on top of its own or none, without moments, at step 0.</summary>
    /// <param name="checkpoint">The model; the caller's.</param>
    /// <param name="added">Layers on top.</param>
    /// <param name="settings">Of the optimizer.</param>
    /// <param name="placement">Where it is trained.</param>
    /// <param name="loops">The most times that its layers are passed.</param>
    /// <param name="balanceLoss">Of a mixture of experts: the coefficient of the loss that balances them.</param>
    /// <exception cref="HarnessException">As of a new model.</exception>
    public static ITrainer Create(
        Checkpoint checkpoint, AddedLayers added, AdamWSettings settings, TrainingPlacement placement, int loops = 1,
        double balanceLoss = 0) =>
        IsOnGpu(placement, out string device)
            ? CudaTrainer.Create(CudaDevice.Open(device), checkpoint, added, settings, placement, loops, balanceLoss, ownsDevice: true)
            : CpuTrainer.Create(checkpoint, added, settings, placement, loops, balanceLoss);

    /// <summary>Bytes that a training takes of the memory of its device.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batch">The largest batch.</param>
    /// <param name="placement">Where it is trained.</param>
    /// <param name="loops">The most times that its layers are passed.</param>
    public static Int128 MemoryBytes(ModelConfig config, TrainingBatch batch, TrainingPlacement placement, int loops = 1) =>
        IsOnGpu(placement, out string device)
            ? CudaTrainer.MemoryBytes(CudaDevices.Find(device).Facts, config, batch, placement, loops)
            : CpuTrainer.MemoryBytes(config, batch, placement, loops);

    static bool IsOnGpu(TrainingPlacement placement, out string device)
    {
        device = LanguageModels.Resolve(placement.Device);
        return CudaDevices.Names(device) || (device == "cpu"
            ? false
            : throw KernelCodes.BadPlacement.With($"there is no device '{device}': Device is auto, cpu, cuda, or cuda:N for GPU number N"));
    }
}
