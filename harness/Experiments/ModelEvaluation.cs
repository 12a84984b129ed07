using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
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

    /// <summary>Of an evaluation of a model, tokens of its prompts and the most of a sample; asked before the model is there.</summary>
    /// <exception cref="HarnessException">A prompt has a word that models don't know, or does not fit their context.</exception>
    public static (int[] Prompts, int MaxTokens) Lengths(ResolvedExperiment experiment, EvaluationManifest evaluation, TrainManifest train)
    {
        (PromptTemplate prompt, ITask task) = experiment.Evaluations[evaluation.Name];
        return evaluation.Place.Of(() => PlannedPool.Lengths(
            evaluation.Pool, task, prompt, GeneratedWords.Vocabulary.Tokenizer.EncodePrompt, train.Shape.ContextLength),
            $"evaluation '{evaluation.Name}' of model '{train.Name}': ");
    }

    /// <summary>Says what can't be asked before anything is trained.</summary>
    /// <exception cref="HarnessException">As of <see cref="Lengths"/>.</exception>
    public static void Require(ResolvedExperiment experiment)
    {
        foreach (EvaluationManifest evaluation in experiment.Manifest.Answered)
        {
            foreach (TrainManifest train in experiment.Manifest.Trains.Where(train => evaluation.Models.Contains(train.Name))
                .DistinctBy(train => train.Shape.ContextLength))
                Lengths(experiment, evaluation, train);
        }
    }

    /// <summary>A row for each evaluation and problem, in the manifest's order.</summary>
    /// <exception cref="OperationCanceledException">What is finished is kept.</exception>
    public IReadOnlyList<EvaluationRow> Run(TrainManifest train, CancellationToken cancellation)
    {
        (EvaluationManifest Evaluation, int Loops)[] asked =
        [
            .. manifest.Answered.Where(evaluation => evaluation.Models.Contains(train.Name))
                .SelectMany(evaluation => evaluation.LoopsOf(train).Select(loops => (evaluation, loops))),
        ];
        // A model is opened once for all that it is asked at as many passes.
        Dictionary<(EvaluationManifest, int), EvaluationRow[]> rows = [];
        foreach (IGrouping<int, (EvaluationManifest Evaluation, int Loops)> same in asked.GroupBy(each => each.Loops))
        {
            using IEngineModel model =
                manifest.Engine.Open(ModelTraining.FolderOf(folder, train, train.IsLooped ? same.Key : null));
            IModelGenerator? loaded = null;
            try
            {
                foreach ((EvaluationManifest evaluation, int loops) in same)
                {
                    rows[(evaluation, loops)] = Run(evaluation, train, loops, model,
                        () => loaded ??= model.CreateGenerator(Precision.F32, manifest.Placement), cancellation);
                }
            }
            finally
            {
                loaded?.Dispose();
            }
        }
        return [.. asked.SelectMany(each => rows[each])];
    }

    EvaluationRow[] Run(
        EvaluationManifest evaluation, TrainManifest train, int loops, IEngineModel model, Func<IGenerator> generator,
        CancellationToken cancellation)
    {
        (PromptTemplate prompt, ITask task) = experiment.Evaluations[evaluation.Name];
        string key = ExperimentKey.OfTraining(train with { IsCommitted = true }, experiment.Inputs),
            passes = train.IsLooped ? $" at {loops} passes" : "";
        PlannedPool pool = evaluation.Place.Of(() => PlannedPool.Create(evaluation.Pool, task, prompt, model, manifest.Seed,
            maxTokens => ExperimentKey.OfAnswers(
                manifest, evaluation with { Loops = train.IsLooped ? [loops] : [] }, prompt.ContentHash, key, maxTokens)),
            $"evaluation '{evaluation.Name}' of model '{train.Name}': ");
        using GenerationLog log =
            GenerationLog.Open(Path.Combine(folder, train.IsLooped ? $".loops-{loops}-{pool.LogName}" : $".{pool.LogName}"), pool.Key);
        RunProgress progress = new([(pool, log.Recovered)]);
        using IDisposable _ = console.Follow(() =>
        {
            ProgressText text = progress.Line().ToText();
            return text with { Text = $"{train.Name}{passes}: {text.Text}" };
        });
        return
        [
            .. PoolGeneration.Complete(pool, log, generator, progress.Add, cancellation)
                .GroupBy(sample => sample.Generation.Problem).OrderBy(samples => samples.Key)
                .Select(samples => RowOf(evaluation, train, loops, pool, samples.Key, [.. samples])),
        ];
    }

    static EvaluationRow RowOf(
        EvaluationManifest evaluation, TrainManifest train, int loops, PlannedPool pool, int problem, LoggedGeneration[] samples)
    {
        PlannedPrompt prompt = pool.Prompts[problem];
        return new EvaluationRow
        {
            Model = train.Name,
            Evaluation = evaluation.Name,
            Loops = loops,
            Problem = problem,
            Difficulty = prompt.Problem.Difficulty,
            Samples = samples.Length,
            Correct = samples.Count(sample => pool.Judge(prompt, sample.Generation, sample.Text).Correct),
            CutOff = samples.Count(sample => sample.Generation.Finish == FinishReason.Length),
            PromptTokens = prompt.Tokens.Length,
            Tokens = samples.Sum(sample => (long)sample.Generation.Tokens.Length),
            Flops = samples.Sum(sample =>
                (double)ModelFlops.Generation(train.ShapeOf(loops), prompt.Tokens.Length, sample.Generation.Tokens.Length)),
        };
    }
}
