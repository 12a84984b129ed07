using Harness.Analysis;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Statistics;

namespace Harness.Comparison;

/// <summary>The results of two sides: a pure function of their committed files.</summary>
public sealed record ResultComparison
{
    /// <summary>Of the resamples and random permutations; committed results are not touched by it.</summary>
    const ulong Seed = 1;

    /// <summary>As the command line names it.</summary>
    public required string Before { get; init; }

    public required string After { get; init; }

    /// <summary>Null where there is none.</summary>
    public required string? BeforeCommit { get; init; }

    public required string? AfterCommit { get; init; }

    /// <summary>A smaller difference in accuracy does not matter; 0 where none is stated.</summary>
    public required double Margin { get; init; }

    /// <summary>Those that both sides have: what moved most first, then by name.</summary>
    public required IReadOnlyList<ExperimentComparison> Experiments { get; init; }

    public required IReadOnlyList<string> OnlyBefore { get; init; }

    public required IReadOnlyList<string> OnlyAfter { get; init; }

    /// <summary>The first sample that moved of each pool, drawn again; empty where that was not asked for.</summary>
    public IReadOnlyList<RegeneratedSample> Regenerated { get; init; } = [];

    /// <summary>Why nothing was drawn again though it was asked for; else null.</summary>
    public string? NotRegenerated { get; init; }

    /// <summary>What was measured in turns on this machine, in words; null where nothing was.</summary>
    public string? InTurns { get; init; }

    /// <summary>The rates behind it.</summary>
    public RatesInTurns? Rates { get; init; }

    /// <summary>The rows of all experiments whose samples are not identical, the largest difference first.</summary>
    public IReadOnlyList<AccuracyDifference> MovedRows =>
    [
        .. Experiments.SelectMany(experiment => experiment.Accuracy).Where(row => row.Verdict != Verdict.Identical)
            .OrderByDescending(row => Math.Abs(row.Difference)),
    ];

    /// <summary>How many tests the adjusted p are adjusted for.</summary>
    public int Tests => Experiments.SelectMany(experiment => experiment.Accuracy).Count(row => row.Comparison is not null);

    /// <summary>Whether models or tokens moved in any experiment, or a test found a difference in accuracy.</summary>
    public bool IsChanged => Experiments.Any(experiment => experiment.Moved is MovedKind.Models or MovedKind.Tokens
        || experiment.Accuracy.Any(row => row.Verdict == Verdict.Changed));

    /// <param name="before">The earlier side, A.</param>
    /// <param name="after">The later side, B.</param>
    /// <param name="names">The experiments that are asked for; all where none is named.</param>
    /// <param name="margin">In accuracy, 0 or more.</param>
    /// <exception cref="HarnessException"><see cref="Codes.NoSuchExperiment"/>; <see cref="Codes.ResultsMissing"/>;
    /// <see cref="Codes.ResultsCorrupt"/>.</exception>
    public static ResultComparison Of(IResultSource before, IResultSource after, IReadOnlyList<string> names, double margin)
    {
        string[] known = [.. before.Experiments.Union(after.Experiments).Order(StringComparer.Ordinal)];
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw Codes.NoSuchExperiment.With(
                $"neither {before.Name} nor {after.Name} has results of '{unknown}'{NearestName.Hint(unknown, known)}");
        }
        string[] asked = names.Count == 0 ? known : [.. known.Where(names.Contains)];
        return new ResultComparison
        {
            Before = before.Name,
            After = after.Name,
            BeforeCommit = before.Commit,
            AfterCommit = after.Commit,
            Margin = margin,
            Experiments = Compare(
                before, after, [.. asked.Where(before.Experiments.Contains).Where(after.Experiments.Contains)], margin),
            OnlyBefore = [.. asked.Except(after.Experiments)],
            OnlyAfter = [.. asked.Except(before.Experiments)],
        };
    }

    static ExperimentComparison[] Compare(IResultSource before, IResultSource after, string[] names, double margin)
    {
        List<(string Name, ExperimentFiles Old, ExperimentFiles Now, IReadOnlyList<PoolSamples> Pools)> read = [];
        List<AccuracyCell> cells = [];
        foreach (string name in names)
        {
            ExperimentFiles old = new(before, name), now = new(after, name, old);
            IReadOnlyList<PoolSamples> pools = PoolSamples.Of(old, now);
            read.Add((name, old, now, pools));
            cells.AddRange(AccuracyCell.Of(name, old, now, pools));
        }
        ILookup<string, AccuracyDifference> tested = Test(cells, margin).ToLookup(row => row.Cell.Experiment);
        return
        [
            .. read.Select(files => ExperimentComparison.Of(files.Name, files.Old, files.Now, files.Pools, [.. tested[files.Name]]))
                .OrderBy(experiment => experiment.Moved).ThenBy(experiment => experiment.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>All rows of all experiments are one family, for which their tests are adjusted.</summary>
    static IEnumerable<AccuracyDifference> Test(List<AccuracyCell> cells, double margin)
    {
        IReadOnlyList<StrategyComparison> compared =
            StrategyComparison.OfAll([.. cells.Select(cell => cell.Compared).OfType<ComparedStrategies>()], Seed, margin);
        int next = 0;
        foreach (AccuracyCell cell in cells)
            yield return new AccuracyDifference(cell, cell.Compared is null ? null : compared[next++]);
    }
}
