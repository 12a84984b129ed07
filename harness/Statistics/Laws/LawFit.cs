namespace Harness.Statistics.Laws;

/// <summary>A law with the parameters that fit its data best.</summary>
/// <param name="Parameters">In the order of <see cref="ILaw.Parameters"/>; NaN where the data cannot say.</param>
/// <param name="Loss">What was minimised, at the end; see <see cref="ILaw.LossName"/>.</param>
/// <param name="Points">How many points it was fitted to.</param>
/// <param name="Dropped">Points that the law cannot use, such as a coverage of 0 or 1 whose logarithm it takes.</param>
/// <param name="Starts">How many starts the search had.</param>
/// <param name="Reached">How many of them ended at the best loss.</param>
public sealed record LawFit(double[] Parameters, double Loss, int Points, int Dropped, int Starts, int Reached)
{
    /// <summary>Of too few points.</summary>
    public static LawFit Undefined(int parameters, int points, int dropped) =>
        new([.. Enumerable.Repeat(double.NaN, parameters)], double.NaN, points, dropped, 0, 0);

    public bool IsDefined => !double.IsNaN(Loss);
}
