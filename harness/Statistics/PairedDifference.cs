namespace Harness.Statistics;

/// <summary>Two methods on the same problems: the mean of first - second, how sure it is, and the test of no difference.</summary>
/// <param name="Difference">Mean over problems, in -1..1.</param>
/// <param name="Interval95">By the bootstrap over problems, anchored with a difference of -1 and one of +1.</param>
/// <param name="Interval90">Of the same resamples; two one-sided tests at .05 hold that the methods are equivalent where it lies within a margin.</param>
/// <param name="PValue">Two-sided, of no difference.</param>
/// <param name="Test">mcnemar where both are plainly right or wrong on every problem, else permutation.</param>
public sealed record PairedDifference(double Difference, Interval Interval95, Interval Interval90, double PValue, string Test)
{
    public const string McNemarTest = "mcnemar";
    public const string PermutationTest = "permutation";

    /// <summary>Compares accuracies of one problem at the same place in both; none may be NaN.</summary>
    /// <param name="draws">Of these problems, with the seed that also names the permutations.</param>
    public static PairedDifference Of(double[] first, double[] second, ProblemDraws draws, int resamples = AnchoredBootstrap.DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length);
        double[] differences = new double[first.Length];
        bool plain = true;
        for (int i = 0; i < differences.Length; i++)
        {
            if (double.IsNaN(first[i]) || double.IsNaN(second[i]))
                throw new ArgumentException($"the accuracies of problem {i}, {first[i]} and {second[i]}, are not both numbers");
            differences[i] = first[i] - second[i];
            plain &= first[i] is 0 or 1 && second[i] is 0 or 1;
        }
        ResampledMean mean = AnchoredBootstrap.OfMeans([differences], draws, Anchors.Difference, resamples)[0];
        double p = plain
            ? McNemar.PValue(differences.AsSpan().Count(1.0), differences.AsSpan().Count(-1.0))
            : PairedPermutation.PValue(first, second, draws.Seed);
        return new(mean.Estimate, mean.Interval(), mean.Interval(0.9), p, plain ? McNemarTest : PermutationTest);
    }
}
