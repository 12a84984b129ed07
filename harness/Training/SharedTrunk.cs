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

    /// <summary>Of each model the steps that one of the next smaller budget has made for it, in their order.</summary>
    /// <param name="trunkOf">Equal for models that share their steps up to the fall of the shorter one.</param>
    public static IReadOnlyList<long> Steps(IReadOnlyList<TrainManifest> trains, Func<TrainManifest, string> trunkOf)
    {
        long[] shared = new long[trains.Count];
        foreach (IGrouping<string, int> trunk in Enumerable.Range(0, trains.Count).GroupBy(place => trunkOf(trains[place])))
        {
            int[] order = [.. trunk.OrderBy(place => trains[place].Steps)];
            foreach ((int shorter, int longer) in order.Zip(order.Skip(1)))
                shared[longer] = trains[shorter].StepsBeforeFall;
        }
        return shared;
    }

    /// <summary>What a model may begin from: the farthest state that its schedule shares; null where there is none.</summary>
    internal KeptTraining.Counts? Begin(ITrainer trainer, TrainManifest train) => kept.Resume(trainer, train.StepsBeforeFall);

    /// <summary>Keeps the state of a model at the last step before its fall, for the next larger budget.</summary>
    internal void Leave(ITrainer trainer, KeptTraining.Counts counts) => kept.Save(trainer, counts);
}
