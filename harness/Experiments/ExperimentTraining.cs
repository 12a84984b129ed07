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
    readonly string folder = folder ?? Path.Combine(experiment.Paths.Artifacts, "models");

    /// <summary>Forgets what earlier runs have kept.</summary>
    public void Forget()
    {
        if (Directory.Exists(folder))
            Storage.Writing(folder, () => Directory.Delete(folder, recursive: true));
    }

    /// <param name="cancellation">Keeps the state of the model in training.</param>
    /// <param name="stopAfter">As of <see cref="ModelTraining.Run"/>.</param>
    /// <exception cref="HarnessException"><see cref="Codes.Cancelled"/>; as of <see cref="ModelTraining.Run"/>.</exception>
    public MadeModels Run(CancellationToken cancellation, int stopAfter = 0)
    {
        if (stopAfter == 0)
            ModelEvaluation.Require(experiment);
        IReadOnlyList<LabelRow> labels = manifest.LabelsAnswers ? Label(cancellation) : [];
        TrainedModel[] trained = new TrainedModel[manifest.Trains.Count];
        console.Line($"{manifest.Name}: {trained.Length} model{(trained.Length == 1 ? "" : "s")} to train");
        int done = 0;
        foreach (IGrouping<string, int> group in Enumerable.Range(0, trained.Length).GroupBy(TrunkOf))
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
            return stopAfter > 0 || manifest.Answered.Count == 0 ? trained : trained with
            {
                Evaluations = new ModelEvaluation(experiment, console, Path.Combine(folder, train.Name)).Run(train, cancellation),
            };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Codes.Cancelled.With(stopAfter > 0 ? $"verifying {manifest.Name} was interrupted"
                : $"{manifest.Name} was interrupted; {progress.Steps} steps of model '{train.Name}' are kept: "
                    + "run the same command again to go on");
        }
    }

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
        IReadOnlyList<LabelRow> labels = manifest.LabelsAnswers ? LabelTable.Csv.Read(Path.Combine(results, LabelTable.Csv.FileName)) : [];
        return new MadeModels(models, labels, manifest.Judged.Count > 0 ? SampleFiles.Read(results) : SampleFiles.None);
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
