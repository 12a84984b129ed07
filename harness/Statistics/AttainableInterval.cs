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

    /// <summary>
    /// Of the two anchors' draws, which are Poisson with mean 1 each where problems are many: an end of an accuracy's interval lies three
    /// of them from where all problems do, and half of a difference's is two.
    /// </summary>
    const double AnchorsOfAnEnd = 3, AnchorsOfAMargin = 2;

    /// <summary>More are not tried one by one.</summary>
    const int MostTried = 2000;

    /// <summary>Half of the 90 % interval of a difference where no problem differs: the smallest margin that can be shown.</summary>
    public double LeastMargin => Of(0, Anchors.Difference).Interval(EquivalenceLevel).High;

    /// <summary>The lower end of the 95 % interval of an accuracy where all is right.</summary>
    public double GreatestLow => Of(1, Anchors.Accuracy).Interval().Low;

    /// <summary>The upper end of the 95 % interval of an accuracy where nothing is right.</summary>
    public double LeastHigh => Of(0, Anchors.Accuracy).Interval().High;

    /// <summary>About how many problems have an interval of an accuracy that ends so near to where all problems lie.</summary>
    /// <param name="distance">0: no number of problems has, and neither here nor below it.</param>
    public int ProblemsForEnd(double distance, Func<AttainableInterval, bool> canShow) => ProblemsFor(AnchorsOfAnEnd / distance, canShow);

    /// <summary>About how many problems have an interval of a difference within a margin, where nothing differs.</summary>
    public int ProblemsForMargin(double margin) => ProblemsFor(AnchorsOfAMargin / margin, more => more.LeastMargin <= margin);

    /// <summary>The width of the 95 % interval of an accuracy that is the same on every problem.</summary>
    public double WidthAt(double accuracy)
    {
        Interval interval = Of(accuracy, Anchors.Accuracy).Interval();
        return interval.High - interval.Low;
    }

    /// <summary>0 where a thousand million would not do.</summary>
    int ProblemsFor(double about, Func<AttainableInterval, bool> canShow)
    {
        if (!(about < 1e9))
            return 0;
        int enough = Math.Max((int)Math.Ceiling(about) - 2, 1);
        // Percentiles of few draws lie a little apart from the Poisson law's.
        while (enough < MostTried && !canShow(Scaled(enough)))
            enough += Math.Max(1, enough / 100);
        while (enough > 1 && enough < MostTried && canShow(Scaled(enough - Math.Max(1, enough / 100))))
            enough -= Math.Max(1, enough / 100);
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
