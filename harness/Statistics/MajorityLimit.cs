using Harness.Kernels.ExactMath;

namespace Harness.Statistics;

/// <summary>
/// What a majority vote comes to with samples without end: the answer with the largest probability wins. After n samples those
/// probabilities are known as a Dirichlet distribution, with a uniform prior over the answers that were seen and one that was not; so the
/// limit is the posterior chance that the most probable answer is a right one. It is not majority@n: of two answers seen 33 and 31 times
/// the vote of 64 takes the first, and the limit nearly divides itself between them.
/// </summary>
public static class MajorityLimit
{
    /// <summary>ln of what is negligible beside 1.</summary>
    const double LogNegligible = -41.4;

    /// <summary>Points a standard deviation of the narrowest gamma distribution, and at most so far apart in ln x.</summary>
    const double StepsADeviation = 4, WidestStep = 0.05;

    /// <summary>
    /// The posterior chance of each answer to be the most probable one, in the order of <see cref="AnswerTally.Answers"/>, and last that
    /// of an answer that was not seen. Their sum is 1.
    /// </summary>
    /// <remarks>
    /// Gamma variables of shapes 1 + count, divided by their sum, are the Dirichlet's; which of them is the largest does not depend on
    /// the sum. An answer's chance is the integral over x of its density times the others' distribution functions. The trapezoid rule
    /// over ln x converges faster than any power of its step.
    /// </remarks>
    public static double[] Shares(AnswerTally tally)
    {
        int[] shapes = [.. tally.Answers.Select(answer => 1 + answer.Count), 1];
        int largest = shapes.Max();
        double deviation = Math.Sqrt(largest), step = Math.Min(WidestStep, 1 / (StepsADeviation * deviation));
        // Below, the largest is not that small; above, nothing is that large.
        double low = (LogFactorial.Of(largest) + LogNegligible) / largest;
        double high = ExactDouble.Log(largest + 10 * deviation + 50);
        double[] shares = new double[shapes.Length], below = new double[largest + 1], density = new double[largest];
        for (int point = 0; low + point * step <= high; point++)
        {
            double logX = low + point * step, x = ExactDouble.Exp(logX);
            PoissonSums(x, logX, density, below);
            Add(shapes, x, density, below, shares);
        }
        double sum = 0;
        foreach (double share in shares)
            sum += share;
        return [.. shares.Select(share => share / sum)];
    }

    /// <summary>Adds each shape's integrand at one point.</summary>
    static void Add(int[] shapes, double x, double[] density, double[] below, double[] shares)
    {
        // Products of the distribution functions before and after each place, so that nothing is divided by one that is 0.
        double[] before = new double[shapes.Length];
        double product = 1;
        for (int place = 0; place < shapes.Length; place++)
        {
            before[place] = product;
            product *= below[shapes[place]];
        }
        product = 1;
        for (int place = shapes.Length - 1; place >= 0; place--)
        {
            shares[place] += x * density[shapes[place] - 1] * before[place] * product;
            product *= below[shapes[place]];
        }
    }

    /// <summary>
    /// density[i]: the Poisson probability of i at mean x, which is the density of a gamma variable of shape i + 1 at x. below[a]: the
    /// chance that a gamma variable of shape a is at most x, which is that of a Poisson count of at least a.
    /// </summary>
    static void PoissonSums(double x, double logX, double[] density, double[] below)
    {
        int last = density.Length - 1, mode = Math.Min((int)x, last);
        density[mode] = ExactDouble.Exp(mode * logX - x - LogFactorial.Of(mode));
        for (int i = mode + 1; i <= last; i++)
            density[i] = density[i - 1] * x / i;
        for (int i = mode - 1; i >= 0; i--)
            density[i] = density[i + 1] * (i + 1) / x;
        // Counts beyond those that are listed.
        double tail = 0, term = density[last];
        for (int i = last + 1; term > 0 && (i <= x || term > tail * 1e-18); i++)
        {
            term *= x / i;
            tail += term;
        }
        for (int a = density.Length; a >= 0; a--)
        {
            below[a] = Math.Min(tail, 1);
            if (a > 0)
                tail += density[a - 1];
        }
    }
}
