extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;
using Harness.Statistics.Laws;

namespace Harness.Tests.Pictures;

/// <summary>Laws over models: coverage by the compute of pretraining at each k, and by parameters, tokens and k together.</summary>
static class TrainingLawPicture
{
    const int Problems = 500, Models = 9, Fitted = 6, TokensOfParameter = 20;
    const string ByCompute = "coverage-compute: a curve for each k", Together = "train-to-test: one formula for all k";

    static readonly int[] ks = [1, 4, 16, 64];

    static string Line(int k) => k == 1 ? "one sample" : $"{k} samples";

    static IReadOnlyList<PictureLine> Lines { get; } =
        [.. ks.Select((k, place) => new PictureLine(Line(k), place) { Curve = $"{Line(k)}, law" })];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("laws-training", "Laws over models: what training and samples buy together")
        {
            Explained =
            [
                $"Markers: simulated models on {Problems} problems, {TokensOfParameter} tokens a parameter. Lines: laws fitted to the six",
                "models left of the upright line. Many samples of a small model reach what few of a large one do",
            ],
            X = new PictureAxis("compute of pretraining (FLOP, log scale)") { HasPowersOfTen = true },
            Y = new PictureAxis("a right answer among k samples (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(ByCompute, "-ln c = E(k) + C(k) compute^-a(k)", Lines),
                new PicturePanel(Together, "-ln c = E + A / N^alpha + B / D^beta + G / k^gamma", Lines),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        (int K, double Compute, double Coverage)[] points =
            [.. ks.SelectMany(k => Enumerable.Range(0, Models).Select(model => (k, Compute(model), Seen(model, k))))];
        (int K, double Compute, double Coverage)[] read = [.. points.Where(point => point.Compute < Compute(Fitted))];
        double[] outputs = [.. read.Select(point => point.Coverage)], counts = [.. read.Select(point => (double)point.K)];
        LawData byCompute = new([counts, [.. read.Select(point => point.Compute)]], outputs);
        LawData together = new(
            [[.. read.Select(point => Size(point.Compute))], [.. read.Select(point => Tokens(point.Compute))], counts], outputs);
        ILaw first = new CoverageComputeLaw().Over(byCompute);
        TrainToTestLaw second = new();
        double[] firstFit = first.Fit(byCompute).Parameters, secondFit = second.Fit(together).Parameters;
        foreach ((int k, double compute, double coverage) in points)
        {
            yield return new PictureRow(ByCompute, Line(k), compute, 100 * coverage);
            yield return new PictureRow(ByCompute, $"{Line(k)}, law", compute, 100 * first.Predict(firstFit, [k, compute]));
            yield return new PictureRow(Together, Line(k), compute, 100 * coverage);
            yield return new PictureRow(
                Together, $"{Line(k)}, law", compute, 100 * second.Predict(secondFit, [Size(compute), Tokens(compute), k]));
        }
        double between = Math.Sqrt(Compute(Fitted - 1)) * Math.Sqrt(Compute(Fitted));
        yield return new PictureRow(ByCompute, PicturePanel.Upright, between, 0);
        yield return new PictureRow(Together, PicturePanel.Upright, between, 0);
    }

    /// <summary>Half a power of ten apart.</summary>
    static double Compute(int model) => ExactDouble.Pow(10, 18 + model / 2.0);

    static double Size(double compute) => Math.Sqrt(compute / (6 * TokensOfParameter));

    static double Tokens(double compute) => TokensOfParameter * Size(compute);

    /// <summary>The share of problems of which k samples hold a right one, drawn with the chance that a law gives.</summary>
    static double Seen(int model, int k)
    {
        double[] law = [0.02, 1500, 12000, 1.1, 0.42, 0.42, 0.35];
        double chance = new TrainToTestLaw().Predict(law, [Size(Compute(model)), Tokens(Compute(model)), k]);
        int right = 0;
        for (uint problem = 0; problem < Problems; problem++)
            right += Philox.Block(1, problem, (uint)model, 0, RandomPurpose.SimulatedSample).X0 / 4294967296.0 < chance ? 1 : 0;
        return (double)right / Problems;
    }
}
