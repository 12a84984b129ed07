using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Harness.Statistics;

/// <summary>
/// The anchored percentile bootstrap of a mean over problems. Problems are the clusters: a problem's samples stay together in its one
/// value, so that many samples of few problems do not pass for many observations. Two pseudo-problems of the most extreme values are
/// resampled with them, so that an interval never claims certainty where all problems happen to be alike (the percentile bootstrap is
/// Efron's, 1979; two successes and two failures added to a binomial sample are Agresti and Coull's, 1998).
/// </summary>
public static class AnchoredBootstrap
{
    public const int DefaultResamples = 10_000;

    static int Lanes => Vector256<double>.Count;

    /// <summary>Resamples the means of several vectors, each with one value for each problem, all with the same draws.</summary>
    /// <param name="vectors">Each has the shape [problems]. A vector's result does not depend on the other vectors.</param>
    /// <returns>One result for each vector; undefined where the vector holds a NaN or there is no problem.</returns>
    public static ResampledMean[] OfMeans(
        IReadOnlyList<double[]> vectors, ProblemDraws draws, Anchors anchors, int resamples = DefaultResamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        foreach (double[] vector in vectors)
            ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, draws.Problems);
        if (vectors.Count == 0 || draws.Problems == 0)
            return [.. vectors.Select(_ => ResampledMean.Undefined)];

        int width = (vectors.Count + Lanes - 1) / Lanes * Lanes;
        double[] values = Interleave(vectors, anchors, width);
        double[][] means = [.. vectors.Select(_ => new double[resamples])];
        Parallel.For(
            0,
            resamples,
            () => (Sums: new double[width], Drawn: new int[draws.Draws]),
            (resample, _, own) =>
            {
                draws.Fill(resample, own.Drawn);
                Sum(values, width, own.Drawn, own.Sums);
                for (int v = 0; v < means.Length; v++)
                    means[v][resample] = own.Sums[v] / own.Drawn.Length;
                return own;
            },
            _ => { });
        ResampledMean[] resampled = new ResampledMean[vectors.Count];
        Parallel.For(0, resampled.Length, v => resampled[v] = vectors[v].Any(double.IsNaN)
            ? ResampledMean.Undefined
            : new(Mean.Of(vectors[v]), means[v]));
        return resampled;
    }

    /// <summary>The same for one vector of accuracies, for problems of one difficulty.</summary>
    public static ResampledMean OfMean(double[] values, ulong seed, int resamples = DefaultResamples) =>
        OfMeans([values], new(new int[values.Length], seed), Anchors.Accuracy, resamples)[0];

    /// <summary>[problems + 2 anchors, width]: a draw's values of all vectors lie side by side.</summary>
    static double[] Interleave(IReadOnlyList<double[]> vectors, Anchors anchors, int width)
    {
        int problems = vectors[0].Length;
        double[] values = new double[(problems + 2) * width];
        for (int v = 0; v < vectors.Count; v++)
        {
            for (int problem = 0; problem < problems; problem++)
                values[problem * width + v] = vectors[v][problem];
            values[problems * width + v] = anchors.First;
            values[(problems + 1) * width + v] = anchors.Second;
        }
        return values;
    }

    /// <summary>Each vector's sum runs over the draws in their order: lanes are vectors, so their number changes no bit.</summary>
    static void Sum(double[] values, int width, int[] drawn, double[] sums)
    {
        for (int lane = 0; lane < width; lane += Lanes)
        {
            Vector256<double> sum = Vector256<double>.Zero;
            ref double column = ref MemoryMarshal.GetArrayDataReference(values);
            foreach (int problem in drawn)
                sum += Vector256.LoadUnsafe(ref column, (nuint)(problem * width + lane));
            sum.CopyTo(sums, lane);
        }
    }
}
