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
/// <param name="ComputedFlops">Those of steps that no model of a smaller budget shares.</param>
/// <param name="Seconds">At the speed of this machine now, of the same steps.</param>
/// <param name="MemoryBytes">Weights, moments, gradients and activations.</param>
public sealed record PlannedTraining(
    TrainManifest Model, long Tokens, long PaddedTokens, long LossTokens, TrainingFlops Flops, long ComputedFlops, double Seconds,
    double MemoryBytes);

/// <summary>What models would be asked.</summary>
/// <param name="Samples">Of all models.</param>
/// <param name="MostTokens">If no sample ends early.</param>
/// <param name="MostFlops">Logical operations of those and their prompts.</param>
public sealed record PlannedEvaluations(long Samples, long MostTokens, double MostFlops);

/// <summary>What an experiment that makes models would do.</summary>
/// <param name="Evaluations">All together.</param>
public sealed record TrainingPlan(IReadOnlyList<PlannedTraining> Models, PlannedEvaluations Evaluations)
{
    /// <summary>Steps that are tried to learn their speed; one more before them is not timed.</summary>
    const int TriedSteps = 3;

    public double Flops => Models.Sum(model => (double)model.Flops.Total);

    /// <summary>With steps that models share counted once.</summary>
    public double ComputedFlops => Models.Sum(model => (double)model.ComputedFlops);

    public double Seconds => Models.Sum(model => model.Seconds);

    /// <exception cref="HarnessException">
    /// A batch holds no sequence, a sequence is too long, or a model does not fit the memory.
    /// </exception>
    public static TrainingPlan Create(ResolvedExperiment experiment, CancellationToken cancellation, TimeProvider? clock = null)
    {
        IReadOnlyList<TrainManifest> trains = experiment.Manifest.Trains;
        IReadOnlyList<long> shared = SharedTrunk.Steps(trains, train => ExperimentKey.OfTrunk(train, experiment.Inputs));
        return new TrainingPlan([.. trains.Select((train, place) => Plan(
            train, shared[place], experiment.LearnedFrom[place], experiment.Manifest, clock ?? TimeProvider.System, cancellation))],
            Plan(experiment));
    }

    static PlannedEvaluations Plan(ResolvedExperiment experiment)
    {
        (long samples, long tokens, double flops) = (0, 0, 0);
        foreach (EvaluationManifest evaluation in experiment.Manifest.Evaluations)
        {
            PoolManifest pool = evaluation.Pool;
            foreach ((TrainManifest train, int loops) in experiment.Manifest.Trains
                .Where(train => evaluation.Models.Contains(train.Name))
                .SelectMany(train => evaluation.LoopsOf(train).Select(loops => (train, loops))))
            {
                (int[] prompts, int most) = ModelEvaluation.Lengths(experiment, evaluation, train);
                samples += (long)prompts.Length * pool.Samples;
                tokens += (long)prompts.Length * pool.Samples * most;
                flops += prompts.Sum(prompt => ModelFlops.Prompt(train.ShapeOf(loops), prompt)
                    + (double)pool.Samples * ModelFlops.Generation(train.ShapeOf(loops), prompt, most));
            }
        }
        return new PlannedEvaluations(samples, tokens, flops);
    }

    static PlannedTraining Plan(
        TrainManifest train, long shared, TrainingData data, Manifest manifest, TimeProvider clock, CancellationToken cancellation)
    {
        BatchDrawer drawer = new(train, data, validation: false);
        (long tokens, long padded, long counted, TrainingFlops flops, long computed, long passed) = (0, 0, 0, default, 0, 0);
        TrainingBatch? largest = null;
        for (long step = 1; step <= train.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            TrainingBatch batch = drawer.Draw(step).Batch;
            (tokens, padded, counted) = (tokens + batch.Tokens, padded + batch.PaddedTokens, counted + batch.LossTokens);
            TrainingFlops own = batch.Flops(train.ShapeOf(train.LoopsOf(step)));
            flops += own;
            if (step > shared)
                (computed, passed) = (computed + own.Total, passed + batch.PaddedTokens);
            if (largest is null || batch.PaddedTokens > largest.PaddedTokens)
                largest = batch;
        }
        TrainingPlacement placement = ModelTraining.PlacementOf(manifest.Placement);
        return new PlannedTraining(
            train, tokens, padded, counted, flops, computed, passed * SecondsPerToken(train, largest!, placement, clock),
            (double)CpuTrainer.MemoryBytes(train.Shape, largest!, placement, train.Loops));
    }

    static double SecondsPerToken(TrainManifest train, TrainingBatch batch, TrainingPlacement placement, TimeProvider clock)
    {
        using CpuTrainer trainer = CpuTrainer.Create(
            train.Shape, new InitialWeights(train.Seed), train.Optimizer, placement, train.Loops, train.BalanceLoss);
        int loops = (train.Loops + 1) / 2;
        double share = (train.Loops + 1) / 2.0 / loops;
        trainer.Step(batch, train.LearningRate / 100, loops);
        long started = clock.GetTimestamp();
        for (int step = 0; step < TriedSteps; step++)
            trainer.Step(batch, train.LearningRate / 100, loops);
        return share * clock.GetElapsedTime(started).TotalSeconds / (TriedSteps * batch.PaddedTokens);
    }
}
