using Harness.Analysis;
using Harness.Records;
using Harness.Reports;
using Harness.Statistics;

namespace Harness.Results;

/// <summary>The sentence that a report begins with.</summary>
static class HeadlineSentence
{
    public static string Of(AnalysedExperiment experiment) => experiment.Headline is { } headline
        ? Sentence(headline)
        : Plain(experiment);

    static string Sentence(Headline headline)
    {
        string chosen = headline.IsChosen ? ", chosen on one half of the problems and judged on the other," : "";
        string greedy = headline.Greedy is { } accuracy ? $", greedy decoding on {Percent(accuracy)}" : "";
        string range = $"{Signed(headline.DifferenceInterval.Low)} to {Signed(headline.DifferenceInterval.High)}";
        string cost = $"{NumberText.Fixed(headline.TimesTheCost, 1)} times the {headline.CostUnit.ToString().ToLowerInvariant()}";
        string comparison = headline.Difference > 0 ? "more" : "less";
        string differs = headline.Differs
            ? $"{Points(Math.Abs(headline.Difference))} {comparison} than one sample ({range}) for {cost}"
            : $"no difference from one sample that these problems can show ({range} points, p {NumberText.Fixed(headline.PValue, 2)}), "
                + $"at {cost}";
        string reason = headline.Reason is { } said ? $"; {said}" : "";
        string pools = string.Join(" and ", headline.Pools.Select(pool => pool.Name));
        return $"On {headline.Problems} problems of {pools}, {headline.Strategy}{chosen} is right on {Percent(headline.Accuracy)} "
            + $"(95 % interval {Interval(headline.Interval)}), one plain sample on {Percent(headline.OneSample)}{greedy}: "
            + $"{differs}{reason}.";
    }

    /// <summary>Where no strategy that one can deploy reads several samples.</summary>
    static string Plain(AnalysedExperiment experiment)
    {
        string[] measures = [.. experiment.Manifest.Strategies.Where(strategy => strategy.IsMeasure).Select(each => each.Name)];
        AccuracyRow[] all =
        [
            .. experiment.Accuracy.Where(row => row.Difficulty == AccuracyRow.AllDifficulties && !double.IsNaN(row.Accuracy)
                && !measures.Contains(row.Strategy)),
        ];
        AccuracyRow? best = all.Where(row => !row.IsUpperBound).MaxBy(row => row.Accuracy) ?? all.MaxBy(row => row.Accuracy);
        if (best is null)
            return measures.Length > 0 ? "No strategy of the experiment returns an answer: the table has its measures."
                : "The experiment has no strategy: samples.csv holds its samples.";
        string bound = best.IsUpperBound ? ", an upper bound that only an oracle would reach," : "";
        return $"On {best.Problems} problems of {best.Pool}, {best.Strategy}{bound} is right on {Percent(best.Accuracy)} "
            + $"(95 % interval {Interval(new Interval(best.CiLow, best.CiHigh))}).";
    }

    static string Percent(double accuracy) => $"{NumberText.Fixed(100 * accuracy, 1)} %";

    static string Interval(Interval interval) =>
        $"{NumberText.Fixed(100 * interval.Low, 1)} to {NumberText.Fixed(100 * interval.High, 1)}";

    static string Points(double difference) => $"{NumberText.Fixed(100 * difference, 1)} points";

    static string Signed(double difference) => NumberText.Fixed(100 * difference, 1);
}
