using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Records;
using Harness.Statistics;

namespace Harness.Exports;

/// <summary>One file of a store of evaluation results.</summary>
/// <param name="Scenario">Its folder; dots make the levels of a report's tree.</param>
/// <param name="Iteration">Its name, without an extension: a number with as many digits as the largest, since reports sort texts.</param>
sealed record EvaluationResult(string Scenario, string Iteration, JsonObject Json);

/// <summary>
/// An experiment as scenarios of Microsoft.Extensions.AI.Evaluation (ScenarioRunResult, format version 1): EXPERIMENT.POOL.problems
/// with an iteration for each problem, EXPERIMENT.POOL.STRATEGY with one for each multiplier.
/// </summary>
sealed class EvaluationResults
{
    const int FormatVersion = 1;
    const double HalfRight = 0.5;

    /// <summary>Of a problem's answers, the most frequent ones are written out.</summary>
    const int MostAnswers = 5;

    readonly ExportedExperiment experiment;
    readonly SampleTexts? texts;
    readonly string? model;

    /// <param name="experiment">What is exported.</param>
    /// <param name="texts">Each problem then shows its first sample's; null to leave them out.</param>
    public EvaluationResults(ExportedExperiment experiment, SampleTexts? texts)
    {
        (this.experiment, this.texts) = (experiment, texts);
        model = (experiment.Files.Run["manifest"] as JsonObject)?["model"]?.ToString();
    }

    /// <summary>The name of the folder of one run: experiments of one commit share it.</summary>
    public string Execution => experiment.Version;

    /// <summary>What all scenarios begin with, before their first dot.</summary>
    public string Root => Level(experiment.Name);

    /// <summary>Pool by pool in the order of samples.csv, then the rows of accuracy.csv over all difficulties.</summary>
    public IEnumerable<EvaluationResult> All() => Problems().Concat(Estimates());

    IEnumerable<EvaluationResult> Problems()
    {
        foreach (IGrouping<string, SampleRow> pool in experiment.Files.Samples.Samples.GroupBy(row => row.Pool))
        {
            int largest = pool.Max(row => row.Problem);
            foreach (IGrouping<int, SampleRow> problem in pool.GroupBy(row => row.Problem))
                yield return Problem(pool.Key, problem.Key, Padded(problem.Key, largest), [.. problem]);
        }
    }

    EvaluationResult Problem(string pool, int problem, string iteration, SampleRow[] samples)
    {
        AnswerTally tally = AnswerTally.Of([.. samples.Select(row => row.Answer)], [.. samples.Select(row => row.Correct == 1)]);
        string? gold = experiment.Golds.GetValueOrDefault((pool, problem));
        int right = samples.Sum(row => row.Correct);
        EvaluationMetrics metrics = new();
        metrics.Add(
            "pass@1", (double)right / samples.Length, $"{Text(right)} of {Text(samples.Length)} samples are right",
            Rating(right, samples.Length));
        if (gold is not null && samples.Length > 1)
            metrics.Add("majority right", Majority(tally, out string reason), reason);
        metrics.Add("samples", samples.Length);
        metrics.Add("tokens", Mean(samples), "mean of the samples");
        string asked = $"{experiment.Name}, pool {pool}, problem {Text(problem)} of difficulty {Text(samples[0].Difficulty)}"
            + (gold is null ? "" : $"; the right answer is {gold}");
        List<string> answers = [Answers(samples)];
        if (texts?.Of(samples[0]) is { } text)
            answers.Add($"Sample {Text(samples[0].Sample)}: {text}");
        return Result($"{Level(pool)}.problems", iteration, asked, answers, metrics);
    }

    IEnumerable<EvaluationResult> Estimates() => experiment.Files.Accuracy
        .Where(row => row.Difficulty == AccuracyRow.AllDifficulties).GroupBy(row => (row.Pool, row.Strategy))
        .SelectMany(rows => rows.Select(row => Estimate(row, Padded(row.Multiplier, rows.Max(other => other.Multiplier)))));

    EvaluationResult Estimate(AccuracyRow row, string iteration)
    {
        EvaluationMetrics metrics = new();
        metrics.Add("accuracy", row.Accuracy, $"95 % interval {Text(row.CiLow)} to {Text(row.CiHigh)}"
            + (row.IsUpperBound ? "; an upper bound, which picks right answers with the data's own" : ""));
        metrics.Add("ci_low", row.CiLow);
        metrics.Add("ci_high", row.CiHigh);
        metrics.Add("problems", row.Problems);
        metrics.Add("tokens", row.Tokens, "generated for a problem");
        metrics.Add("flops", row.Flops, "logical operations for a problem");
        return Result(
            $"{Level(row.Pool)}.{Level(row.Strategy)}", iteration,
            $"{experiment.Name}, pool {row.Pool}: {row.Strategy} at {Text(row.Multiplier)}x",
            [$"Share of {Text(row.Problems)} problems that are right: {Text(row.Accuracy)} ({Text(row.CiLow)} to {Text(row.CiHigh)})"],
            metrics);
    }

    EvaluationResult Result(string scenario, string iteration, string asked, IEnumerable<string> answers, EvaluationMetrics metrics)
    {
        scenario = $"{Root}.{scenario}";
        JsonObject response = new() { ["messages"] = new JsonArray([.. answers.Select(answer => Message("assistant", answer))]) };
        if (model is not null)
            response["modelId"] = model;
        return new EvaluationResult(scenario, iteration, new JsonObject
        {
            ["scenarioName"] = scenario,
            ["iterationName"] = iteration,
            ["executionName"] = Execution,
            ["creationTime"] = experiment.Time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["messages"] = new JsonArray(Message("user", asked)),
            ["modelResponse"] = response,
            ["evaluationResult"] = new JsonObject { ["metrics"] = metrics.Json },
            ["formatVersion"] = FormatVersion,
        });
    }

    static JsonObject Message(string role, string text) => new()
    {
        ["role"] = role,
        ["contents"] = new JsonArray(new JsonObject { ["$type"] = "text", ["text"] = text }),
    };

    /// <summary>Only a problem that no sample solves has failed.</summary>
    static string Rating(int right, int samples) => right == samples ? EvaluationMetrics.Exceptional
        : right == 0 ? EvaluationMetrics.Unacceptable
        : right >= HalfRight * samples ? EvaluationMetrics.Good
        : EvaluationMetrics.Poor;

    /// <summary>Whether the most frequent answer is right; of several, whether more than half of them are.</summary>
    static bool Majority(AnswerTally tally, out string reason)
    {
        int most = tally.Answers.Length == 0 ? 0 : tally.Answers.Max(answer => answer.Count);
        AnswerCount[] first = [.. tally.Answers.Where(answer => answer.Count == most)];
        reason = first.Length switch
        {
            0 => "no sample has an answer",
            1 => $"{Text(most)} of {Text(tally.Samples)} samples agree",
            _ => $"{Text(first.Length)} answers tie at {Text(most)} of {Text(tally.Samples)} samples",
        };
        return tally.Samples > 0 && MajorityAtK.Estimate(tally, tally.Samples) > HalfRight;
    }

    /// <summary>The answers by how many samples gave them, equal numbers by first appearance.</summary>
    static string Answers(SampleRow[] samples)
    {
        IGrouping<string, SampleRow>[] answers = [.. samples.GroupBy(row => row.Answer).OrderByDescending(same => same.Count())];
        IEnumerable<string> first = answers.Take(MostAnswers).Select(same =>
            $"{(same.Key.Length == 0 ? "no answer" : same.Key)}: {Text(same.Count())}"
                + (same.All(row => row.Correct == 1) ? ", right" : ""));
        return string.Join("; ", first) + (answers.Length > MostAnswers ? $"; {Text(answers.Length - MostAnswers)} others" : "");
    }

    /// <summary>NaN where a recording does not say.</summary>
    static double Mean(SampleRow[] samples) => samples.Average(row => row.Tokens ?? double.NaN);

    /// <summary>A dot would make two levels of it.</summary>
    static string Level(string name) => name.Replace('.', '_');

    static string Padded(int number, int largest) => Text(number).PadLeft(Text(largest).Length, '0');

    static string Text(int number) => CsvFields.Write(number);

    static string Text(double number) => CsvFields.Write(number);
}
