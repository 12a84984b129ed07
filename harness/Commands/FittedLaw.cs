using System.Globalization;
using Harness.Reports;
using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Commands;

/// <summary>A law that was fitted, as it is shown.</summary>
/// <param name="Note">How a column was computed; null where none was.</param>
sealed record FittedLaw(ILaw Law, LawFit Fit, LawBootstrap Bootstrap, HeldOutError HeldOut, string? Note)
{
    const int Digits = 6;

    /// <summary>Predicted - observed, of each point in the order of the file; NaN where the law predicts nothing.</summary>
    public double[] Residuals { get; init; } = [];

    /// <summary>The best split of a budget; null where none was asked for.</summary>
    public LawSplit? Split { get; init; }

    public IEnumerable<string> Lines()
    {
        yield return $"{Law.Name}: {Law.Formula} ({Law.Source})";
        if (Note is not null)
            yield return Note;
        if (!Fit.IsDefined)
        {
            yield return $"{Fit.Points} points say nothing of {Law.Parameters.Count} parameters ({Fit.Dropped} left out).";
            yield break;
        }
        yield return $"{Fit.Points} points{(Fit.Dropped > 0 ? $", {Fit.Dropped} left out" : "")}; {Law.LossName} {Text(Fit.Loss)}; "
            + $"{Fit.Reached} of {Fit.Starts} starts ended there.";
        string interval = Bootstrap.Refits > 0 ? $"95 % ({Bootstrap.Refits} refits)" : "";
        TextTable table = new(TextTable.Left("parameter"), TextTable.Right("value"), TextTable.Left(interval));
        foreach ((int place, string name) in Law.Parameters.Index())
        {
            string value = double.IsNaN(Fit.Parameters[place]) ? "no fit" : Text(Fit.Parameters[place]);
            table.Add(name, value, Range(Bootstrap.Intervals[place]));
        }
        foreach (string line in table.Lines())
            yield return line;
        if (Bootstrap.Undefined > 0)
            yield return $"{Bootstrap.Undefined} resamples had no fit.";
        if (!double.IsNaN(HeldOut.RootMeanSquare))
            yield return $"Fitted to the {HeldOut.Fitted} points of the smaller budgets it is off by {Text(HeldOut.RootMeanSquare)} (root "
                + $"mean square, standard error {Text(HeldOut.StandardError)}) on the other {HeldOut.Predicted}.";
        foreach (string line in Split?.Lines() ?? [])
            yield return line;
    }

    public object ToJson(bool isChosen) => new
    {
        Law = Law.Name,
        Law.Formula,
        Law.Source,
        Note,
        Fit.Points,
        Fit.Dropped,
        LossName = Law.LossName,
        Fit.Loss,
        Fit.Starts,
        Fit.Reached,
        Parameters = Law.Parameters.Select((name, place) => new
        {
            Name = name,
            Value = Fit.Parameters[place],
            CiLow = Bootstrap.Intervals[place].Low,
            CiHigh = Bootstrap.Intervals[place].High,
        }),
        Bootstrap.Refits,
        UndefinedRefits = Bootstrap.Undefined,
        HeldOut = new { HeldOut.Fitted, HeldOut.Predicted, HeldOut.RootMeanSquare, HeldOut.StandardError },
        Residuals,
        Split = Split?.ToJson(),
        IsChosen = isChosen,
    };

    static string Range(Interval interval) => double.IsNaN(interval.Low) ? "" : $"{Text(interval.Low)} to {Text(interval.High)}";

    internal static string Text(double value) => value.ToString($"G{Digits}", CultureInfo.InvariantCulture);
}
