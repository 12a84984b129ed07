extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Engines.Simulated;
using Harness.Statistics.Laws;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Pictures;

/// <summary>Laws of coverage, fitted to 16 samples of each problem, beside what comes of 1,024.</summary>
static class CoverageLawPicture
{
    const int Problems = 300, Fitted = 16;
    const string Panel = "Fitted up to k = 16 (upright line), forecast beyond";

    static readonly SimulatedSettings model = new() { Alpha = 0.6, Beta = 1.5, Zero = 0.35 };
    static readonly int[] ks = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("laws-coverage", "Laws of coverage: what more samples would find")
        {
            Explained =
            [
                $"{Problems} problems of a simulated model, of which 35 % can never be solved: coverage goes to 65 %",
                "All three fit what they saw. Only the law that has a share of unsolvable problems levels off; coverage's is the simplest",
            ],
            X = new PictureAxis("samples k (log scale)") { Logarithmic = ks },
            Y = new PictureAxis("a right answer among k samples (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(Panel, "markers: the estimate of 16 samples of each problem",
                    [
                        new PictureLine("coverage", 0) { IsPlain = true, Note = "-ln c = a k^b" },
                        new PictureLine("beta-binomial", 1) { IsPlain = true, Note = "rates are Beta" },
                        new PictureLine("zero-inflated-beta-binomial", 2) { IsPlain = true, Note = "and a share of them 0" },
                        new PictureLine("truth", -1) { IsPlain = true, IsDashed = true, Note = "closed form" },
                        new PictureLine("seen", -1) { IsApart = true },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        PoolEstimates pool = KnownPool.Of(model, Problems, Fitted);
        Coverage coverage = new();
        double[] seen = [.. Enumerable.Range(1, Fitted).Select(k => pool.Accuracies(coverage, k).Average())];
        CoverageLaw power = new();
        LawFit powerFit = power.Fit(new LawData([[.. Enumerable.Range(1, Fitted).Select(k => (double)k)]], seen));
        LawData counts = new(
            [[.. pool.Problems.Select(_ => (double)Fitted)]], [.. pool.Problems.Select(problem => (double)problem.CorrectCount)]);
        double[] beta = new BetaBinomialLaw(hasUnsolvable: false).Fit(counts).Parameters;
        double[] inflated = new BetaBinomialLaw(hasUnsolvable: true).Fit(counts).Parameters;
        SimulatedCurves truth = new(model);
        foreach (int k in ks)
        {
            yield return new PictureRow(Panel, "coverage", k, 100 * power.Predict(powerFit.Parameters, [k]));
            yield return new PictureRow(Panel, "beta-binomial", k, 100 * BetaBinomialLaw.Coverage(beta, k));
            yield return new PictureRow(Panel, "zero-inflated-beta-binomial", k, 100 * BetaBinomialLaw.Coverage(inflated, k));
            yield return new PictureRow(Panel, "truth", k, 100 * truth.Coverage(k));
            if (k <= Fitted)
                yield return new PictureRow(Panel, "seen", k, 100 * seen[k - 1]);
        }
        yield return new PictureRow(Panel, PicturePanel.Upright, Fitted, 0);
    }
}
