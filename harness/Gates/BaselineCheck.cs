using System.Globalization;
using Harness.Analysis;
using Harness.Comparison;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;

namespace Harness.Gates;

/// <summary>
/// MaxRegression and EquivalentTo, of anything but a speed. Accuracies are compared problem by problem: a gate passes where the 90 %
/// interval of the difference lies within what is allowed (so that 5 % of truly worse results pass), and fails where the 95 % interval
/// lies beyond it.
/// </summary>
static class BaselineCheck
{
    /// <summary>Normal quantiles of .95 and .975.</summary>
    const double OneSided = 1.6448536269514722, TwoSided = 1.959963984540054;

    /// <param name="before">The experiment's files on the baseline's side.</param>
    /// <param name="name">The baseline, as a reader knows it.</param>
    public static GateOutcome Of(GateManifest gate, ExperimentFiles before, ExperimentFiles after, string name, ulong seed) =>
        gate.Metric == GateMetric.Accuracy ? OfAccuracy(gate, before, after, name, seed) : OfCount(gate, before, after, name);

    static GateOutcome OfCount(GateManifest gate, ExperimentFiles before, ExperimentFiles after, string name)
    {
        if (BoundCheck.Find(gate, before.Accuracy) is not { } old)
            return Absent(gate, name);
        double was = BoundCheck.ValueOf(gate, old, name);
        double now = BoundCheck.ValueOf(gate, BoundCheck.RowOf(gate, after.Accuracy, after.AccuracyPath), after.AccuracyPath);
        bool isShare = gate.Metric is GateMetric.CutOff or GateMetric.NoAnswer;
        const double rounding = 1e-9;
        double change = isShare ? now - was : was == now ? 0 : now / was - 1;
        double allowed = gate.Margin ?? gate.MaxRegression!.Value;
        bool passes = change <= allowed + rounding && (gate.EquivalentTo is null || change >= -allowed - rounding);
        return new GateOutcome(gate, passes ? GateVerdict.Passes : GateVerdict.Fails,
            $"{GateText.Subject(gate)} is {GateText.Number(now)}, in {name} {GateText.Number(was)} ({GateText.Signed(change)}); "
            + $"allowed {(gate.EquivalentTo is null ? "+" : "+-")}{GateText.Percent(allowed)}");
    }

    static GateOutcome OfAccuracy(GateManifest gate, ExperimentFiles before, ExperimentFiles after, string name, ulong seed)
    {
        if (BoundCheck.Find(gate, before.Accuracy) is null)
            return Absent(gate, name);
        PoolSamples samples = PoolSamples.Of(before, after).First(pool => pool.Pool == gate.Pool!.Name);
        (ComparedStrategies? pair, string refusal) =
            new PairedPool(before, after, samples).Of(gate.Strategy!.Name, gate.Multiplier);
        if (pair is null)
        {
            return new GateOutcome(
                gate, GateVerdict.CannotTell, $"{GateText.Subject(gate)} can't be compared with {name}: {refusal}");
        }
        // The same samples may be read by a strategy that has other options.
        if (samples.IsIdentical && pair.Accuracies.First.AsSpan().SequenceEqual(pair.Accuracies.Second))
        {
            return new GateOutcome(gate, GateVerdict.Passes,
                $"the samples of {gate.Pool!.Name} are identical to those of {name}, and so is {GateText.Subject(gate)}");
        }
        ComparedStrategies asked = gate.Difficulty == AccuracyRow.AllDifficulties ? pair
            : pair.OfDifficulty(int.Parse(gate.Difficulty, CultureInfo.InvariantCulture));
        return Judge(gate, StrategyComparison.OfAll([asked], seed)[0], name);
    }

    /// <param name="difference">Later side first.</param>
    internal static GateOutcome Judge(GateManifest gate, StrategyComparison difference, string name)
    {
        bool isTwoSided = gate.EquivalentTo is not null;
        double allowed = gate.Margin ?? gate.MaxRegression!.Value;
        bool passes = difference.Interval90.Low >= -allowed && (!isTwoSided || difference.Interval90.High <= allowed);
        bool fails = difference.CiHigh < -allowed || (isTwoSided && difference.CiLow > allowed);
        string found = $"{GateText.Subject(gate)} is {GateText.Accuracy(difference.First)}, in {name} "
            + $"{GateText.Accuracy(difference.Second)}: {GateText.Accuracy(difference.Difference)} "
            + $"(90 %: {GateText.Between(difference.Interval90.Low, difference.Interval90.High)}) on {difference.Problems} problems; "
            + (isTwoSided ? $"allowed +-{GateText.Number(allowed)}" : $"allowed -{GateText.Number(allowed)} and better");
        return passes ? new GateOutcome(gate, GateVerdict.Passes, found)
            : fails ? new GateOutcome(gate, GateVerdict.Fails, found)
            : new GateOutcome(gate, GateVerdict.CannotTell, found, WouldTell(difference, allowed, isTwoSided));
    }

    static string WouldTell(StrategyComparison difference, double allowed, bool isTwoSided)
    {
        double error = difference.DetectableEffect / PairedDifference.DetectableErrors;
        double room = isTwoSided ? allowed - Math.Abs(difference.Difference) : allowed + difference.Difference;
        double errors = room >= 0 ? OneSided : TwoSided;
        return ProblemCount.WouldTell(Math.Max(difference.Problems + 1, difference.Problems * Math.Pow(errors * error / room, 2)));
    }

    static GateOutcome Absent(GateManifest gate, string name) =>
        new(gate, GateVerdict.CannotTell, $"{name} has no {GateText.Subject(gate)}");
}
