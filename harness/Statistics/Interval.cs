namespace Harness.Statistics;

/// <summary>A confidence interval, closed; both ends NaN where the quantity is undefined.</summary>
public readonly record struct Interval(double Low, double High)
{
    public static Interval Undefined { get; } = new(double.NaN, double.NaN);
}
