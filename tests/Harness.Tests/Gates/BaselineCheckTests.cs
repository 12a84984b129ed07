using Harness.Analysis;
using Harness.Gates;
using Harness.Manifests;
using Harness.Statistics;

namespace Harness.Tests.Gates;

/// <summary>A gate passes by the 90 % interval, of which 5 % lie beyond an end, and fails by the 95 % interval.</summary>
sealed class BaselineCheckTests
{
    static GateVerdict Judge(bool isTwoSided, double low95, double low90, double high90, double high95)
    {
        GateManifest gate = new()
        {
            Name = "g",
            Metric = GateMetric.Accuracy,
            Difficulty = "all",
            Baseline = "HEAD",
            MaxRegression = isTwoSided ? null : 0.01,
            EquivalentTo = isTwoSided ? "HEAD" : null,
            Margin = isTwoSided ? 0.01 : null,
            Place = default,
        };
        StrategyComparison difference = new()
        {
            Problems = 300,
            First = 0.5,
            Second = 0.5,
            Difference = (low90 + high90) / 2,
            CiLow = low95,
            CiHigh = high95,
            Interval90 = new Interval(low90, high90),
            DetectableEffect = 0.02,
            ProblemsToTell = double.NaN,
            PValue = 1,
            AdjustedPValue = 1,
            Test = PairedDifference.PermutationTest,
            Verdict = new ReasonedVerdict(Verdict.CannotTell, null),
        };
        return BaselineCheck.Judge(gate, difference, "HEAD").Verdict;
    }

    [TestCase(false, -0.011, -0.009, 0.02, 0.03, GateVerdict.Passes), TestCase(false, -0.012, -0.011, 0.02, 0.03, GateVerdict.CannotTell)]
    [TestCase(false, -0.04, -0.03, -0.011, -0.009, GateVerdict.CannotTell), TestCase(false, -0.04, -0.03, -0.02, -0.011, GateVerdict.Fails)]
    [TestCase(true, -0.012, -0.009, 0.009, 0.012, GateVerdict.Passes), TestCase(true, -0.012, -0.009, 0.011, 0.012, GateVerdict.CannotTell)]
    [TestCase(true, 0.009, 0.011, 0.03, 0.04, GateVerdict.CannotTell), TestCase(true, 0.011, 0.012, 0.03, 0.04, GateVerdict.Fails)]
    public void Either_interval_decides_its_own_side(
        bool isTwoSided, double low95, double low90, double high90, double high95, GateVerdict verdict) =>
        Assert.That(Judge(isTwoSided, low95, low90, high90, high95), Is.EqualTo(verdict));
}
