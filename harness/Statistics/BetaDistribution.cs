using Harness.Kernels.ExactMath;

namespace Harness.Statistics;

/// <summary>The beta distribution: what is known of a rate after right and wrong answers.</summary>
public static class BetaDistribution
{
    const int MostTerms = 10_000;
    const double Small = 1e-300, Precision = 1e-15;

    /// <summary>
    /// P(X at most x), by the continued fraction in Lentz's form (Abramowitz and Stegun 26.5.8), of whichever tail converges.
    /// </summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    public static double AtMost(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        bool isLow = x < (a + 1) / (a + b + 2);
        double log = LogFactorial.Gamma(a + b) - LogFactorial.Gamma(a) - LogFactorial.Gamma(b) + a * ExactDouble.Log(x)
            + b * ExactDouble.Log(1 - x);
        double front = ExactDouble.Exp(log);
        return isLow ? front * Fraction(x, a, b) / a : 1 - front * Fraction(1 - x, b, a) / b;
    }

    /// <summary>The rate below which the distribution has this probability, by halving: to the last bit but one or two.</summary>
    public static double Quantile(double probability, double a, double b)
    {
        double low = 0, high = 1;
        while (true)
        {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                return middle;
            if (AtMost(middle, a, b) < probability)
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>
    /// What is known of a mean over problems after these values, with one problem that is right and one that is wrong beside them (a
    /// uniform prior): the equal-tailed 95 % interval of Beta(1 + sum, 1 + N - sum). A value between 0 and 1 counts as that share of a
    /// right answer, so that of rates, which vary less than right and wrong do, the interval is wide.
    /// </summary>
    public static Interval Posterior(IReadOnlyList<double> values)
    {
        const double tail = 0.025;
        if (values.Count == 0 || values.Any(double.IsNaN))
            return Interval.Undefined;
        double right = 0;
        foreach (double value in values)
            right += value;
        (double a, double b) = (1 + right, 1 + Math.Max(values.Count - right, 0));
        return new Interval(Quantile(tail, a, b), Quantile(1 - tail, a, b));
    }

    static double Fraction(double x, double a, double b)
    {
        double c = 1, d = Inverse(1 - (a + b) * x / (a + 1)), product = d;
        for (int m = 1; m <= MostTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = Inverse(1 + even * d);
            c = Away(1 + even / c);
            product *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = Inverse(1 + odd * d);
            c = Away(1 + odd / c);
            double step = d * c;
            product *= step;
            if (Math.Abs(step - 1) < Precision)
                return product;
        }
        return product;
    }

    static double Inverse(double value) => 1 / Away(value);

    static double Away(double value) => Math.Abs(value) < Small ? Small : value;
}
