using Harness.Samples;
using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Analysis.Laws;

/// <summary>
/// Coverage of a pool at every k up to its n samples, or the counts of right samples behind it. A law is judged by what it predicts from
/// the first quarter of the samples.
/// </summary>
sealed class CoveragePoints : LawPoints
{
    /// <summary>How many times the samples a forecast looks ahead.</summary>
    const int Ahead = 10;

    readonly bool asCounts;
    readonly int samples, quarter;
    readonly int[] correct, correctInQuarter;

    /// <summary>[k - 1][c]: pass@k of c right ones of all the samples, and of the first quarter.</summary>
    readonly double[][] ofAll, ofQuarter;

    /// <param name="asCounts">Whether points are problems, with their samples and right ones, in place of k with its coverage.</param>
    public CoveragePoints(IReadOnlyList<ProblemSamples> problems, bool asCounts)
    {
        this.asCounts = asCounts;
        samples = problems.Count == 0 ? 0 : problems.Min(problem => problem.Samples.Count);
        quarter = samples / 4;
        correct = [.. problems.Select(problem => problem.Samples.Take(samples).Count(sample => sample.Correct))];
        correctInQuarter = [.. problems.Select(problem => problem.Samples.Take(quarter).Count(sample => sample.Correct))];
        ofAll = Table(samples);
        ofQuarter = Table(quarter);
    }

    public override int Problems => correct.Length;

    public override IReadOnlyList<(string Name, Func<ILaw, double[], double> Value)> Forecasts =>
        [($"coverage@{Ahead * samples}", (law, parameters) => Predict(law, parameters, Ahead * samples))];

    public override LawData All(ReadOnlySpan<int> problems) => Points(problems, correct, ofAll);

    public override LawData Smaller(ReadOnlySpan<int> problems) => Points(problems, correctInQuarter, ofQuarter);

    public override double[] Errors(ILaw law, double[] parameters, ReadOnlySpan<int> problems)
    {
        double[] observed = Curve(problems, correct, ofAll);
        return [.. Enumerable.Range(quarter + 1, samples - quarter).Select(k => Predict(law, parameters, k) - observed[k - 1])];
    }

    public override HeldOutError HeldOut(double rootMeanSquare, double standardError) =>
        new(quarter, samples - quarter, rootMeanSquare, standardError);

    double Predict(ILaw law, double[] parameters, int k) =>
        asCounts ? BetaBinomialLaw.Coverage(parameters, k) : law.Predict(parameters, [k]);

    LawData Points(ReadOnlySpan<int> problems, int[] counts, double[][] table)
    {
        if (!asCounts)
            return new LawData([[.. Enumerable.Range(1, table.Length).Select(k => (double)k)]], Curve(problems, counts, table));
        double[] outputs = new double[problems.Length];
        for (int i = 0; i < problems.Length; i++)
            outputs[i] = counts[problems[i]];
        return new LawData([[.. Enumerable.Repeat((double)table.Length, problems.Length)]], outputs);
    }

    /// <summary>Mean over the problems of pass@k. It is summed by counts, so that many problems cost little.</summary>
    static double[] Curve(ReadOnlySpan<int> problems, int[] counts, double[][] table)
    {
        int[] having = new int[table.Length + 1];
        foreach (int problem in problems)
            having[counts[problem]]++;
        double[] curve = new double[table.Length];
        for (int k = 0; k < curve.Length; k++)
        {
            double sum = 0;
            for (int c = 0; c < having.Length; c++)
                sum += having[c] * table[k][c];
            curve[k] = sum / problems.Length;
        }
        return curve;
    }

    static double[][] Table(int samples) =>
    [
        .. Enumerable.Range(1, samples).Select(k =>
            Enumerable.Range(0, samples + 1).Select(c => PassAtK.Coverage(samples, c, k)).ToArray()),
    ];
}
