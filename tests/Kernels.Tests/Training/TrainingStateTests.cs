using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Training;

public class TrainingStateTests
{
    const string Run = "sum, seed 1";

    [Test]
    public void A_resumed_run_ends_with_the_bytes_of_an_uninterrupted_one()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "state.safetensors");
        using CpuTrainer whole = Create();
        Advance(whole, 4);
        using (CpuTrainer first = Create())
        {
            Advance(first, 2);
            first.Save(path, Run);
            Advance(first, 1);
        }
        using CpuTrainer second = Create(seed: 99);
        second.Resume(path, Run);
        Assert.That(second.Steps, Is.EqualTo(2));
        Advance(second, 2);
        Assert.That(second.WeightsHash(), Is.EqualTo(whole.WeightsHash()));
        string again = Path.Combine(folder.Path, "again.safetensors"), other = Path.Combine(folder.Path, "other.safetensors");
        whole.Save(again, Run);
        second.Save(other, Run);
        Assert.That(File.ReadAllBytes(other), Is.EqualTo(File.ReadAllBytes(again)), "moments too");
    }

    [Test]
    public void A_write_that_was_cut_off_leaves_the_state_before_it()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "state.safetensors");
        using CpuTrainer trainer = Create();
        Advance(trainer, 1);
        trainer.Save(path, Run);
        string hash = trainer.WeightsHash();
        File.WriteAllBytes(path + ".partial", File.ReadAllBytes(path)[..1000]);
        using CpuTrainer resumed = Create();
        resumed.Resume(path, Run);
        Assert.That(resumed.WeightsHash(), Is.EqualTo(hash));
        Advance(resumed, 1);
        resumed.Save(path, Run);
        Assert.That(File.Exists(path + ".partial"), Is.False);
    }

    [Test]
    public void A_state_that_is_absent_damaged_or_another_runs_is_refused_and_changes_nothing()
    {
        using var folder = new ScratchFolder();
        string path = Path.Combine(folder.Path, "state.safetensors");
        using CpuTrainer trainer = Create();
        string before = trainer.WeightsHash();
        AssertRefused(trainer, path, KernelCodes.TrainingState, Run);
        Advance(trainer, 1);
        trainer.Save(path, Run);
        using CpuTrainer resumed = Create();
        AssertRefused(resumed, path, KernelCodes.TrainingState, "sum, seed 2");
        using CpuTrainer wider = CpuTrainer.Create(
            TrainingShapes.Untied, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Threads = 1 });
        AssertRefused(wider, path, KernelCodes.TrainingState, Run);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^4]);
        AssertRefused(resumed, path, KernelCodes.ModelCorrupt, Run);
        bytes[^5] ^= 1;
        File.WriteAllBytes(path, bytes);
        AssertRefused(resumed, path, KernelCodes.TrainingState, Run);
        Assert.That(resumed.WeightsHash(), Is.EqualTo(before));
        Assert.That(resumed.Steps, Is.Zero);
    }

    [Test]
    public void A_folder_that_is_absent_is_named()
    {
        using CpuTrainer trainer = Create();
        HarnessException error = Assert.Throws<HarnessException>(() => trainer.Save("/nowhere/at/all/state.safetensors", Run))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ModelNotWritten));
    }

    static void AssertRefused(CpuTrainer trainer, string path, Diagnostic code, string run)
    {
        HarnessException error = Assert.Throws<HarnessException>(() => trainer.Resume(path, run))!;
        Assert.That(error.Diagnostic, Is.EqualTo(code));
    }

    static CpuTrainer Create(ulong seed = 1) => CpuTrainer.Create(
        TrainingShapes.Grouped, new InitialWeights(seed), TrainingShapes.Settings, new TrainingPlacement { Threads = 2 });

    static void Advance(CpuTrainer trainer, int steps)
    {
        for (int i = 0; i < steps; i++)
            trainer.Step(TrainingShapes.Batch(trainer.Config, seed: (int)trainer.Steps + 1, sequences: 10, longest: 20), 1e-3);
    }
}
