using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// A curve over one input whose level and height are linear: y = level + height g(x; shape). Each start is a shape; level and height are
/// those of least squares for it.
/// </summary>
public abstract class CurveLaw(string input) : SearchedLaw
{
    public override IReadOnlyList<string> Inputs { get; } = [input];

    /// <summary>Shapes from which the search starts, for inputs between these.</summary>
    protected abstract IEnumerable<double[]> Shapes(double least, double largest);

    /// <summary>g, with its derivatives by the parameters of the shape.</summary>
    protected abstract double Rise(ReadOnlySpan<double> shape, double x, Span<double> derivatives);

    /// <summary>The formula's parameters for a level, a height and a shape.</summary>
    protected abstract double[] Outer(double level, double height, ReadOnlySpan<double> shape);

    /// <summary>The reverse: level, height, shape.</summary>
    protected abstract double[] Inner(ReadOnlySpan<double> parameters);

    public override double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs)
    {
        double[] inner = Inner(parameters);
        return inner[0] + inner[1] * Rise(inner.AsSpan(2), inputs[0], new double[inner.Length - 2]);
    }

    private protected override ISearch SearchOf(LawData data) => new Search(this, data);

    sealed class Search(CurveLaw law, LawData data) : ISearch
    {
        readonly double[] x = data.Inputs[0];

        public double[] Outer(double[] inner) => law.Outer(inner[0], inner[1], inner.AsSpan(2));

        public double[] Inner(double[] outer) => law.Inner(outer);

        public IEnumerable<double[]> Starts()
        {
            foreach (double[] shape in law.Shapes(x.Min(), x.Max()))
            {
                double[] unused = new double[shape.Length];
                StraightLine line = new([.. x.Select(value => law.Rise(shape, value, unused))], data.Outputs);
                if (line.IsDefined)
                    yield return [line.Intercept, line.Slope, .. shape];
            }
        }

        public (double[] Inner, double Loss) Improve(double[] start)
        {
            int parameters = start.Length;
            return new LevenbergMarquardt(x.Length, parameters, (inner, residuals, derivatives) =>
            {
                for (int i = 0; i < x.Length; i++)
                {
                    Span<double> row = derivatives.Slice(i * parameters, parameters);
                    double rise = law.Rise(inner[2..], x[i], row[2..]);
                    residuals[i] = inner[0] + inner[1] * rise - data.Outputs[i];
                    if (!double.IsFinite(residuals[i]))
                        return false;
                    (row[0], row[1]) = (1, rise);
                    foreach (ref double byShape in row[2..])
                        byShape *= inner[1];
                }
                return true;
            }).Minimise(start);
        }
    }

    /// <summary>Values between two at equal ratios, both included.</summary>
    private protected static IEnumerable<double> Geometric(double from, double to, int count) => Enumerable.Range(0, count)
        .Select(i => from * ExactDouble.Pow(to / from, (double)i / (count - 1)));
}
