using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;
using Harness.Registry;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Training;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>Has the manifest's Model answer what is evaluated, and the reward models that were just trained judge its answers.</summary>
/// <param name="folder">Of the trainings, where samples are kept too.</param>
sealed class ModelJudging(ResolvedExperiment experiment, RunConsole console, string folder) : IDisposable
{
    readonly Manifest manifest = experiment.Manifest;
    readonly IEngineModel model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
    IModelGenerator? generator;

    /// <exception cref="HarnessException">A prompt does not fit.</exception>
    public SampleFiles Run(CancellationToken cancellation)
    {
        List<SampleRow> samples = [];
        List<ProblemRow> problems = [];
        List<RewardRow> rewards = [];
        foreach (EvaluationManifest evaluation in manifest.Judged.OrderBy(each => each.Name, StringComparer.Ordinal))
        {
            PlannedPool pool = evaluation.Place.Of(() => Plan(evaluation), $"evaluation '{evaluation.Name}': ");
            IReadOnlyList<LoggedGeneration> answers = Draw(pool, cancellation);
            samples.AddRange(answers.Select(answer => PoolGeneration.Row(pool, answer)));
            problems.AddRange(PoolGeneration.Problems(pool));
            RewardRow[] judged =
            [
                .. answers.SelectMany(answer => PoolGeneration.Rewards(pool, answer)),
                .. evaluation.Models.SelectMany(name => Judge(pool, answers, name)),
            ];
            rewards.AddRange(judged.OrderBy(row => row.Problem).ThenBy(row => row.Sample)
                .ThenBy(row => row.Verifier, StringComparer.Ordinal));
        }
        return new SampleFiles(samples, problems, rewards);
    }

    public void Dispose()
    {
        generator?.Dispose();
        model.Dispose();
    }

    PlannedPool Plan(EvaluationManifest evaluation)
    {
        (PromptTemplate prompt, ITask task) = experiment.Evaluations[evaluation.Name];
        PlannedPool pool = PlannedPool.Create(evaluation.Pool, task, prompt, model, manifest.Seed, maxTokens =>
            ExperimentKey.OfLabelledSamples(manifest, evaluation.Pool, prompt.ContentHash, experiment.Inputs.Model, maxTokens));
        return task is IChecksSteps ? pool with { Verifiers = [VerifierRegistry.StepChecker] } : pool;
    }

    IReadOnlyList<LoggedGeneration> Draw(PlannedPool pool, CancellationToken cancellation)
    {
        using GenerationLog log = GenerationLog.Open(Path.Combine(folder, $".judged-{pool.LogName}"), pool.Key);
        RunProgress progress = new([(pool, log.Recovered)]);
        using IDisposable _ = console.Follow(() => progress.Line().ToText());
        return PoolGeneration.Complete(pool, log, () => generator ??= model.CreateGenerator(manifest.Precision, manifest.Placement),
            progress.Add, cancellation);
    }

    RewardRow[] Judge(PlannedPool pool, IReadOnlyList<LoggedGeneration> answers, string name)
    {
        TrainManifest train = manifest.Trains.First(each => each.Name == name);
        string place = ModelTraining.FolderOf(Path.Combine(folder, name), train);
        using IEngineModel judge = manifest.Engine.Open(place);
        using RewardReader reader = new(judge, place, manifest.Placement);
        return PoolRewards.Of(pool, answers, name, reader);
    }
}
