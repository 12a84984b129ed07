using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Training;

namespace Harness.Experiments;

/// <summary>What the training of one model takes: its batches are drawn for it, and its first steps tried.</summary>
/// <param name="Tokens">Without padding.</param>
/// <param name="PaddedTokens">With padding.</param>
/// <param name="LossTokens">Those that count in the loss.</param>
/// <param name="Flops">Logical, forward and backward.</param>
/// <param name="Seconds">At the speed of this machine now; of steps that models share, those of the smallest budget have them.</param>
/// <param name="MemoryBytes">Weights, moments, gradients and activations.</param>
public sealed record PlannedTraining(
    TrainManifest Model, long Tokens, long PaddedTokens, long LossTokens, TrainingFlops Flops, double Seconds, double MemoryBytes);

/// <summary>What an experiment that makes models would do.</summary>
public sealed record TrainingPlan(IReadOnlyList<PlannedTraining> Models)
{
    /// <summary>Steps that are tried to learn their speed; one more before them is not timed.</summary>
    const int TriedSteps = 3;

    public double Flops => Models.Sum(model => (double)model.Flops.Total);

    public double Seconds => Models.Sum(model => model.Seconds);

    /// <exception cref="HarnessException">
    /// A batch holds no sequence, a sequence is too long, or a model does not fit the memory.
    /// </exception>
    public static TrainingPlan Create(ResolvedExperiment experiment, CancellationToken cancellation, TimeProvider? clock = null)
    {
        PlannedTraining[] models = [.. experiment.Manifest.Trains.Zip(experiment.LearnedFrom,
            (train, data) => Plan(train, data, experiment.Manifest, clock ?? TimeProvider.System, cancellation))];
        foreach (IGrouping<string, int> trunk in Enumerable.Range(0, models.Length)
            .GroupBy(place => ExperimentKey.OfTrunk(models[place].Model, experiment.Inputs)))
        {
            long shared = 0;
            foreach (int place in trunk.OrderBy(place => models[place].Model.Steps))
            {
                TrainManifest model = models[place].Model;
                models[place] = models[place] with { Seconds = models[place].Seconds * (model.Steps - shared) / model.Steps };
                shared = model.StepsBeforeFall;
            }
        }
        return new TrainingPlan(models);
    }

    static PlannedTraining Plan(
        TrainManifest train, TrainingData data, Manifest manifest, TimeProvider clock, CancellationToken cancellation)
    {
        BatchDrawer drawer = new(train, data, validation: false);
        (long tokens, long padded, long counted, TrainingFlops flops) = (0, 0, 0, default);
        TrainingBatch? largest = null;
        for (long step = 1; step <= train.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            TrainingBatch batch = drawer.Draw(step).Batch;
            (tokens, padded, counted) = (tokens + batch.Tokens, padded + batch.PaddedTokens, counted + batch.LossTokens);
            flops += batch.Flops(train.Shape);
            if (largest is null || batch.PaddedTokens > largest.PaddedTokens)
                largest = batch;
        }
        TrainingPlacement placement = ModelTraining.PlacementOf(manifest.Placement);
        return new PlannedTraining(
            train, tokens, padded, counted, flops, padded * SecondsPerToken(train, largest!, placement, clock),
            (double)CpuTrainer.MemoryBytes(train.Shape, largest!, placement));
    }

    static double SecondsPerToken(TrainManifest train, TrainingBatch batch, TrainingPlacement placement, TimeProvider clock)
    {
        using CpuTrainer trainer = CpuTrainer.Create(train.Shape, new InitialWeights(train.Seed), train.Optimizer, placement);
        trainer.Step(batch, train.LearningRate / 100);
        long started = clock.GetTimestamp();
        for (int step = 0; step < TriedSteps; step++)
            trainer.Step(batch, train.LearningRate / 100);
        return clock.GetElapsedTime(started).TotalSeconds / (TriedSteps * batch.PaddedTokens);
    }
}
