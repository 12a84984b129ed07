using Harness.Kernels;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Training;
using Harness.Kernels.Training.Device;
using Kernels.Tests.Checkpoints;
using PtxInterpreter;

namespace Kernels.Tests.Training;

/// <summary>
/// The trainer on a device, here an interpreter of the kernels, beside the CPU's; that whole trainings have the same bytes is a case of
/// the kernels (<see cref="TrainingCases"/>).
/// </summary>
public class CudaTrainerTests
{
    const string Run = "sum, seed 1";
    static readonly ModelConfig Model = TrainingCases.Tied with { Layers = 1, Width = 12 };
    static readonly ModelConfig Mixture = TrainingCases.Mixture with { Layers = 1, Width = 12 };
    static readonly TrainingPlacement Small = new() { Threads = 1, MicroBatchTokens = 1 };

    [Test]
    public void A_run_that_is_killed_on_one_device_goes_on_to_the_same_bytes_on_the_other([Values] bool beginsOnCpu, [Values] bool mixture)
    {
        ModelConfig model = mixture ? Mixture : Model;
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "state.safetensors"), other = Path.Combine(folder.Path, "other.safetensors");
        using var device = new InterpretedDevice();
        using CpuTrainer whole = OnCpu(model);
        Advance(whole, 2);
        using (ITrainer first = beginsOnCpu ? OnCpu(model) : OnDevice(device, model, Small))
        {
            Advance(first, 1);
            first.Save(path, Run);
        }
        using ITrainer second = beginsOnCpu ? OnDevice(device, model, Small, seed: 99) : OnCpu(model, seed: 99);
        second.Resume(path, Run);
        Assert.That(second.Steps, Is.EqualTo(1));
        Advance(second, 1);
        Assert.That(second.WeightsHash(), Is.EqualTo(whole.WeightsHash()));
        whole.Save(path, Run);
        second.Save(other, Run);
        Assert.That(File.ReadAllBytes(other), Is.EqualTo(File.ReadAllBytes(path)), "moments too");
    }

    [Test]
    public void The_checkpoint_has_the_weights_of_the_last_step()
    {
        using var device = new InterpretedDevice();
        using ITrainer trainer = OnDevice(device, Model, Small), expected = OnCpu(Model);
        Assert.That(Down(trainer), Is.EqualTo(Down(expected)));
        Advance(trainer, 1);
        Advance(expected, 1);
        Assert.That(Down(trainer), Is.EqualTo(Down(expected)));

        static float[] Down(ITrainer trainer)
        {
            float[] values = new float[Model.Width * Model.FeedForward];
            trainer.Checkpoint.ReadRows("layers.0.down", 0, values);
            return values;
        }
    }

    [TestCase(false), TestCase(true)]
    public void Micro_batches_as_large_as_the_memory_holds_show_in_no_byte(bool mixture)
    {
        ModelConfig model = mixture ? Mixture : Model;
        TrainingBatch batch = TrainingCases.Batch(model, 1, 40, 20);
        using var interpreted = new InterpretedDevice();
        long least = (long)CudaTrainer.MemoryBytes(interpreted.Facts, model, batch, Small);
        long all = (long)CudaTrainer.MemoryBytes(interpreted.Facts, model, batch, new());
        Assert.That(all, Is.GreaterThan(least));
        string[] hashes = [.. new[] { least, all }.Select(bytes =>
        {
            using var device = new InterpretedDevice();
            using CudaTrainer trainer = OnDevice(device, model, new TrainingPlacement { MemoryBytes = bytes });
            trainer.Step(batch, 1e-2);
            return trainer.WeightsHash();
        })];
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
        using CudaTrainer tight = OnDevice(interpreted, model, new TrainingPlacement { MemoryBytes = least - 1 });
        AssertFails(KernelCodes.MemoryBudget, () => tight.Step(batch, 1e-2));
        Assert.That(interpreted.Launches, Is.Empty, "nothing has run");
    }

    [TestCase(false), TestCase(true)]
    public void A_step_starts_kernels_of_exactly_the_modules_that_are_prepared(bool mixture)
    {
        using var device = new InterpretedDevice();
        using CudaTrainer trainer = OnDevice(device, mixture ? Mixture : Model, Small);
        Advance(trainer, 1);
        Assert.That(device.Prepared, Is.EquivalentTo(device.Launches.Select(launch => launch.Kernel.Module).Distinct()));
    }

    [Test]
    public void A_loss_that_is_not_a_number_stops_with_the_step_and_leaves_weights_and_moments()
    {
        using var folder = new ScratchFolder();
        string before = Path.Combine(folder.Path, "before.safetensors"), after = Path.Combine(folder.Path, "after.safetensors");
        using var checkpoint = new RandomCheckpoint(Model);
        checkpoint["layers.0.down"][3] = float.NaN;
        using var device = new InterpretedDevice();
        using CudaTrainer trainer = CudaTrainer.Create(device, checkpoint, TrainingShapes.Settings, Small);
        trainer.Save(before, Run);
        HarnessException error = AssertFails(KernelCodes.TrainingNotFinite, () => Advance(trainer, 1));
        Assert.That(error.Message, Does.Contain("step 1"));
        Assert.That(trainer.Steps, Is.Zero);
        trainer.Save(after, Run);
        Assert.That(File.ReadAllBytes(after), Is.EqualTo(File.ReadAllBytes(before)));
    }

    [Test]
    public void What_can_not_be_trained_is_refused_before_anything_runs()
    {
        using var device = new InterpretedDevice();
        AssertRefused(Model with { Heads = 3 }, KernelCodes.ModelCorrupt);
        AssertRefused(Model with { QkvBias = true }, KernelCodes.ArchitectureUnsupported);
        AssertRefused(
            Model with { Experts = new ExpertShape { Count = 4, Active = 2, Normalised = true, SharedFeedForward = 8 } },
            KernelCodes.ArchitectureUnsupported);
        AssertRefused(Model, KernelCodes.MemoryBudget, new TrainingPlacement { MemoryBytes = 10_000 });
        AssertRefused(Model, KernelCodes.BadPlacement, new TrainingPlacement { MicroBatchTokens = -1 });
        AssertFails(
            KernelCodes.BadPlacement,
            () => Trainers.Create(Model, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Device = "tpu" }));
        Assert.That(device.Launches, Is.Empty);

        void AssertRefused(ModelConfig config, Diagnostic code, TrainingPlacement? placement = null) => AssertFails(
            code, () => CudaTrainer.Create(device, config, new InitialWeights(1), TrainingShapes.Settings, placement ?? Small));
    }

    [Test]
    public void Without_a_GPU_a_training_on_one_says_so()
    {
        if (LanguageModels.Resolve("auto") == "cuda")
            Assert.Ignore("there is a GPU");
        HarnessException error = Assert.Throws<HarnessException>(() => Trainers.Create(
            Model, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Device = "cuda" }))!;
        Assert.That(error.Diagnostic.Number, Is.InRange(101, 111));
    }

    static CpuTrainer OnCpu(ModelConfig model, ulong seed = 1) => CpuTrainer.Create(
        model, new InitialWeights(seed), TrainingShapes.Settings, Small, balanceLoss: TrainingCases.BalanceLoss);

    static CudaTrainer OnDevice(IKernelDevice device, ModelConfig model, TrainingPlacement placement, ulong seed = 1) => CudaTrainer.Create(
        device, model, new InitialWeights(seed), TrainingShapes.Settings, placement, balanceLoss: TrainingCases.BalanceLoss);

    static void Advance(ITrainer trainer, int steps)
    {
        for (int i = 0; i < steps; i++)
            trainer.Step(TrainingCases.Batch(Model, seed: (int)trainer.Steps + 1, sequences: 9, longest: 20), 1e-3);
    }

    static HarnessException AssertFails(Diagnostic code, Action act)
    {
        HarnessException error = Assert.Throws<HarnessException>(() => act())!;
        Assert.That(error.Diagnostic, Is.EqualTo(code));
        return error;
    }
}
