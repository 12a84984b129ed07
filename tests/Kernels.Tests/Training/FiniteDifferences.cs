namespace Kernels.Tests.Training;

/// <summary>Slopes of a function in float64.</summary>
static class FiniteDifferences
{
    const double Step = 1e-5;

    /// <summary>By central differences along one value, which is put back.</summary>
    public static double Slope(double[] values, int index, Func<double> function)
    {
        double value = values[index];
        values[index] = value + Step;
        double above = function();
        values[index] = value - Step;
        double below = function();
        values[index] = value;
        return (above - below) / (2 * Step);
    }

    /// <summary>Some indices below a count, all where they are few.</summary>
    public static IEnumerable<int> Some(int count, int most)
    {
        if (count <= most)
            return Enumerable.Range(0, count);
        var random = new Random(count);
        return Enumerable.Range(0, most).Select(_ => random.Next(count));
    }

    /// <summary>Uniform in [-1, 1).</summary>
    public static float[] Uniform(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    public static double[] Widen(float[] values) => [.. values.Select(value => (double)value)];

    public static double Dot(float[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();
}
