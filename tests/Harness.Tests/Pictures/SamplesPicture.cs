extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Engines.Simulated;
using Harness.Strategies;
using Harness.Strategies.Pooled;
using Harness.Verifiers;

namespace Harness.Tests.Pictures;

/// <summary>What k samples of a known model buy, strategy by strategy, beside the truth.</summary>
static class SamplesPicture
{
    const int Problems = 100, Samples = 64;
    const string Answers = "One answer out of k samples", Measures = "What the samples hold";

    static readonly int[] multipliers = [1, 2, 4, 8, 16, 32, 64];

    static PictureLine Line(string name, int colour, string note = "") => new(name, colour) { Curve = Truth(name), Note = note };

    static string Truth(string name) => $"{name}, truth";

    public static DrawnPicture Drawn { get; } = new(
        new Picture("k-samples", "What k samples of one model buy")
        {
            Explained =
            [
                $"Markers: estimates from {Samples} samples of each of {Problems} problems, whiskers: 95 % intervals over problems",
                "Lines: the truth of the simulated model in closed form; weighted-vote has none, its markers are joined",
            ],
            X = new PictureAxis("samples k (log scale)") { Logarithmic = multipliers },
            Y = new PictureAxis("problems (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(
                    Answers, "greedy and majority-limit as levels: one answer at temperature 0, and the vote without end",
                    [
                        Line("best-of-n", 2), new PictureLine("weighted-vote", 1), Line("majority-vote", 0),
                        new PictureLine("majority-limit", -1) { IsLevel = true, IsPlain = true, Note = $"of all {Samples} samples" },
                        new PictureLine("greedy", -1) { IsLevel = true, IsPlain = true },
                    ])
                {
                    HasWhiskers = true,
                    MovesApart = true,
                },
                new PicturePanel(
                    Measures, "measures, which return no answer",
                    [
                        Line("coverage", 3, "upper bound: nobody can deploy it") with { IsUpperBound = true },
                        Line("g-pass 50 %", 4, "at least half of k right"), Line("g-pass 100 %", 5, "pass^k: all of k right"),
                        new PictureLine("single", -1) { IsLevel = true, IsPlain = true, Note = "one sample" },
                    ])
                {
                    HasWhiskers = true,
                    MovesApart = true,
                },
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        PoolEstimates pool = KnownPool.Of(KnownPool.Model, Problems, Samples), greedy = KnownPool.Greedy(KnownPool.Model, Problems);
        SimulatedCurves truth = new(KnownPool.Model);
        MeanLogprob verifier = new();
        return
        [
            .. Estimates(Answers, "best-of-n", new BestReward(verifier), truth.BestOfN),
            .. Estimates(Answers, "weighted-vote", new WeightedVote(verifier, 500), null),
            .. Estimates(Answers, "majority-vote", new MajorityVote(), truth.Majority),
            Level(Answers, "majority-limit", pool.Accuracies(new MajorityLimitMeasure(), Samples)),
            Level(Answers, "greedy", greedy.Accuracies(new Greedy(), 1)),
            .. Estimates(Measures, "coverage", new Coverage(), truth.Coverage),
            .. Estimates(Measures, "g-pass 50 %", new GPass(50), k => truth.GPass(k, 50)),
            .. Estimates(Measures, "g-pass 100 %", new GPass(100), k => truth.GPass(k, 100)),
            Level(Measures, "single", pool.Accuracies(new SingleSample(), 1)),
        ];

        IEnumerable<PictureRow> Estimates(string panel, string name, IPooledStrategy strategy, Func<int, double>? truthAt) =>
        [
            .. multipliers.Select(k => Point(panel, name, k, pool.Accuracies(strategy, k))),
            .. truthAt is null ? [] : multipliers.Select(k => new PictureRow(panel, Truth(name), k, 100 * truthAt(k))),
        ];
    }

    static PictureRow Level(string panel, string name, double[] accuracies) => new(panel, name, 1, KnownPool.Mean(accuracies).Y);

    static PictureRow Point(string panel, string name, int k, double[] accuracies)
    {
        (double y, double low, double high) = KnownPool.Mean(accuracies);
        return new PictureRow(panel, name, k, y, low, high);
    }
}
