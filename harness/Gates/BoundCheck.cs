using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;

namespace Harness.Gates;

/// <summary>
/// Min and Max. An accuracy passes where its whole 95 % interval lies within them, and fails where the interval lies beyond one; what is
/// counted has no interval.
/// </summary>
static class BoundCheck
{
    /// <param name="gate">One with Min or Max, of anything but a speed.</param>
    /// <param name="rows">accuracy.csv.</param>
    public static GateOutcome Of(GateManifest gate, IReadOnlyList<AccuracyRow> rows, string file)
    {
        AccuracyRow row = RowOf(gate, rows, file);
        return gate.Metric == GateMetric.Accuracy ? OfAccuracy(gate, row) : OfCount(gate, ValueOf(gate, row, file));
    }

    /// <summary>The row that a gate looks at: of a pool's share, any of the pool's.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>.</exception>
    public static AccuracyRow RowOf(GateManifest gate, IReadOnlyList<AccuracyRow> rows, string file) =>
        Find(gate, rows) ?? throw Codes.ResultsMissing.With(
            $"no row of {GateText.Subject(gate)}, which gate '{gate.Name}' looks at", file);

    /// <inheritdoc cref="RowOf"/>
    public static AccuracyRow? Find(GateManifest gate, IReadOnlyList<AccuracyRow> rows) => rows.FirstOrDefault(row =>
        row.Pool == gate.Pool!.Name && row.Difficulty == gate.Difficulty
        && (gate.Strategy is null || (row.Strategy == gate.Strategy.Name && row.Multiplier == gate.Multiplier)));

    /// <exception cref="HarnessException"><see cref="Codes.RecordingLacks"/>: the value is unknown.</exception>
    public static double ValueOf(GateManifest gate, AccuracyRow row, string file)
    {
        double value = gate.Metric switch
        {
            GateMetric.Accuracy => row.Accuracy,
            GateMetric.Tokens => row.Tokens,
            GateMetric.Flops => row.Flops,
            GateMetric.CutOff => row.CutOff,
            GateMetric.NoAnswer => row.NoAnswer,
            _ => throw new InvalidOperationException($"{gate.Metric} is not in accuracy.csv"),
        };
        return double.IsNaN(value)
            ? throw Codes.RecordingLacks.With($"{GateText.Subject(gate)}, which gate '{gate.Name}' looks at, is not known", file)
            : value;
    }

    static GateOutcome OfCount(GateManifest gate, double value) => new(
        gate, value < gate.Min || value > gate.Max ? GateVerdict.Fails : GateVerdict.Passes,
        $"{GateText.Subject(gate)} is {GateText.Number(value)}; asked {GateText.Bounds(gate)}");

    static GateOutcome OfAccuracy(GateManifest gate, AccuracyRow row)
    {
        double low = gate.Min ?? double.NegativeInfinity, high = gate.Max ?? double.PositiveInfinity;
        string found = $"{GateText.Subject(gate)} is {GateText.Accuracy(row.Accuracy)} ({GateText.Between(row.CiLow, row.CiHigh)}) on "
            + $"{CsvFields.Write(row.Problems)} problems; asked {GateText.Bounds(gate)}";
        if (double.IsNaN(row.Accuracy))
            return new GateOutcome(gate, GateVerdict.CannotTell, found, "it is not defined for so few samples");
        if (row.CiLow >= low && row.CiHigh <= high)
            return new GateOutcome(gate, GateVerdict.Passes, found);
        return row.CiHigh < low || row.CiLow > high ? new GateOutcome(gate, GateVerdict.Fails, found)
            : new GateOutcome(gate, GateVerdict.CannotTell, found, WouldTell(row, low, high));
    }

    /// <summary>The end that the interval reaches over decides, and its width falls with the root of the number of problems.</summary>
    static string WouldTell(AccuracyRow row, double low, double high)
    {
        double needed = 1;
        foreach ((double bound, bool isReached) in new[] { (low, row.CiLow < low), (high, row.CiHigh > high) })
        {
            if (!isReached)
                continue;
            double half = row.Accuracy >= bound ? row.Accuracy - row.CiLow : row.CiHigh - row.Accuracy;
            needed = Math.Max(needed, half / Math.Abs(row.Accuracy - bound));
        }
        return ProblemCount.WouldTell(row.Problems * needed * needed);
    }
}
