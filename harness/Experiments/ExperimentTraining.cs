using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Training;

namespace Harness.Experiments;

/// <summary>The models that an experiment makes: trained one after another, or read back from what is committed.</summary>
/// <param name="folder">Where states are kept; null: the experiment's artifacts.</param>
sealed class ExperimentTraining(ResolvedExperiment experiment, RunConsole console, string? folder = null)
{
    readonly Manifest manifest = experiment.Manifest;
    readonly ReusedModels reused = new(experiment);
    readonly string folder = folder ?? Path.Combine(experiment.Paths.Artifacts, "models");

    /// <summary>Forgets what earlier runs have kept.</summary>
    public void Forget()
    {
        if (Directory.Exists(folder))
            Storage.Writing(folder, () => Directory.Delete(folder, recursive: true));
    }

    /// <param name="cancellation">Keeps the state of the model in training.</param>
    /// <param name="stopAfter">As of <see cref="ModelTraining.Run"/>.</param>
    /// <param name="reuses">Whether models whose committed folders are what they would be made to are taken as they are.</param>
    /// <exception cref="HarnessException"><see cref="Codes.Cancelled"/>; as of <see cref="ModelTraining.Run"/>.</exception>
    public MadeModels Run(CancellationToken cancellation, int stopAfter = 0, bool reuses = false)
    {
        if (stopAfter == 0)
            ModelEvaluation.Require(experiment);
        TrainedModel?[] found = [.. manifest.Trains.Select(train => reuses ? reused.Find(train, folder) : null)];
        int[] missing = [.. Enumerable.Range(0, found.Length).Where(place => found[place] is null)];
        bool isLabelled = reuses && reused.HasLabels && missing.All(place => manifest.Trains[place].Judges is null);
        IReadOnlyList<LabelRow> labels = !manifest.LabelsAnswers ? [] : isLabelled ? CommittedLabels() : Label(cancellation);
        console.Line($"{manifest.Name}: {missing.Length} model{(missing.Length == 1 ? "" : "s")} to train"
            + (missing.Length == found.Length ? "" : $", {found.Length - missing.Length} as committed"));
        TrainedModel[] trained = new TrainedModel[found.Length];
        foreach (int place in Enumerable.Range(0, found.Length).Except(missing))
            trained[place] = Evaluated(found[place]!, manifest.Trains[place], cancellation);
        int done = 0;
        foreach (IGrouping<string, int> group in missing.GroupBy(TrunkOf))
        {
            SharedTrunk? trunk = group.Count() == 1 ? null : new SharedTrunk(Path.Combine(folder, $"trunk-{group.Key[..12]}"), group.Key);
            foreach (int place in group.OrderBy(place => manifest.Trains[place].Steps))
                trained[place] = Train(place, trunk, new TrainingProgress(++done, place, manifest.Trains), stopAfter, cancellation);
        }
        return new MadeModels(trained, labels, stopAfter > 0 || manifest.Judged.Count == 0 ? SampleFiles.None : Judge(cancellation));
    }

    IReadOnlyList<LabelRow> Label(CancellationToken cancellation)
    {
        using AnswerLabelling labelling = new(experiment, console, folder);
        return Interruptible("answers to learn from", () => labelling.Run(cancellation), cancellation);
    }

    SampleFiles Judge(CancellationToken cancellation)
    {
        using ModelJudging judging = new(experiment, console, folder);
        return Interruptible("answers to judge", () => judging.Run(cancellation), cancellation);
    }

    T Interruptible<T>(string drawing, Func<T> act, CancellationToken cancellation)
    {
        try
        {
            return act();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Codes.Cancelled.With($"{manifest.Name} was interrupted while it drew {drawing}; those that ended are kept: run the same "
                + "command again to go on");
        }
    }

    string TrunkOf(int place) => ExperimentKey.OfTrunk(manifest.Trains[place], experiment.Inputs);

    TrainedModel Train(int place, SharedTrunk? trunk, TrainingProgress progress, int stopAfter, CancellationToken cancellation)
    {
        TrainManifest train = manifest.Trains[place];
        ModelTraining training = new(
            train, experiment.LearnedFrom[place], manifest.Placement, Path.Combine(folder, train.Name),
            // Where the model's folder lies is no matter of its bytes.
            ExperimentKey.OfTraining(train with { IsCommitted = true }, experiment.Inputs), trunk,
            train.From is { } from ? experiment.PlaceOf(from) : null,
            !train.IsLooped ? [] : [.. manifest.Answered.Where(evaluation => evaluation.Models.Contains(train.Name))
                .SelectMany(evaluation => evaluation.LoopsOf(train)).Distinct()]);
        try
        {
            TrainedModel trained;
            using (console.Follow(progress.Line))
                trained = training.Run(stopAfter, progress.Report, cancellation);
            return stopAfter > 0 ? trained : Evaluated(trained, train, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Codes.Cancelled.With(stopAfter > 0 ? $"verifying {manifest.Name} was interrupted"
                : $"{manifest.Name} was interrupted; {progress.Steps} steps of model '{train.Name}' are kept: "
                    + "run the same command again to go on");
        }
    }

    TrainedModel Evaluated(TrainedModel model, TrainManifest train, CancellationToken cancellation) =>
        manifest.Answered.Count == 0 ? model : model with
        {
            Evaluations = new ModelEvaluation(experiment, console, Path.Combine(folder, train.Name)).Run(train, cancellation),
        };

    IReadOnlyList<LabelRow> CommittedLabels() =>
        LabelTable.Csv.Read(Path.Combine(experiment.Paths.Results, LabelTable.Csv.FileName));

    /// <summary>As their committed rows and folders have them.</summary>
    /// <exception cref="HarnessException">
    /// <see cref="Codes.ResultsCorrupt"/>: a file is unreadable, or rows of a model are missing.
    /// </exception>
    public MadeModels Committed()
    {
        string results = experiment.Paths.Results;
        ILookup<string, TrainingRow> rows =
            TrainingTable.Csv.Read(Path.Combine(results, TrainingTable.Csv.FileName)).ToLookup(row => row.Model);
        ILookup<string, ValidationRow> validation =
            ValidationTable.Csv.Read(Path.Combine(results, ValidationTable.Csv.FileName)).ToLookup(row => row.Model);
        ILookup<string, EvaluationRow> evaluations = (manifest.Answered.Count == 0 ? []
            : EvaluationTable.Csv.Read(Path.Combine(results, EvaluationTable.Csv.FileName))).ToLookup(row => row.Model);
        TrainedModel[] models = [.. manifest.Trains.Select(train =>
        {
            TrainingRow[] own = [.. rows[train.Name]];
            ValidationRow[] validated = [.. validation[train.Name]];
            EvaluationRow[] answers = [.. evaluations[train.Name]];
            Require(own.Length > 0 && own[^1].Step == train.Steps, train, TrainingTable.Csv.FileName);
            Require(validated.Where(row => row.Step == train.Steps).Select(row => row.Data)
                .SequenceEqual(train.Data.Select(data => data.Name)), train, ValidationTable.Csv.FileName);
            Require(answers.Select(row => (row.Evaluation, row.Loops, row.Problem, row.Samples)).SequenceEqual(
                from evaluation in manifest.Answered
                where evaluation.Models.Contains(train.Name)
                from loops in evaluation.LoopsOf(train)
                from problem in Enumerable.Range(0, evaluation.Pool.Problems)
                select (evaluation.Name, loops, problem, evaluation.Pool.Samples)), train, EvaluationTable.Csv.FileName);
            return new TrainedModel(train.Name, train.Shape, own, validated, answers, FilesOf(train));
        })];
        return new MadeModels(
            models, manifest.LabelsAnswers ? CommittedLabels() : [],
            manifest.Judged.Count > 0 ? SampleFiles.Read(results) : SampleFiles.None);
    }

    void Require(bool isWhole, TrainManifest train, string file)
    {
        if (!isWhole)
            throw Codes.ResultsCorrupt.With($"rows of model '{train.Name}' are missing", Path.Combine(experiment.Paths.Results, file));
    }

    (string, byte[])[] FilesOf(TrainManifest train)
    {
        string place = Path.Combine(experiment.Paths.Results, train.Name);
        return !train.IsCommitted ? [] : [.. RunJson.OutputsOf(RunJson.Read(experiment.Paths.RunJson)).Keys
            .Where(file => Path.GetDirectoryName(file) == train.Name)
            .Select(file => (Path.GetFileName(file), Storage.Reading(place, () => File.ReadAllBytes(
                Path.Combine(place, Path.GetFileName(file))))))];
    }
}
