extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Gates;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;
using Harness.Tests.Strategies;

namespace Harness.Tests.Pictures;

/// <summary>What a gate with Min comes to, at each true accuracy: exact, as sums over all results.</summary>
static class BoundPicture
{
    const double Min = 0.8;

    static readonly GateManifest gate = new()
    {
        Name = "min",
        Metric = GateMetric.Accuracy,
        Pool = BoundStrategies.Pool,
        Strategy = BoundStrategies.Over(BoundStrategies.Pool, "single", 1),
        Multiplier = 1,
        Difficulty = AccuracyRow.AllDifficulties,
        Baseline = "HEAD",
        Min = Min,
        Place = default,
    };

    static string Panel(int problems) => $"{problems} problems";

    static IReadOnlyList<PictureLine> Lines { get; } =
    [
        .. new[] { GateVerdict.Passes, GateVerdict.CannotTell, GateVerdict.Fails }.Select((verdict, place) =>
            new PictureLine(GateOutcome.NameOf(verdict), place switch { 0 => 2, 1 => 0, _ => 3 }) { IsPlain = true }),
    ];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("gate-min", "What a gate with Min=\"0.80\" comes to")
        {
            Explained =
            [
                "The chance of each outcome at a true accuracy; upright line: Min. At Min itself the gate passes 2 or 3 times in 100",
                "To pass for sure a model must lie well above Min, and the less far the more problems there are; in between it cannot tell",
            ],
            X = new PictureAxis("true accuracy (%)") { Low = 60, High = 100 },
            Y = new PictureAxis("chance (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(Panel(100), "each right or wrong", Lines), new PicturePanel(Panel(400), "each right or wrong", Lines),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        foreach (int problems in new[] { 100, 400 })
        {
            // Most right answers with which it fails, and with which it does not pass: outcomes rise with them.
            int fails = Last(problems, verdict => verdict == GateVerdict.Fails);
            int notPasses = Last(problems, verdict => verdict != GateVerdict.Passes);
            foreach (int percent in Enumerable.Range(60, 40))
            {
                double failed = BinomialDistribution.AtMost(fails, problems, percent / 100.0);
                double notPassed = BinomialDistribution.AtMost(notPasses, problems, percent / 100.0);
                yield return new PictureRow(Panel(problems), GateOutcome.NameOf(GateVerdict.Passes), percent, 100 * (1 - notPassed));
                yield return new PictureRow(
                    Panel(problems), GateOutcome.NameOf(GateVerdict.CannotTell), percent, 100 * (notPassed - failed));
                yield return new PictureRow(Panel(problems), GateOutcome.NameOf(GateVerdict.Fails), percent, 100 * failed);
            }
            yield return new PictureRow(Panel(problems), PicturePanel.Upright, 100 * Min, 0);
        }
    }

    static int Last(int problems, Func<GateVerdict, bool> holds)
    {
        int low = 0, high = problems;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (holds(Verdict(problems, middle)))
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    static GateVerdict Verdict(int problems, int right)
    {
        double[] values = [.. Enumerable.Range(0, problems).Select(problem => problem < right ? 1.0 : 0)];
        Interval interval = AnchoredBootstrap.OfMean(values, 1).Interval();
        AccuracyRow row = new()
        {
            Pool = gate.Pool!.Name,
            Strategy = gate.Strategy!.Name,
            Multiplier = gate.Multiplier,
            Difficulty = gate.Difficulty,
            Problems = problems,
            Accuracy = Mean.Of(values),
            CiLow = interval.Low,
            CiHigh = interval.High,
            Tokens = 1,
            Flops = 1,
        };
        return BoundCheck.Of(gate, [row], "accuracy.csv").Verdict;
    }
}
