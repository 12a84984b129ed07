extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Engines.Simulated;
using Harness.Statistics.Laws;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Pictures;

/// <summary>Laws of a vote's accuracy, fitted to the first multipliers.</summary>
static class AccuracyLawPicture
{
    const int Problems = 300, Samples = 64, Fitted = 16;
    const string Panel = "A majority vote, fitted up to k = 16 (upright line), forecast beyond";

    static readonly int[] ks = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];

    static readonly ILaw[] laws = [new SaturatingExponential(), new PowerLaw(), new SigmoidLaw(), new LogLinearLaw()];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("laws-accuracy", "Laws of accuracy: where a vote goes with more compute")
        {
            Explained =
            [
                $"{Problems} problems of the simulated model. Up to k = 16 four laws fit alike; beyond, only those with a near limit",
                "follow the vote. power's limit lies far off, so that its line is that of log-linear",
            ],
            X = new PictureAxis("compute multiplier k (log scale)") { Logarithmic = ks },
            Y = new PictureAxis("problems answered right (%)") { Low = 0 },
            Panels =
            [
                new PicturePanel(Panel, "each law read the eight markers up to k = 16",
                    [
                        new PictureLine("log-linear", 3) { IsPlain = true, Note = "a + b log10 C" },
                        new PictureLine("power", 1) { IsPlain = true, Note = "E + A C^-alpha" },
                        new PictureLine("sigmoid", 2) { IsPlain = true, Note = "between two limits in log C" },
                        new PictureLine("saturating-exponential", 0) { IsPlain = true, Note = "A - B exp(-k / tau)" },
                        new PictureLine("estimates", -1) { IsApart = true },
                        new PictureLine("truth", -1) { IsPlain = true, IsDashed = true, Note = "closed form" },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        PoolEstimates pool = KnownPool.Of(KnownPool.Model, Problems, Samples);
        MajorityVote vote = new();
        double[] seen = [.. ks.Where(k => k <= Samples).Select(k => pool.Accuracies(vote, k).Average())];
        int[] read = [.. ks.Where(k => k <= Fitted)];
        LawData data = new([[.. read.Select(k => (double)k)]], seen[..read.Length]);
        foreach (ILaw law in laws)
        {
            LawFit fit = law.Fit(data);
            foreach (int k in ks)
                yield return new PictureRow(Panel, law.Name, k, 100 * law.Predict(fit.Parameters, [k]));
        }
        for (int place = 0; place < seen.Length; place++)
            yield return new PictureRow(Panel, "estimates", ks[place], 100 * seen[place]);
        SimulatedCurves truth = new(KnownPool.Model);
        foreach (int k in ks)
            yield return new PictureRow(Panel, "truth", k, 100 * truth.Majority(k));
        yield return new PictureRow(Panel, PicturePanel.Upright, Fitted, 0);
    }
}
