using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.History;

/// <summary>The committed results of one experiment over the commits that changed them: a pure function of git's objects.</summary>
sealed record ResultHistory
{
    public required string Experiment { get; init; }

    /// <summary>The oldest first.</summary>
    public required IReadOnlyList<HistoryPoint> Points { get; init; }

    /// <summary>Rows of accuracy.csv; empty where only speeds are asked for.</summary>
    public required IReadOnlyList<EstimateSeries> Estimates { get; init; }

    /// <summary>Empty where only exact numbers are asked for.</summary>
    public required IReadOnlyList<SpeedSeries> Speeds { get; init; }

    /// <summary>What is to be known before the rest is believed.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public required HistorySelection Selection { get; init; }

    /// <param name="experiment">Its name, which is its folder's under results/.</param>
    /// <param name="selection">What is asked for.</param>
    /// <param name="here">The current folder.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; <see cref="Codes.ResultsMissing"/> where neither a commit
    /// nor the working tree has results; <see cref="Codes.UnknownCommit"/>; <see cref="Codes.ShallowClone"/>;
    /// <see cref="Codes.UsageError"/>.</exception>
    public static ResultHistory Of(string experiment, HistorySelection selection, string here)
    {
        string root = ExperimentPaths.RepositoryRoot(here);
        (GitRepository? repository, string refusal) = GitRepository.Find(root);
        if (repository is null)
            throw Codes.UnknownCommit.With($"'{experiment}' has no history that can be read: {refusal}");
        using GitObjects objects = repository.OpenObjects();
        HistoryReader reader = new(repository, objects, root, experiment);
        IReadOnlyList<HistoryPoint> points = reader.Read();
        HistoryPoint[] asked = Asked(points, selection, repository, root);
        if (asked.Length == 0)
            throw Nothing(experiment, repository, root, reader.IsKnown);
        List<string> notes = [];
        if (repository.IsShallow)
            notes.Add(ShallowNote(reader.Boundary));
        if (asked is [{ Commit: null }] && points.Count == 1)
            notes.Add($"No commit holds results of '{experiment}' yet: this is the working tree.");
        return new ResultHistory
        {
            Experiment = experiment,
            Points = asked,
            Estimates = selection.HasExact
                ? EstimateSeries.Of(asked, selection, new PairedVerdicts(experiment, selection.Margin)) : [],
            Speeds = selection.Has(HistoryMetric.TokensPerSecond) ? SpeedSeries.Of(asked) : [],
            Notes = notes,
            Selection = selection,
        };
    }

    /// <summary>The point that was current at the commit and those after it, at most the newest so many.</summary>
    static HistoryPoint[] Asked(
        IReadOnlyList<HistoryPoint> all, HistorySelection selection, GitRepository repository, string root)
    {
        HistoryPoint[] points = [.. all.Where(point => point.Concerns(selection))];
        int first = 0;
        if (selection.Since is { } named)
        {
            string commit = repository.Resolve(named) ?? throw repository.Lacks(named, root);
            IReadOnlySet<string> after = repository.CommitsAfter(commit);
            int later = points.TakeWhile(point => point.Commit is { } hash && !after.Contains(hash)).Count();
            first = Math.Max(later - 1, 0);
        }
        if (selection.Last is { } last)
            first = Math.Max(first, points.Length - last);
        return first == 0 ? points : [points[first].AsFirst(), .. points[(first + 1)..]];
    }

    static string ShallowNote(string? boundary) =>
        "This clone is shallow: history begins at the oldest commit that it has"
        + (boundary is null ? "" : $", {GitRepository.Short(boundary)}, which may not be the one that wrote what it holds")
        + ". `git fetch --unshallow` fetches the rest (in a GitHub workflow, `fetch-depth: 0` of actions/checkout).";

    static HarnessException Nothing(string experiment, GitRepository repository, string root, bool isKnown)
    {
        string results = Path.Combine(root, ResultSources.Folder);
        string[] here = Directory.Exists(results)
            ? [.. Directory.EnumerateDirectories(results).Where(IsExperiment).Select(folder => Path.GetFileName(folder))] : [];
        string[] committed = repository.Resolve("HEAD") is not { } head ? [] : [.. repository.FilesUnder(head, ResultSources.Folder).Keys
            .Select(path => path.Split('/')).Where(parts => parts is [_, RunJson.FileName]).Select(parts => parts[0])];
        if (isKnown || here.Contains(experiment))
        {
            return Codes.ResultsMissing.With(
                $"neither a commit of this branch nor the working tree has such results of '{experiment}': build it, and commit its "
                + "folder");
        }
        string[] known = [.. committed.Union(here).Order(StringComparer.Ordinal)];
        return Codes.NoSuchExperiment.With(
            $"neither a commit of this branch nor the working tree has results of '{experiment}'{NearestName.Hint(experiment, known)}");
    }

    static bool IsExperiment(string folder) =>
        File.Exists(Path.Combine(folder, $"{Path.GetFileName(folder)}.proj")) || File.Exists(Path.Combine(folder, RunJson.FileName));
}
