namespace Harness.Statistics;

/// <summary>Two methods on the same problems: the mean of first - second, how sure it is, and the test of no difference.</summary>
/// <param name="Difference">Mean over problems, in -1..1.</param>
/// <param name="Interval95">By the bootstrap over problems, anchored with a difference of -1 and one of +1.</param>
/// <param name="Interval90">From the same resamples. Where it lies within a margin, two one-sided tests at .05 find the methods
/// equivalent.</param>
/// <param name="StandardError">The standard error of the difference, over the same resamples.</param>
/// <param name="Problems">How many problems both methods answered.</param>
/// <param name="PValue">Of the two-sided test of no difference.</param>
/// <param name="Test">"mcnemar" where both methods are right (1) or wrong (0) on every problem, else "permutation".</param>
public sealed record PairedDifference(
    double Difference, Interval Interval95, Interval Interval90, double StandardError, int Problems, double PValue, string Test)
{
    /// <summary>The normal quantiles of .975 and .8: a test at .05 finds an effect of so many standard errors 80 times in 100.</summary>
    public const double DetectableErrors = 1.959963984540054 + 0.8416212335729143;

    public const string McNemarTest = "mcnemar";
    public const string PermutationTest = "permutation";

    /// <summary>The smallest true difference, in accuracy, that as many such problems would show with a power of 80 %.</summary>
    public double DetectableEffect => DetectableErrors * StandardError;

    /// <summary>How many such problems it takes to see a difference of this size with that power; NaN where nothing is known.</summary>
    /// <param name="effect">A difference in accuracy, above 0.</param>
    public double ProblemsFor(double effect)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(effect);
        return Math.Ceiling(Problems * (DetectableEffect / effect) * (DetectableEffect / effect));
    }

    /// <summary>Compares two lists of accuracies, which have the same problem at the same place. None may be NaN.</summary>
    /// <param name="draws">The bootstrap's draws of these problems. Their seed also names the random permutations.</param>
    public static PairedDifference Of(
        double[] first, double[] second, ProblemDraws draws, int resamples = AnchoredBootstrap.DefaultResamples) =>
        OfAll([(first, second)], draws, resamples)[0];

    /// <summary>Several pairs on the same problems, all with the same resamples.</summary>
    public static PairedDifference[] OfAll(
        IReadOnlyList<(double[] First, double[] Second)> pairs, ProblemDraws draws, int resamples = AnchoredBootstrap.DefaultResamples)
    {
        ResampledMean[] means = AnchoredBootstrap.OfMeans(
            [.. pairs.Select(pair => Differences(pair.First, pair.Second))], draws, Anchors.Difference, resamples);
        return [.. pairs.Zip(means, (pair, mean) => Of(pair.First, pair.Second, mean, draws.Seed))];
    }

    static PairedDifference Of(double[] first, double[] second, ResampledMean mean, ulong seed)
    {
        bool isPlain = first.Concat(second).All(accuracy => accuracy is 0 or 1);
        int won = first.Zip(second).Count(pair => pair.First > pair.Second);
        int lost = first.Zip(second).Count(pair => pair.First < pair.Second);
        double p = isPlain ? McNemar.PValue(won, lost) : PairedPermutation.PValue(first, second, seed);
        string test = isPlain ? McNemarTest : PermutationTest;
        return new(mean.Estimate, mean.Interval(), mean.Interval(0.9), mean.StandardError, first.Length, p, test);
    }

    static double[] Differences(double[] first, double[] second)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        double[] differences = new double[first.Length];
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = first[i] - second[i];
            if (double.IsNaN(differences[i]))
                throw new ArgumentException($"the accuracies of problem {i}, {first[i]} and {second[i]}, are not both numbers");
        }
        return differences;
    }
}
