using Harness.Statistics.Laws;

namespace Harness.Commands;

/// <summary>The best split of a budget over training and sampling, as it is shown.</summary>
/// <param name="Beyond">What of it lies outside the fitted points, such as "parameters".</param>
sealed record LawSplit(EndToEndBudget Budget, TrainToTestSplit Best, IReadOnlyList<string> Beyond)
{
    public static LawSplit Of(LawFit fit, LawData data, EndToEndBudget budget)
    {
        TrainToTestSplit best = TrainToTestSplit.Of(fit.Parameters, budget)
            ?? throw new InvalidOperationException($"{budget} is too small for any model");
        (string Name, double Value)[] found = [("parameters", best.Size), ("tokens", best.Tokens), ("samples", best.Samples)];
        IEnumerable<(string Name, double Value)> beyond =
            found.Where((one, input) => one.Value < data.Inputs[input].Min() || one.Value > data.Inputs[input].Max());
        return new(budget, best, [.. beyond.Select(one => one.Name)]);
    }

    double Sampling => Best.Size * Best.Samples * Budget.OfEachSample;

    public IEnumerable<string> Lines()
    {
        yield return $"{FittedLaw.Text(Budget.Operations)} operations for training and for {FittedLaw.Text(Budget.Queries)} queries of "
            + $"{FittedLaw.Text(Budget.AnswerTokens)} tokens a sample go farthest with {FittedLaw.Text(Best.Size)} parameters, "
            + $"{FittedLaw.Text(Best.Tokens)} tokens ({FittedLaw.Text(Best.Tokens / Best.Size)} a parameter) and "
            + $"{FittedLaw.Text(Best.Samples)} samples a query: coverage {FittedLaw.Text(Best.Coverage)}; sampling takes "
            + $"{FittedLaw.Text(100 * Sampling / Budget.Operations)} % of them.";
        if (Beyond.Count > 0)
            yield return $"Outside the fitted points: {string.Join(", ", Beyond)}.";
    }

    public object ToJson() => new
    {
        Budget.Operations,
        Budget.Queries,
        Budget.AnswerTokens,
        Parameters = Best.Size,
        Best.Tokens,
        Best.Samples,
        Best.Coverage,
        SamplingShare = Sampling / Budget.Operations,
        OutsideFittedPoints = Beyond,
    };
}
