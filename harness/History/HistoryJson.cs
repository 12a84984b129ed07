using Harness.Records;

namespace Harness.History;

/// <summary>A history as other programs read it: every point, those too where nothing moved.</summary>
static class HistoryJson
{
    /// <summary>What <see cref="JsonStyle"/> writes.</summary>
    public static object Of(ResultHistory history) => new
    {
        Name = history.Experiment,
        history.Notes,
        Commits = history.Points.Select(point => new
        {
            point.Name,
            point.Commit,
            Date = point.Commit is null ? null : point.Date,
            Subject = point.Commit is null ? null : point.Subject,
            Unreadable = point.Refusal.Length > 0 ? point.Refusal : null,
        }),
        Rows = history.Estimates.Select(series => new
        {
            series.Pool,
            series.Strategy,
            series.Multiplier,
            Points = series.Points.Select(Estimate),
        }),
        Speeds = history.Speeds.Select(series => new
        {
            series.Machine,
            series.Setting,
            Points = series.Points.Select(point => new
            {
                At = point.At.Name,
                point.Row.TokensPerSecond,
                point.Row.TokensPerSecondLow,
                point.Row.TokensPerSecondHigh,
                point.Ratio,
                OutsideBothSpreads = point.IsStep,
            }),
        }),
    };

    static object Estimate(EstimatePoint point) => new
    {
        At = point.At.Name,
        point.Row.Accuracy,
        point.Row.CiLow,
        point.Row.CiHigh,
        Tokens = Known(point.Row.Tokens),
        Flops = Known(point.Row.Flops),
        Step = point.Step is not { } step ? null : new
        {
            Since = step.Since.Name,
            step.Accuracy,
            TokensRatio = step.Tokens,
            FlopsRatio = step.Flops,
            Verdict = step.Accuracy is null ? null : step.VerdictText,
            step.Reason,
        },
    };

    static double? Known(double value) => double.IsNaN(value) ? null : value;
}
