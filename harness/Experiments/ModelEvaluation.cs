using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Training;

namespace Harness.Experiments;

/// <summary>Asks a model that was just trained what the manifest's evaluations ask, in the float32 that it was trained in.</summary>
/// <param name="folder">Of its training, where its samples are kept too.</param>
sealed class ModelEvaluation(ResolvedExperiment experiment, RunConsole console, string folder)
{
    readonly Manifest manifest = experiment.Manifest;

    /// <summary>A row for each evaluation and problem, in the manifest's order.</summary>
    /// <exception cref="OperationCanceledException">What is finished is kept.</exception>
    public IReadOnlyList<EvaluationRow> Run(TrainManifest train, CancellationToken cancellation)
    {
        EvaluationManifest[] asked = [.. manifest.Evaluations.Where(evaluation => evaluation.Models.Contains(train.Name))];
        if (asked.Length == 0)
            return [];
        using IEngineModel model = manifest.Engine.Open(ModelTraining.FolderOf(folder, train));
        IModelGenerator? loaded = null;
        try
        {
            return [.. asked.SelectMany(evaluation => Run(evaluation, train, model,
                () => loaded ??= model.CreateGenerator(Precision.F32, manifest.Placement), cancellation))];
        }
        finally
        {
            loaded?.Dispose();
        }
    }

    EvaluationRow[] Run(
        EvaluationManifest evaluation, TrainManifest train, IEngineModel model, Func<IGenerator> generator, CancellationToken cancellation)
    {
        (PromptTemplate prompt, ITask task) = experiment.Evaluations[evaluation.Name];
        string key = ExperimentKey.OfTraining(train with { IsCommitted = true }, experiment.Inputs);
        PlannedPool pool = evaluation.Place.Of(() => PlannedPool.Create(evaluation.Pool, task, prompt, model, manifest.Seed,
            maxTokens => ExperimentKey.OfAnswers(manifest, evaluation, prompt.ContentHash, key, maxTokens)),
            $"evaluation '{evaluation.Name}' of model '{train.Name}': ");
        using GenerationLog log = GenerationLog.Open(Path.Combine(folder, pool.LogName), pool.Key);
        RunProgress progress = new([(pool, log.Recovered)]);
        using IDisposable _ = console.Follow(() =>
        {
            ProgressText text = progress.Line().ToText();
            return text with { Text = $"{train.Name}: {text.Text}" };
        });
        return
        [
            .. PoolGeneration.Complete(pool, log, generator, progress.Add, cancellation)
                .GroupBy(sample => sample.Generation.Problem).OrderBy(samples => samples.Key)
                .Select(samples => RowOf(evaluation, train, pool, samples.Key, [.. samples])),
        ];
    }

    static EvaluationRow RowOf(
        EvaluationManifest evaluation, TrainManifest train, PlannedPool pool, int problem, LoggedGeneration[] samples)
    {
        PlannedPrompt prompt = pool.Prompts[problem];
        return new EvaluationRow
        {
            Model = train.Name,
            Evaluation = evaluation.Name,
            Problem = problem,
            Difficulty = prompt.Problem.Difficulty,
            Samples = samples.Length,
            Correct = samples.Count(sample => pool.Judge(prompt, sample.Generation, sample.Text).Correct),
            CutOff = samples.Count(sample => sample.Generation.Finish == FinishReason.Length),
            PromptTokens = prompt.Tokens.Length,
            Tokens = samples.Sum(sample => (long)sample.Generation.Tokens.Length),
            Flops = samples.Sum(sample =>
                (double)ModelFlops.Generation(train.Shape, prompt.Tokens.Length, sample.Generation.Tokens.Length)),
        };
    }
}
