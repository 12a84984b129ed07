using Harness.Kernels.ExactMath;

namespace Harness.Statistics;

/// <summary>ln n! and ln Gamma(x), with the exact logarithm: the same bits everywhere.</summary>
static class LogFactorial
{
    /// <summary>Where the series is exact to a double's last digits.</summary>
    const double Large = 15;

    const double HalfLogTwoPi = 0.918938533204672741780329736406;

    /// <summary>Of the asymptotic series (Stirling's) in 1/x: B(2i) / (2i (2i - 1)).</summary>
    static readonly double[] Series =
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 5.0 / 5940, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    public static double Of(int n) => n < 2 ? 0 : Gamma(n + 1.0);

    /// <summary>ln Gamma(x).</summary>
    /// <param name="x">Above 0.</param>
    public static double Gamma(double x)
    {
        double product = 1;
        for (; x < Large; x++)
            product *= x;
        double sum = 0, square = 1 / (x * x);
        for (int i = Series.Length - 1; i >= 0; i--)
            sum = sum * square + Series[i];
        return (x - 0.5) * ExactDouble.Log(x) - x + HalfLogTwoPi + sum / x - ExactDouble.Log(product);
    }
}
