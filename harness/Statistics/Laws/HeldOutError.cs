using Harness.Kernels.Sampling;

namespace Harness.Statistics.Laws;

/// <summary>How well a law that was fitted to the points of smaller budgets predicts those of the largest.</summary>
/// <param name="Fitted">Points that it was fitted to.</param>
/// <param name="Predicted">Points that were held out, and that the law predicts.</param>
/// <param name="RootMeanSquare">Of predicted - observed over the held-out points, in the output's unit; NaN where there is no fit.</param>
/// <param name="StandardError">Of that, over resamples of the held-out points.</param>
public sealed record HeldOutError(int Fitted, int Predicted, double RootMeanSquare, double StandardError)
{
    public const double DefaultShare = 0.25;
    const int Resamples = 1000;

    /// <param name="share">Of the points, those of the largest budgets, which are held out. Points of one budget stay together.</param>
    public static HeldOutError Of(ILaw law, LawData data, ulong seed, double share = DefaultShare)
    {
        double[] budgets = [.. Enumerable.Range(0, data.Points).Select(i => law.Budget(data.InputsOf(i)))];
        int[] order = [.. Enumerable.Range(0, data.Points).OrderBy(i => budgets[i])];
        int kept = data.Points - (int)Math.Round(share * data.Points);
        while (kept > 0 && kept < data.Points && budgets[order[kept]] == budgets[order[kept - 1]])
            kept--;
        LawFit fit = law.Fit(data.At(order[..kept]));
        return OfSquares(!fit.IsDefined ? [] :
            [
                .. order[kept..].Select(i => Square(law.Predict(fit.Parameters, data.InputsOf(i)) - data.Outputs[i]))
                    .Where(square => !double.IsNaN(square)),
            ], kept, seed);
    }

    /// <summary>Of squared errors of what was held out, each drawn as one; a single one has no standard error.</summary>
    /// <param name="fitted">Points that the law was fitted to.</param>
    public static HeldOutError OfSquares(double[] squares, int fitted, ulong seed)
    {
        if (squares.Length == 0)
            return new(fitted, 0, double.NaN, double.NaN);
        double error = Math.Sqrt(Mean.Of(squares));
        if (squares.Length == 1)
            return new(fitted, 1, error, double.NaN);
        double[] errors = new double[Resamples];
        for (int resample = 0; resample < Resamples; resample++)
        {
            RandomStream random = new(seed, RandomPurpose.HeldOutPoints, (uint)resample, (uint)squares.Length);
            double sum = 0;
            for (int i = 0; i < squares.Length; i++)
                sum += squares[random.Below(squares.Length)];
            errors[resample] = Math.Sqrt(sum / squares.Length);
        }
        return new(fitted, squares.Length, error, new ResampledMean(error, errors).StandardError);
    }

    static double Square(double value) => value * value;
}
