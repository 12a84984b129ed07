using Harness.Kernels.Training;
using Harness.Manifests;

namespace Harness.Training;

/// <summary>
/// The steps that models of several budgets share, as one constant run from which each branches off into its own fall (WSD; Hu et al. 2024,
/// MiniCPM, arXiv 2404.06395): they are computed once, and each model has the bytes that it would have alone.
/// </summary>
/// <param name="folder">Where its state is kept.</param>
/// <param name="run">Names all that the shared steps depend on.</param>
public sealed class SharedTrunk(string folder, string run)
{
    readonly KeptTraining kept = new(folder, run);

    /// <summary>What a model may begin from: the farthest state that its schedule shares; null where there is none.</summary>
    internal KeptTraining.Counts? Begin(CpuTrainer trainer, TrainManifest train) => kept.Resume(trainer, train.StepsBeforeFall);

    /// <summary>Keeps the state of a model at the last step before its fall, for the next larger budget.</summary>
    internal void Leave(CpuTrainer trainer, KeptTraining.Counts counts) => kept.Save(trainer, counts);
}
