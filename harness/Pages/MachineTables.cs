using System.Globalization;
using Harness.Records;
using Harness.Reports;

namespace Harness.Pages;

/// <summary>The machines of measurements, and what was measured on them.</summary>
static class MachineTables
{
    static readonly (string Title, string Member)[] Facts =
    [
        ("device", "device"), ("instruction set", "isa"), ("processors", "processors"), ("threads", "threads"), ("system", "os"),
        ("runtime", "runtime"),
    ];

    /// <summary>A row a machine, with the experiments that were measured on it; one that changed between them has two.</summary>
    public static TextTable Machines(IEnumerable<CommittedExperiment> experiments)
    {
        TextTable table = new([TextTable.Left("machine"), .. Facts.Select(fact =>
            fact.Member is "processors" or "threads" ? TextTable.Right(fact.Title) : TextTable.Left(fact.Title)),
            TextTable.Left("measured")]);
        foreach (IGrouping<string, (CommittedExperiment Experiment, MeasuredMachine Machine)> same in experiments
            .SelectMany(experiment => experiment.Machines.Select(machine => (experiment, machine)))
            .GroupBy(measured => string.Join('\0', Row(measured.machine))).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            table.Add([.. Row(same.First().Machine), string.Join(", ", same.Select(measured => measured.Experiment.Name))]);
        }
        return table;

        static string[] Row(MeasuredMachine machine) =>
            [machine.Name, .. Facts.Select(fact => machine.Facts[fact.Member]?.ToString() ?? "")];
    }

    /// <summary>A row a machine, precision and batch size.</summary>
    public static TextTable Throughput(CommittedExperiment experiment)
    {
        TextTable table = new(
            TextTable.Left("machine"), TextTable.Left("precision"), TextTable.Left("device"), TextTable.Left("instruction set"),
            TextTable.Right("threads"), TextTable.Right("batch"), TextTable.Right("tokens/s (slowest to fastest)"),
            TextTable.Right("samples/s"), TextTable.Right("share of the ceiling"), TextTable.Right("joules/token"));
        foreach (MeasuredMachine machine in experiment.Machines)
        {
            foreach (ThroughputRow row in machine.Throughput)
            {
                table.Add(
                    machine.Name, row.Precision, row.Device, row.Isa, CsvFields.Write(row.Threads), CsvFields.Write(row.Batch),
                    $"{Rate(row.TokensPerSecond)} ({Rate(row.TokensPerSecondLow)} to {Rate(row.TokensPerSecondHigh)})",
                    Rate(row.SamplesPerSecond), row.CeilingShare is { } share ? NumberText.Fixed(share) : "",
                    row.JoulesPerToken is { } joules ? joules.ToString("G3", CultureInfo.InvariantCulture) : "");
            }
        }
        return table;
    }

    static string Rate(double rate) => rate.ToString(rate < 100 ? "0.##" : "0", CultureInfo.InvariantCulture);
}
