using Harness.Kernels.ExactMath;
using Harness.Statistics;

namespace Harness.Measurement;

/// <summary>
/// Two rates measured in turns: before, after, after, before, and so on, so that a machine that slows down does so for both. Each pair
/// gives a log-ratio, and the median's interval of those decides.
/// </summary>
/// <param name="Before">A rate a pair.</param>
/// <param name="After">As <paramref name="Before"/>, of the same pairs.</param>
public sealed record RatesInTurns(IReadOnlyList<double> Before, IReadOnlyList<double> After)
{
    public IReadOnlyList<double> LogRatios { get; } = [.. Before.Zip(After, (before, after) => ExactDouble.Log(after / before))];

    /// <summary>Of the log-ratio's median, 95 % or somewhat more.</summary>
    public Interval LogInterval => MedianInterval.Of(LogRatios);

    /// <summary>After over before: of the median log-ratio.</summary>
    public double Ratio => ExactDouble.Exp(Measured.MedianOf([.. LogRatios.Order()]));

    /// <summary>Of the ratio.</summary>
    public Interval Interval => new(ExactDouble.Exp(LogInterval.Low), ExactDouble.Exp(LogInterval.High));

    /// <summary>Whether the interval leaves out that both are as fast.</summary>
    public bool IsChanged => LogInterval.Low > 0 || LogInterval.High < 0;

    /// <param name="before">Measures once; a rate above 0.</param>
    /// <param name="after">As <paramref name="before"/>.</param>
    /// <param name="rule">When it is enough.</param>
    /// <param name="measured">Called after each pair.</param>
    public static RatesInTurns Measure(
        Func<double> before, Func<double> after, TurnsRule rule, Action<RatesInTurns>? measured = null)
    {
        List<double> first = [], second = [];
        int wanted = rule.FewestPairs;
        while (true)
        {
            if (first.Count % 2 == 0)
                first.Add(before());
            second.Add(after());
            if (first.Count < second.Count)
                first.Add(before());
            RatesInTurns pairs = new([.. first], [.. second]);
            measured?.Invoke(pairs);
            if (first.Count == rule.FewestPairs)
                wanted = rule.PairsFor((pairs.LogInterval.High - pairs.LogInterval.Low) / 2);
            if (first.Count >= wanted)
                return pairs;
        }
    }
}
