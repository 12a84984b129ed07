namespace Harness.Statistics;

/// <summary>
/// What so many problems can show at best: the anchored bootstrap's interval where all problems are alike. It has a width all the same,
/// since two problems more, of the most extreme values, are resampled with them; so no result can show what is narrower.
/// </summary>
/// <param name="problems">How many problems there are of each difficulty.</param>
/// <param name="seed">Of the resamples.</param>
public sealed class AttainableInterval(IReadOnlyList<int> problems, ulong seed)
{
    /// <summary>The level of an interval of which one end is looked at, so that 5 % lie beyond it.</summary>
    public const double EquivalenceLevel = 0.90;

    const int MostProblems = 1_000_000;

    /// <summary>Half of the 90 % interval of a difference where no problem differs: the smallest margin that can be shown.</summary>
    public double LeastMargin => Of(0, Anchors.Difference).Interval(EquivalenceLevel).High;

    /// <summary>The lower end of the 95 % interval of an accuracy where all is right.</summary>
    public double GreatestLow => Of(1, Anchors.Accuracy).Interval().Low;

    /// <summary>The upper end of the 95 % interval of an accuracy where nothing is right.</summary>
    public double LeastHigh => Of(0, Anchors.Accuracy).Interval().High;

    /// <summary>
    /// About how many problems, in the same shares by difficulty, can show something that more problems always can; 0 where a million
    /// can't.
    /// </summary>
    public int ProblemsFor(Func<AttainableInterval, bool> canShow)
    {
        int enough = problems.Sum();
        for (; enough < MostProblems && !canShow(Scaled(enough)); enough *= 2)
        {
        }
        if (enough >= MostProblems)
            return 0;
        int few = enough / 2;
        while (enough - few > Math.Max(1, enough / 1000))
        {
            int middle = few + (enough - few) / 2;
            if (canShow(Scaled(middle)))
                enough = middle;
            else
                few = middle;
        }
        return Scaled(enough).Problems;
    }

    int Problems => problems.Sum();

    /// <summary>The same shares by difficulty, at least one problem of each.</summary>
    AttainableInterval Scaled(int total)
    {
        double factor = (double)total / Problems;
        return new AttainableInterval([.. problems.Select(count => Math.Max(1, (int)Math.Ceiling(count * factor)))], seed);
    }

    ResampledMean Of(double value, Anchors anchors)
    {
        int[] difficulties = [.. problems.Index().SelectMany(stratum => Enumerable.Repeat(stratum.Index, stratum.Item))];
        double[] values = new double[difficulties.Length];
        Array.Fill(values, value);
        return AnchoredBootstrap.OfMeans([values], new ProblemDraws(difficulties, seed), anchors)[0];
    }
}
