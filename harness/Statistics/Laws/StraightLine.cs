namespace Harness.Statistics.Laws;

/// <summary>The line of least squares through points; undefined where all lie at one x, or where there are fewer than two.</summary>
sealed class StraightLine
{
    public StraightLine(double[] x, double[] y)
    {
        double middle = Mean.Of(x), level = Mean.Of(y), squares = 0, products = 0;
        for (int i = 0; i < x.Length; i++)
        {
            squares += (x[i] - middle) * (x[i] - middle);
            products += (x[i] - middle) * (y[i] - level);
        }
        IsDefined = x.Length > 1 && squares > 0;
        Slope = IsDefined ? products / squares : double.NaN;
        Intercept = level - Slope * middle;
        for (int i = 0; i < x.Length; i++)
        {
            double residual = Intercept + Slope * x[i] - y[i];
            Loss += 0.5 * residual * residual;
        }
    }

    public bool IsDefined { get; }
    public double Slope { get; }
    public double Intercept { get; }

    /// <summary>Half the sum of squared residuals.</summary>
    public double Loss { get; }
}
