using Harness.Comparison.Sources;
using Harness.Manifests;
using Harness.Measurement;
using Harness.Records;

namespace Harness.Gates;

/// <summary>
/// Gates of tokens/s. Two measurements of one machine were made at two times and not in turns, so that no test can tell a change of the
/// program from one of the machine's state: a gate passes or fails where that holds for all runs of both, from the slowest to the fastest.
/// </summary>
sealed class SpeedCheck(GateManifest gate, string experiment)
{
    const double Rounding = 1e-9;
    const string Measures = "measures this machine";

    /// <summary>A machine's name and its rows.</summary>
    public sealed record Measured(string Machine, IReadOnlyList<ThroughputRow> Rows);

    /// <summary>The last run's measurement of this machine; those that are committed where it made none of the same experiment.</summary>
    /// <param name="key">Of the manifest: an earlier one's measurement is another workload's.</param>
    public static IReadOnlyList<Measured> Now(string artifacts, string key, IResultSource committed, string name)
    {
        string table = Path.Combine(artifacts, ThroughputTable.Csv.FileName), run = Path.Combine(artifacts, MachineRecords.LastRun);
        if (File.Exists(table) && File.Exists(run) && RunJson.Read(run) is { } last && last["key"]?.ToString() == key
            && last["machine"]?["name"]?.ToString() is { Length: > 0 } machine)
            return [new Measured(machine, ThroughputTable.Csv.Read(table))];
        return [.. committed.Machines(name).Select(known => Of(committed, name, known))];
    }

    public GateOutcome WithinBounds(IReadOnlyList<Measured> now) => Worst(now, measured =>
    {
        if (Row(measured.Rows) is not { } row)
            return Unmeasured(measured.Machine);
        bool isSlow = row.TokensPerSecondHigh < gate.Min, isFast = row.TokensPerSecondLow > gate.Max;
        bool passes = !(row.TokensPerSecondLow < gate.Min) && !(row.TokensPerSecondHigh > gate.Max);
        return Outcome(isSlow || isFast ? GateVerdict.Fails : passes ? GateVerdict.Passes : GateVerdict.CannotTell,
            $"{Rate(measured.Machine, row)}; asked {GateText.Bounds(gate)}");
    });

    public GateOutcome AgainstBaseline(IReadOnlyList<Measured> now, IResultSource? before, string name) => Worst(now, measured =>
    {
        if (before?.Machines(experiment).Contains(measured.Machine) != true)
            return new GateOutcome(gate, GateVerdict.CannotTell, $"{name} has no tokens_per_second of {measured.Machine}");
        if (Row(measured.Rows) is not { } row)
            return Unmeasured(measured.Machine);
        string setting = MeasuredRates.SettingOf(row);
        ThroughputRow? old = Of(before, experiment, measured.Machine).Rows
            .FirstOrDefault(known => MeasuredRates.SettingOf(known) == setting);
        return old is null ? new GateOutcome(gate, GateVerdict.CannotTell, $"{name} has no tokens_per_second of {setting}")
            : old == row ? new GateOutcome(gate, GateVerdict.CannotTell, $"nothing was measured on {measured.Machine} since {name}",
                $"`dotnet build results/{experiment} -t:Rebuild` {Measures}")
            : Against(measured.Machine, row, old, name);
    });

    GateOutcome Against(string machine, ThroughputRow now, ThroughputRow old, string name)
    {
        double least = now.TokensPerSecondLow / old.TokensPerSecondHigh, most = now.TokensPerSecondHigh / old.TokensPerSecondLow;
        double allowed = gate.Margin ?? gate.MaxRegression!.Value;
        bool isTwoSided = gate.EquivalentTo is not null;
        bool passes = least >= 1 - allowed - Rounding && (!isTwoSided || most <= 1 + allowed + Rounding);
        bool fails = most < 1 - allowed || (isTwoSided && least > 1 + allowed);
        return Outcome(passes ? GateVerdict.Passes : fails ? GateVerdict.Fails : GateVerdict.CannotTell,
            $"{Rate(machine, now)}, in {name} {GateText.Number(old.TokensPerSecond)} "
            + $"({GateText.Signed(now.TokensPerSecond / old.TokensPerSecond - 1)}; all runs {GateText.Signed(least - 1)} to "
            + $"{GateText.Signed(most - 1)}); allowed {(isTwoSided ? "+-" : "-")}{GateText.Percent(allowed)}");
    }

    GateOutcome Outcome(GateVerdict verdict, string found) => new(gate, verdict, found, verdict == GateVerdict.CannotTell
        ? "the runs spread too far: measure again on a quiet machine, or in turns (`harness compare --measure`)" : "");

    GateOutcome Unmeasured(string machine) =>
        new(gate, GateVerdict.CannotTell, $"no tokens_per_second at batch {CsvFields.Write(gate.Batch)} was measured on {machine}");

    /// <summary>Of several machines the one that fails, else the one that cannot tell.</summary>
    GateOutcome Worst(IReadOnlyList<Measured> now, Func<Measured, GateOutcome> check) => now.Select(check)
        .OrderBy(outcome => outcome.Verdict switch { GateVerdict.Fails => 0, GateVerdict.CannotTell => 1, _ => 2 }).FirstOrDefault()
        ?? new GateOutcome(gate, GateVerdict.CannotTell, "no tokens_per_second was measured",
            $"`dotnet build results/{experiment} -t:Rebuild` {Measures}");

    static Measured Of(IResultSource source, string experiment, string machine)
    {
        string file = $"{MachineRecords.Folder}/{machine}/{ThroughputTable.Csv.FileName}";
        return new Measured(machine, ThroughputTable.Csv.Parse(source.Read(experiment, file)!, source.PathOf(experiment, file)));
    }

    /// <summary>At the batch that is asked for, else at the largest.</summary>
    ThroughputRow? Row(IReadOnlyList<ThroughputRow> rows) =>
        gate.Batch is { } batch ? rows.FirstOrDefault(row => row.Batch == batch) : rows.MaxBy(row => row.Batch);

    static string Rate(string machine, ThroughputRow row) =>
        $"tokens_per_second at batch {CsvFields.Write(row.Batch)} on {machine} is {GateText.Number(row.TokensPerSecond)} "
        + $"({GateText.Number(row.TokensPerSecondLow)} to {GateText.Number(row.TokensPerSecondHigh)})";
}
