using Harness.Diagnostics;
using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;
using Harness.Tasks;
using Harness.Training;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>
/// Has the manifest's Model answer what reward models learn from, and labels its answers. Samples are kept as they end, so that a run that
/// is killed goes on.
/// </summary>
/// <param name="folder">Where they are kept.</param>
sealed class AnswerLabelling(ResolvedExperiment experiment, RunConsole console, string folder) : IDisposable
{
    /// <summary>Problems to learn from for one to validate on.</summary>
    const int ValidationShare = 8;

    readonly Manifest manifest = experiment.Manifest;
    readonly IEngineModel model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
    IModelGenerator? generator;

    /// <summary>Labels all data that models learn to judge, and hands it to them.</summary>
    /// <exception cref="HarnessException">
    /// A prompt does not fit; the Model has another vocabulary; all answers are of one label.
    /// </exception>
    public IReadOnlyList<LabelRow> Run(CancellationToken cancellation)
    {
        List<LabelRow> rows = [];
        foreach (IGrouping<string, LabelledExamples> data in
            experiment.LearnedFrom.SelectMany(learned => learned.Labelled).GroupBy(each => each.Data.Name))
        {
            foreach (ProblemSplit split in new[] { ProblemSplit.Train, ProblemSplit.Validation })
            {
                IReadOnlyList<LabelledAnswer> answers = Label(data.First(), split, rows, cancellation);
                foreach (LabelledExamples source in data)
                    source.Fill(split, answers);
            }
        }
        return rows;
    }

    public void Dispose()
    {
        generator?.Dispose();
        model.Dispose();
    }

    /// <summary>The pool of a split of labelled data.</summary>
    public static PoolManifest PoolOf(DataManifest data, ProblemSplit split)
    {
        PoolManifest pool = data.Labelling!.Pool;
        int problems = split == ProblemSplit.Train ? pool.Problems : Math.Max(pool.Difficulties.Count, pool.Problems / ValidationShare);
        string name = split.ToString().ToLowerInvariant();
        return pool with
        {
            Name = $"{data.Name}-{name}",
            Problems = problems,
            TaskOptions = new Dictionary<string, string>(pool.TaskOptions) { ["Split"] = name },
        };
    }

    LabelledAnswer[] Label(LabelledExamples source, ProblemSplit split, List<LabelRow> rows, CancellationToken cancellation)
    {
        DataManifest data = source.Data;
        PlannedPool pool = data.Place.Of(() => Plan(source, split), $"data '{data.Name}': ");
        IReadOnlyList<LoggedGeneration> samples = Draw(pool, cancellation);
        JudgedAnswer[] judged = [.. samples.Select(sample => new JudgedAnswer(
            pool.Prompts[sample.Generation.Problem], sample.Generation,
            pool.Judge(pool.Prompts[sample.Generation.Problem], sample.Generation, sample.Text).Correct))];
        StepLabels? steps = data.Labelling!.Kind == RewardKind.Steps
            ? new StepLabels(pool, data.Labelling, judged, source.StepEnd, model.ContextLength) : null;
        if (steps is { Completions: { } completions })
            steps.Add(Draw(completions, cancellation));
        LabelledAnswer[] answers = [.. judged.Select(answer => steps?.Of(answer) ?? OfOutcome(answer))];
        rows.AddRange(judged.Zip(answers).GroupBy(pair => pair.First.Prompt.Problem.Difficulty).OrderBy(group => group.Key)
            .Select(group => RowOf(data, split, group.Key, [.. group], steps)));
        return answers;
    }

    PlannedPool Plan(LabelledExamples source, ProblemSplit split)
    {
        PoolManifest pool = PoolOf(source.Data, split);
        ITask task = pool.Task.Create(new TaskSettings
        {
            Seed = manifest.Seed,
            Difficulties = pool.Difficulties,
            Problems = pool.Problems,
            Options = pool.TaskOptions,
        });
        PlannedPool planned = PlannedPool.Create(pool, task, source.Prompt, model, manifest.Seed, maxTokens =>
            ExperimentKey.OfLabelledSamples(manifest, pool, source.Prompt.ContentHash, experiment.Inputs.Model, maxTokens));
        PlannedPrompt first = planned.Prompts[0];
        if (!first.Tokens.SequenceEqual(GeneratedWords.Vocabulary.Tokenizer.EncodePrompt(first.Text)))
            throw Codes.TrainingUnable.With($"Model '{experiment.Model.Name}' has another vocabulary than the models that are trained: "
                + "they could not read its answers");
        return planned;
    }

    IReadOnlyList<LoggedGeneration> Draw(PlannedPool pool, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        using GenerationLog log = GenerationLog.Open(Path.Combine(folder, $".labels-{pool.LogName}"), pool.Key);
        RunProgress progress = new([(pool, log.Recovered)]);
        using IDisposable _ = console.Follow(() =>
        {
            ProgressText text = progress.Line().ToText();
            return text with { Text = $"labels: {text.Text}" };
        });
        return PoolGeneration.Complete(pool, log, () => generator ??= model.CreateGenerator(manifest.Precision, manifest.Placement),
            progress.Add, cancellation);
    }

    /// <summary>Every token of the answer is judged by how it ends (Cobbe et al. 2021, section 4.2).</summary>
    static LabelledAnswer OfOutcome(JudgedAnswer answer) => new(
        answer.Prompt.Tokens, answer.Generation.Tokens, answer.Prompt.Problem.Question,
        [.. Enumerable.Range(0, answer.Generation.Tokens.Length)],
        [.. Enumerable.Repeat(answer.IsRight ? 1.0 : 0, answer.Generation.Tokens.Length)]);

    LabelRow RowOf(
        DataManifest data, ProblemSplit split, int difficulty, (JudgedAnswer Judged, LabelledAnswer Labelled)[] answers, StepLabels? steps)
    {
        double[] goodness = [.. answers.SelectMany(answer => answer.Labelled.Goodness)];
        AnswerCost cost = AnswerCost.Of([.. answers.Select(answer => answer.Judged)], model.Shape!)
            + (steps?.CostOf(difficulty, model.Shape!) ?? default);
        return new LabelRow
        {
            Data = data.Name,
            Split = split.ToString().ToLowerInvariant(),
            Difficulty = difficulty,
            Problems = answers.Select(answer => answer.Judged.Prompt.Problem.Index).Distinct().Count(),
            Samples = answers.Length,
            Correct = answers.Count(answer => answer.Judged.IsRight),
            Places = goodness.Length,
            Good = goodness.Average(),
            Completions = steps?.CompletionsOf(difficulty) ?? 0,
            Tokens = cost.Tokens,
            Flops = cost.Flops,
        };
    }
}
