using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Analysis;
using Harness.Records;
using Harness.Samples;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Comparison;

/// <summary>The problems of a pool that both sides have, and what strategies are worth on each of them.</summary>
sealed class PairedPool
{
    /// <summary>What a manifest's pool says of its problems, apart from how many there are: these are the first ones.</summary>
    static readonly string[] Asks = ["task", "difficulties", "options", "first_problem"];

    readonly string pool;
    readonly ExperimentFiles before, after;
    readonly PoolEstimates old, now;

    public PairedPool(ExperimentFiles before, ExperimentFiles after, PoolSamples samples)
    {
        (this.before, this.after, pool) = (before, after, samples.Pool);
        Refusal = RefusalOf(samples);
        ProblemSamples[] first = ProblemsOf(before), second = ProblemsOf(after);
        HashSet<int> common = [.. first.Select(problem => problem.Problem).Intersect(second.Select(problem => problem.Problem))];
        old = Estimates(before, first);
        now = Estimates(after, second);

        PoolEstimates Estimates(ExperimentFiles files, ProblemSamples[] problems) => new(
            [.. problems.Where(problem => common.Contains(problem.Problem)).OrderBy(problem => problem.Problem)], SeedOf(files.Run));
    }

    /// <summary>Why problems can't be paired; null where they can.</summary>
    public string? Refusal { get; }

    /// <summary>A strategy at one multiplier: later side first, so that a difference above 0 is a gain.</summary>
    /// <returns>The pair, or null and why there is none.</returns>
    public (ComparedStrategies? Pair, string Refusal) Of(string strategy, int multiplier)
    {
        RecordedStrategy was = RecordedStrategy.Of(before.Run, pool, strategy), becomes = RecordedStrategy.Of(after.Run, pool, strategy);
        if ((Refusal ?? RefusalOf(was, old) ?? RefusalOf(becomes, now)) is { } why)
            return (null, why);
        IReadOnlyList<ProblemEstimate> first = now.PerProblem(becomes.Strategy!, multiplier);
        IReadOnlyList<ProblemEstimate> second = old.PerProblem(was.Strategy!, multiplier);
        return first.Concat(second).Any(estimate => double.IsNaN(estimate.Accuracy))
            ? (null, "a problem has fewer samples than the multiplier reads")
            : (new ComparedStrategies(first, second), "");
    }

    string? RefusalOf(PoolSamples samples)
    {
        if (samples.Common == 0)
            return "no sample is on both sides";
        // Equal tokens come of equal prompts.
        if (samples.Tokens.Count == 0 && samples.KnowsTokens)
            return null;
        (JsonNode? was, JsonNode? becomes) = (DataOf(before.Run), DataOf(after.Run));
        string? other = Asks.FirstOrDefault(name => Text(PoolOf(before.Run)?[name]) != Text(PoolOf(after.Run)?[name]))
            ?? (Text(was) != Text(becomes) ? "data" : null)
            ?? (was is null && !IsRecorded && SeedOf(before.Run) != SeedOf(after.Run) ? "seed" : null);
        if (other is not null)
            return $"the problems are others: {other} changed";
        HashSet<int> moved = [.. samples.Tokens.Select(sample => sample.Before.Problem)];
        if (samples.Golds.FirstOrDefault(gold => moved.Contains(gold.Problem)) is { Before: not null } changed)
            return $"the problems are others: problem {CsvFields.Write(changed.Problem)} has another right answer";
        return samples.Tokens.FirstOrDefault(sample => sample.Before.Difficulty != sample.After.Difficulty) is { Before: not null } harder
            ? $"the problems are others: problem {CsvFields.Write(harder.Before.Problem)} has another difficulty"
            : null;
    }

    static string? RefusalOf(RecordedStrategy strategy, PoolEstimates pool) =>
        strategy.Strategy is null ? strategy.Refusal
        : strategy.Verifier is ITextVerifier verifier && pool.Problems.Any(problem => !IsScored(problem, verifier))
            ? $"rewards.csv lacks those of {verifier.Name}"
        : null;

    static bool IsScored(ProblemSamples problem, ITextVerifier verifier) =>
        problem.Rewards.TryGetValue(verifier.Name, out double[]? rewards) && rewards.Length == problem.Samples.Count;

    ProblemSamples[] ProblemsOf(ExperimentFiles files) => Analysis.Estimates.PoolsOf(files.Samples).GetValueOrDefault(pool, []);

    JsonObject? PoolOf(JsonObject run) => ((run["manifest"] as JsonObject)?["pools"] as JsonArray)?.OfType<JsonObject>()
        .FirstOrDefault(item => item["name"]?.ToString() == pool);

    /// <summary>Whether the samples come of a file: a seed then decides nothing about the problems.</summary>
    bool IsRecorded => PoolSamples.RecordingOf(before, pool) is not null && PoolSamples.RecordingOf(after, pool) is not null;

    JsonNode? DataOf(JsonObject run) => (((run["inputs"] as JsonObject)?["pools"] as JsonObject)?[pool] as JsonObject)?["data"];

    static ulong SeedOf(JsonObject run) =>
        ulong.TryParse((run["manifest"] as JsonObject)?["seed"]?.ToString(), CultureInfo.InvariantCulture, out ulong seed) ? seed : 0;

    /// <summary>What is absent says what an empty object says.</summary>
    static string? Text(JsonNode? value) => value is null or JsonObject { Count: 0 } ? null : value.ToJsonString(RunJson.Compact);
}
