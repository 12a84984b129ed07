using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Analysis.Laws;

/// <summary>
/// The points of a law that problems of a pool give. Problems are the clusters: a resample draws problems, and its points are made from
/// those again, since points of one curve are not independent.
/// </summary>
abstract class LawPoints
{
    public abstract int Problems { get; }

    /// <summary>All points, of the problems at these places; a place may occur more than once.</summary>
    public abstract LawData All(ReadOnlySpan<int> problems);

    /// <summary>Those of the smaller budgets, made without what was spent beyond them.</summary>
    public abstract LawData Smaller(ReadOnlySpan<int> problems);

    /// <summary>Predicted - observed at each of the larger budgets.</summary>
    public abstract double[] Errors(ILaw law, double[] parameters, ReadOnlySpan<int> problems);

    /// <summary>What else a fit says: a name, and its value for the parameters.</summary>
    public virtual IReadOnlyList<(string Name, Func<ILaw, double[], double> Value)> Forecasts => [];

    /// <summary>Of how many smaller budgets the larger ones are predicted, and how well.</summary>
    public abstract HeldOutError HeldOut(double rootMeanSquare, double standardError);

    public double RootMeanSquare(ILaw law, LawFit fit, ReadOnlySpan<int> problems)
    {
        double[] errors = fit.IsDefined ? Errors(law, fit.Parameters, problems) : [];
        return Math.Sqrt(Mean.Of([.. errors.Select(error => error * error)]));
    }
}
