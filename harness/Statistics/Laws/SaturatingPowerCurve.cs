using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// y = E + C x^-a by least squares, with E and C not negative and a above 0. For a given a the best E and C follow at once (variable
/// projection, Golub and Pereyra 1973), so that the exponent alone is searched for: by the golden section, around each exponent of a grid
/// whose neighbours leave more.
/// </summary>
sealed class SaturatingPowerCurve
{
    const double LeastExponent = 1e-3, LargestExponent = 8;
    const int Exponents = 32;

    /// <summary>An end whose loss is larger than the best by no more than this share has reached the best.</summary>
    const double SameLoss = 1e-6;

    /// <summary>Of the squared values: what rounding leaves of a perfect fit.</summary>
    const double NoLoss = 1e-20;

    readonly double[] logX, y, powers;
    readonly double middle;

    /// <param name="logX">ln x of each point.</param>
    public SaturatingPowerCurve(double[] logX, double[] y)
    {
        (this.logX, this.y, powers) = (logX, y, new double[y.Length]);
        middle = y.Length > 0 ? Mean.Of(logX) : 0;
        if (logX.Distinct().Count() < 3)
            return;
        double[] grid = [.. Enumerable.Range(0, Exponents).Select(i => ExactDouble.Log(LeastExponent)
            + i * (ExactDouble.Log(LargestExponent) - ExactDouble.Log(LeastExponent)) / (Exponents - 1))];
        double[] losses = [.. grid.Select(exponent => Project(exponent).Loss)];
        int[] lowest = [.. Enumerable.Range(0, Exponents).Where(i => losses[i] <= losses[Math.Max(i - 1, 0)]
            && losses[i] <= losses[Math.Min(i + 1, Exponents - 1)])];
        double[] ends = [.. lowest.Select(i => GoldenSection.Lowest(
            grid[Math.Max(i - 1, 0)], grid[Math.Min(i + 1, Exponents - 1)], exponent => Project(exponent).Loss))];
        (double Limit, double Height, double Loss)[] found = [.. ends.Select(Project)];
        int best = Enumerable.Range(0, ends.Length).MinBy(i => found[i].Loss);
        (Limit, double height, Loss) = found[best];
        Exponent = ExactDouble.Exp(ends[best]);
        Coefficient = height * ExactDouble.Exp(Exponent * middle);
        double rounding = NoLoss * y.Sum(value => value * value);
        Starts = ends.Length;
        Reached = found.Count(end => end.Loss <= Loss * (1 + SameLoss) + rounding);
        // Values that do not fall with x say nothing of an exponent.
        IsDefined = height > 0 && double.IsFinite(Coefficient);
    }

    /// <summary>False for fewer than three different x, and for values that do not fall with x.</summary>
    public bool IsDefined { get; }

    /// <summary>E.</summary>
    public double Limit { get; }

    /// <summary>C.</summary>
    public double Coefficient { get; }

    /// <summary>a.</summary>
    public double Exponent { get; }

    /// <summary>Half the sum of squares that is left.</summary>
    public double Loss { get; }

    public int Starts { get; }
    public int Reached { get; }

    /// <summary>The best E, and the best C of x over its geometric mean, for the exponent with this logarithm.</summary>
    (double Limit, double Height, double Loss) Project(double logExponent)
    {
        double exponent = ExactDouble.Exp(logExponent), power = 0, level = 0, squares = 0, products = 0, ofPower = 0, ofProduct = 0;
        for (int i = 0; i < y.Length; i++)
        {
            powers[i] = ExactDouble.Exp(-exponent * (logX[i] - middle));
            power += powers[i] / y.Length;
            level += y[i] / y.Length;
        }
        for (int i = 0; i < y.Length; i++)
        {
            squares += (powers[i] - power) * (powers[i] - power);
            products += (powers[i] - power) * (y[i] - level);
            ofPower += powers[i] * powers[i];
            ofProduct += powers[i] * y[i];
        }
        double height = products / squares, limit = level - height * power;
        if (!(height > 0))
            (limit, height) = (level, 0);
        else if (limit < 0)
            (limit, height) = (0, ofProduct / ofPower);
        double loss = 0;
        for (int i = 0; i < y.Length; i++)
        {
            double residual = limit + height * powers[i] - y[i];
            loss += 0.5 * residual * residual;
        }
        return (limit, height, loss);
    }
}
