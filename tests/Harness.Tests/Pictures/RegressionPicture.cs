extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Gates;
using Harness.Manifests;
using Harness.Strategies;
using Harness.Tests.Strategies;

namespace Harness.Tests.Pictures;

/// <summary>What gates against a baseline come to, at each difference that is seen.</summary>
static class RegressionPicture
{
    const double Allowed = 0.02;
    const int Problems = 1000, Discordant = 60;
    const string Regression = "MaxRegression=\"2%\": not worse", Equivalence = "EquivalentTo, Margin=\"0.02\": as good";

    const string High95 = "95 %, high end", High90 = "90 %, high end", Low90 = "90 %, low end", Low95 = "95 %, low end";

    public static DrawnPicture Drawn { get; } = new(
        new Picture("gate-baseline", "What a gate against a baseline comes to")
        {
            Explained =
            [
                $"{Problems:#,0} problems, {Discordant} of which come out otherwise than before. Upright lines: the outcome changes there",
                "It passes where the whole 90 % interval lies within what is allowed, and fails where the whole 95 % one lies beyond",
            ],
            X = new PictureAxis("difference that is seen, now - baseline (points)") { Low = -6, High = 6 },
            Y = new PictureAxis("ends of its interval (points)") { Low = -8, High = 8 },
            Panels =
            [
                new PicturePanel(Regression, Outcomes(isTwoSided: false), [Line(High95, 0), Line(Low90, 1), Level("-2")]),
                new PicturePanel(Equivalence, Outcomes(isTwoSided: true),
                    [Line(High95, 0), Line(High90, 1), Line(Low90, 1), Line(Low95, 0), Level("+2"), Level("-2")]),
            ],
        },
        Rows);

    static PictureLine Line(string name, int colour) => new(name, colour) { IsPlain = true };

    static PictureLine Level(string name) => new(name, -1) { IsPlain = true, IsLevel = true, Note = "allowed" };

    static string Outcomes(bool isTwoSided) =>
        $"from left to right: fails, cannot tell, passes{(isTwoSided ? ", cannot tell, fails" : "")}";

    static IEnumerable<PictureRow> Rows()
    {
        IReadOnlyList<StrategyComparison> seen =
            StrategyComparison.OfAll([.. Enumerable.Range(0, Discordant + 1).Select(won => Pair(won, Discordant - won))], seed: 1);
        foreach ((string panel, bool isTwoSided) in new[] { (Regression, false), (Equivalence, true) })
        {
            GateVerdict? before = null;
            foreach (StrategyComparison difference in seen)
            {
                double y = 100 * difference.Difference;
                yield return new PictureRow(panel, High95, y, 100 * difference.CiHigh);
                yield return new PictureRow(panel, Low90, y, 100 * difference.Interval90.Low);
                if (isTwoSided)
                {
                    yield return new PictureRow(panel, High90, y, 100 * difference.Interval90.High);
                    yield return new PictureRow(panel, Low95, y, 100 * difference.CiLow);
                }
                GateVerdict verdict = BaselineCheck.Judge(Gate(isTwoSided), difference, "main").Verdict;
                if (before is not null && before != verdict)
                    yield return new PictureRow(panel, PicturePanel.Upright, y, 0);
                before = verdict;
            }
            yield return new PictureRow(panel, "-2", -6, -100 * Allowed);
            if (isTwoSided)
                yield return new PictureRow(panel, "+2", -6, 100 * Allowed);
        }
    }

    static ComparedStrategies Pair(int won, int lost) =>
        new(Estimates(problem => problem < won), Estimates(problem => problem >= won && problem < won + lost));

    static ProblemEstimate[] Estimates(Func<int, bool> isRight) =>
        [.. Enumerable.Range(0, Problems).Select(problem => new ProblemEstimate(problem, 0, isRight(problem) ? 1 : 0))];

    static GateManifest Gate(bool isTwoSided) => new()
    {
        Name = "baseline",
        Metric = GateMetric.Accuracy,
        Pool = BoundStrategies.Pool,
        Strategy = BoundStrategies.Over(BoundStrategies.Pool, "single", 1),
        Multiplier = 1,
        Difficulty = "all",
        Baseline = "main",
        MaxRegression = isTwoSided ? null : Allowed,
        EquivalentTo = isTwoSided ? "main" : null,
        Margin = isTwoSided ? Allowed : null,
        Place = default,
    };
}
