using Harness.Kernels.ExactMath;
using Harness.Statistics;

namespace Harness.Engines.Simulated;

/// <summary>
/// What strategies are worth on a simulated model, over all problems that it may be asked. Given a problem's rate p, a strategy of k
/// samples is right with a chance that is a sum over v right samples among k: c(v) p^v (1 - p)^(k - v); and under a beta law the mean of
/// such a term is a ratio of beta functions. Correlated samples are samples of another rate, over which is integrated.
/// </summary>
public sealed class SimulatedCurves(SimulatedSettings settings)
{
    /// <summary>Of the tanh-sinh rule: points at multiples of the step, so far out that what is left is nothing.</summary>
    const double Step = 1.0 / 64, Farthest = 5.5;

    /// <summary>One plain sample.</summary>
    public double OneSample => Mean([0, 1]);

    /// <summary>The most probable answer.</summary>
    public double Greedy => AboveTheMostCommon(isShared: false);

    /// <summary>At least one of k samples right.</summary>
    public double Coverage(int k) => Mean([.. Enumerable.Range(0, k + 1).Select(right => right == 0 ? 0 : Binomial(k, right))]);

    /// <summary>At least so many per cent of k samples right.</summary>
    public double GPass(int k, int threshold)
    {
        int least = (int)(((long)threshold * k + 99) / 100);
        return Mean([.. Enumerable.Range(0, k + 1).Select(right => right < least ? 0 : Binomial(k, right))]);
    }

    /// <summary>
    /// The sample with the largest reward of k. Of v right ones each reward has the distribution function x^q and of the others x, so the
    /// largest is a right one's with a chance of vq / (vq + k - v).
    /// </summary>
    public double BestOfN(int k) => Mean([.. Enumerable.Range(0, k + 1).Select(right =>
        Binomial(k, right) * right * settings.Quality / (right * settings.Quality + (k - right)))]);

    /// <summary>The answer that most of k samples give, a tie divided evenly.</summary>
    public double Majority(int k) => Mean([.. Enumerable.Range(0, k + 1).Select(right => Binomial(k, right) * WonBy(right, k - right))]);

    /// <summary>Where the vote goes without end: the share of problems whose most probable answer is the right one.</summary>
    public double MajorityLimit => AboveTheMostCommon(isShared: settings.Correlation > 0);

    /// <summary>
    /// The chance that so many votes win against the votes of so many wrong samples, those tied counted with their share: the integral over
    /// y in 0 .. 1 of y to the number of answers that are tied is one over one more than they are.
    /// </summary>
    double WonBy(int votes, int wrong)
    {
        if (votes == 0)
            return 0;
        double[] shares = settings.WrongShares();
        double won = 0;
        // Gauss's rule of ten points is exact for as many tied answers as 19, and no more can be tied with as few samples as it matters.
        foreach ((double y, double weight) in UnitGauss)
        {
            // Exponential generating function of the wrong samples' answers, none with more votes than the right one.
            double[] ways = new double[wrong + 1];
            double silent = 1;
            for (int i = 0; i <= wrong; silent *= settings.Silent / ++i)
                ways[i] = silent;
            foreach (double share in shares)
                ways = Times(ways, share, votes, y);
            won += weight * ways[wrong];
        }
        return won * ExactDouble.Exp(LogFactorial.Of(wrong));
    }

    static double[] Times(double[] ways, double share, int most, double tied)
    {
        double[] product = new double[ways.Length];
        double term = 1;
        for (int count = 0; count <= most && count < ways.Length; term *= share / ++count)
        {
            double weighed = count == most ? term * tied : term;
            for (int i = 0; i + count < ways.Length; i++)
                product[i + count] += ways[i] * weighed;
        }
        return product;
    }

    /// <summary>The mean of sum c(v) p^v (1 - p)^(k - v) over the rates of problems, k + 1 coefficients.</summary>
    double Mean(double[] coefficients)
    {
        double some = settings.Correlation == 0 ? BetaMean(coefficients) : SharedMean(coefficients);
        return settings.Zero * coefficients[0] + (1 - settings.Zero) * some;
    }

    double BetaMean(double[] coefficients)
    {
        int k = coefficients.Length - 1;
        double sum = 0;
        for (int right = 0; right <= k; right++)
        {
            if (coefficients[right] > 0)
            {
                sum += ExactDouble.Exp(ExactDouble.Log(coefficients[right]) + LogBeta(settings.Alpha + right, settings.Beta + k - right)
                    - LogBeta(settings.Alpha, settings.Beta));
            }
        }
        return sum;
    }

    /// <summary>
    /// By the tanh-sinh rule, which bears a density that is infinite at its ends. A problem whose shared draw is right, which happens with
    /// chance p, has a rate of c + (1 - c) p, and else of (1 - c) p.
    /// </summary>
    internal double SharedMean(double[] coefficients)
    {
        double logBeta = LogBeta(settings.Alpha, settings.Beta), sum = 0, own = 1 - settings.Correlation;
        for (int i = -(int)(Farthest / Step); i <= Farthest / Step; i++)
        {
            double t = i * Step, e = ExactDouble.Exp(t), sinh = (e - 1 / e) / 2, cosh = (e + 1 / e) / 2;
            // ln p and ln (1 - p) of p = 1 / (1 + exp(-pi sinh t)).
            double logP = -LogOnePlusExp(-Math.PI * sinh), logQ = -LogOnePlusExp(Math.PI * sinh);
            double weight = Step * Math.PI * cosh * ExactDouble.Exp(settings.Alpha * logP + settings.Beta * logQ - logBeta);
            double p = ExactDouble.Exp(logP), q = ExactDouble.Exp(logQ);
            sum += weight * (p * Bernstein(coefficients, settings.Correlation + own * p, own * q)
                + q * Bernstein(coefficients, own * p, settings.Correlation + own * q));
        }
        return sum;
    }

    static double Bernstein(double[] coefficients, double p, double q)
    {
        int k = coefficients.Length - 1;
        double sum = 0;
        for (int right = 0; right <= k; right++)
            sum += coefficients[right] == 0 ? 0 : coefficients[right] * Power(p, right) * Power(q, k - right);
        return sum;
    }

    static double Power(double x, int n)
    {
        double power = 1;
        for (; n > 0; n >>= 1, x *= x)
        {
            if ((n & 1) == 1)
                power *= x;
        }
        return power;
    }

    /// <summary>P(rate above the share that the most common wrong answer has of all samples).</summary>
    double AboveTheMostCommon(bool isShared)
    {
        double most = settings.WrongShares().Max(), limit = most / (1 + most), own = 1 - settings.Correlation;
        double above = !isShared ? Tail(limit, 0, 0)
            : settings.Alpha / (settings.Alpha + settings.Beta) * Tail(own == 0 ? -1 : (limit - settings.Correlation) / own, 1, 0)
                + settings.Beta / (settings.Alpha + settings.Beta) * Tail(own == 0 ? 2 : limit / own, 0, 1);
        return (1 - settings.Zero) * above;

        double Tail(double from, int right, int wrong) =>
            1 - BetaDistribution.AtMost(from, settings.Alpha + right, settings.Beta + wrong);
    }

    static double LogOnePlusExp(double x) => x > 0 ? x + ExactDouble.Log(1 + ExactDouble.Exp(-x)) : ExactDouble.Exp(x) < 1e-8
        ? ExactDouble.Exp(x) : ExactDouble.Log(1 + ExactDouble.Exp(x));

    static double LogBeta(double a, double b) => LogFactorial.Gamma(a) + LogFactorial.Gamma(b) - LogFactorial.Gamma(a + b);

    static double Binomial(int n, int k) =>
        ExactDouble.Exp(LogFactorial.Of(n) - LogFactorial.Of(k) - LogFactorial.Of(n - k));

    /// <summary>Gauss-Legendre's ten points on 0 .. 1 (Abramowitz and Stegun, table 25.4).</summary>
    static (double Point, double Weight)[] UnitGauss { get; } =
    [
        .. new (double X, double Weight)[]
        {
            (0.148874338981631, 0.295524224714753), (0.433395394129247, 0.269266719309996), (0.679409568299024, 0.219086362515982),
            (0.865063366688985, 0.149451349150581), (0.973906528517172, 0.066671344308688),
        }.SelectMany(half => new[] { ((1 - half.X) / 2, half.Weight / 2), ((1 + half.X) / 2, half.Weight / 2) }),
    ];
}
