namespace Harness.Statistics.Laws;

/// <summary>A law whose parameters are searched for from several starts, each improved by <see cref="LevenbergMarquardt"/>.</summary>
public abstract class SearchedLaw : ILaw
{
    /// <summary>An end whose loss is larger than the best by no more than this share has reached the best.</summary>
    const double SameLoss = 1e-6;

    /// <summary>Of the squared outputs: what rounding leaves of a perfect fit.</summary>
    const double NoLoss = 1e-20;

    public abstract string Name { get; }
    public abstract string Summary { get; }
    public abstract string Formula { get; }
    public abstract string Source { get; }
    public abstract IReadOnlyList<string> Inputs { get; }
    public abstract string Output { get; }
    public abstract IReadOnlyList<string> Parameters { get; }
    public virtual string LossName => $"half the sum of squares of {Output}";

    public virtual IReadOnlyList<int> ModelInputs => [];

    public virtual double Budget(ReadOnlySpan<double> inputs) => inputs[0];

    public abstract double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs);

    public LawFit Fit(LawData data, LawFit? near = null)
    {
        int[] used = [.. Enumerable.Range(0, data.Points).Where(i => CanUse(data, i))];
        int dropped = data.Points - used.Length;
        if (used.Length < Parameters.Count)
            return LawFit.Undefined(Parameters.Count, used.Length, dropped);
        ISearch search = SearchOf(dropped == 0 ? data : data.At(used));
        double[][] starts = near is { IsDefined: true } ? [.. Around(search.Inner(near.Parameters))] : [.. search.Starts()];
        (double[] Inner, double Loss)[] ends = new (double[], double)[starts.Length];
        if (near is null)
            Parallel.For(0, starts.Length, start => ends[start] = search.Improve(starts[start]));
        else
            ends = [.. starts.Select(search.Improve)];
        (double[] Inner, double Loss)[] found = [.. ends.Where(end => double.IsFinite(end.Loss))];
        if (found.Length == 0)
            return LawFit.Undefined(Parameters.Count, used.Length, dropped);
        double scale = used.Sum(i => data.Outputs[i] * data.Outputs[i]);
        (double[] best, double loss) = found.MinBy(end => end.Loss);
        int reached = found.Count(end => end.Loss <= loss * (1 + SameLoss) + NoLoss * scale);
        return new LawFit(search.Outer(best), loss, used.Length, dropped, starts.Length, reached);
    }

    /// <summary>Whether the law is defined at this point.</summary>
    protected virtual bool CanUse(LawData data, int point) =>
        double.IsFinite(data.Outputs[point]) && Array.TrueForAll(data.Inputs, input => input[point] > 0);

    /// <summary>The search for the parameters of these points.</summary>
    private protected abstract ISearch SearchOf(LawData data);

    /// <summary>Where the search begins for a resample: at the whole data's fit, and a tenth of its parameters to either side.</summary>
    static IEnumerable<double[]> Around(double[] fit) =>
        [fit, [.. fit.Select(value => value * 1.1)], [.. fit.Select(value => value * 0.9)]];

    /// <summary>The parameters as the search knows them (inner), often logarithms, and as the formula has them (outer).</summary>
    private protected interface ISearch
    {
        double[] Outer(double[] inner);
        double[] Inner(double[] outer);
        IEnumerable<double[]> Starts();
        (double[] Inner, double Loss) Improve(double[] start);
    }
}
