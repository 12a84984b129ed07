using Harness.Statistics.Laws;

namespace Harness.Analysis.Laws;

/// <summary>
/// A strategy's accuracy at each of its multipliers, against the multiplier or the operations that are spent. A law is judged by what
/// it predicts of the largest quarter of the multipliers from the others.
/// </summary>
sealed class CurvePoints : LawPoints
{
    readonly bool againstOperations;
    readonly IReadOnlyList<int> multipliers;
    readonly double[][] accuracies, operations;
    readonly int smaller;

    /// <param name="accuracies">[multipliers][problems].</param>
    /// <param name="operations">The same, of logical operations.</param>
    public CurvePoints(IReadOnlyList<int> multipliers, double[][] accuracies, double[][] operations, bool againstOperations)
    {
        (this.multipliers, this.accuracies, this.operations) = (multipliers, accuracies, operations);
        this.againstOperations = againstOperations;
        smaller = multipliers.Count - (int)Math.Round(HeldOutError.DefaultShare * multipliers.Count);
    }

    public override int Problems => accuracies.Length == 0 ? 0 : accuracies[0].Length;

    public override LawData All(ReadOnlySpan<int> problems) => Points(problems, multipliers.Count);

    public override LawData Smaller(ReadOnlySpan<int> problems) => Points(problems, smaller);

    public override double[] Errors(ILaw law, double[] parameters, ReadOnlySpan<int> problems)
    {
        LawData all = All(problems);
        return [.. Enumerable.Range(smaller, multipliers.Count - smaller)
            .Select(point => law.Predict(parameters, all.InputsOf(point)) - all.Outputs[point])];
    }

    public override HeldOutError HeldOut(double rootMeanSquare, double standardError) =>
        new(smaller, multipliers.Count - smaller, rootMeanSquare, standardError);

    LawData Points(ReadOnlySpan<int> problems, int count)
    {
        (double[] inputs, double[] outputs) = (new double[count], new double[count]);
        for (int point = 0; point < count; point++)
        {
            inputs[point] = againstOperations ? MeanOf(operations[point], problems) : multipliers[point];
            outputs[point] = MeanOf(accuracies[point], problems);
        }
        return new LawData([inputs], outputs);
    }

    static double MeanOf(double[] values, ReadOnlySpan<int> problems)
    {
        double sum = 0;
        foreach (int problem in problems)
            sum += values[problem];
        return sum / problems.Length;
    }
}
