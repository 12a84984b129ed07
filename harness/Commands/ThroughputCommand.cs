using System.CommandLine;
using Harness.Diagnostics;
using Harness.Measurement;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness throughput: what was measured now beside what was measured before.</summary>
sealed class ThroughputCommand
{
    readonly Argument<string> before = new("before") { Description = "The throughput.csv of before, or what harness bench --json wrote." };
    readonly Argument<string> after = new("after") { Description = "The same of now, of a machine of the same name." };
    readonly Option<double> least =
        new("--least") { Description = "Least share of the earlier tokens/s that passes.", DefaultValueFactory = _ => 0.8 };
    readonly Option<bool> json = new("--json") { Description = "As JSON." };

    public static Command Create()
    {
        ThroughputCommand options = new();
        Command command = new(
            "throughput",
            "Compare two measurements of a machine; exit status 1 where a setting has become slower, 2 where none is in both.")
        {
            options.before, options.after, options.least, options.json,
        };
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        double share = parsed.GetRequiredValue(least);
        if (!(share > 0))
            throw Codes.UsageError.With($"--least is {share}; expected a share above 0, such as 0.8");
        string path = Path.GetFullPath(parsed.GetRequiredValue(after));
        ThroughputComparison comparison = ThroughputComparison.Of(
            MeasuredRates.Read(Path.GetFullPath(parsed.GetRequiredValue(before))), MeasuredRates.Read(path));
        HashSet<ThroughputChange> slower = [.. comparison.Slower(share)];
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(Describe(comparison, slower, share)));
        else
            Print(comparison, slower, share);
        if (comparison.Changes.Count == 0)
            throw Codes.NothingToCompare.With($"none of its settings is in {parsed.GetRequiredValue(before)}", path);
        return slower.Count == 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    static object Describe(ThroughputComparison comparison, HashSet<ThroughputChange> slower, double share) => new
    {
        Least = share,
        Slower = slower.Count,
        Changes = comparison.Changes.Select(change =>
            new { change.Setting, change.Before, change.After, change.Ratio, Slower = slower.Contains(change) }),
        comparison.Unmatched,
    };

    static void Print(ThroughputComparison comparison, HashSet<ThroughputChange> slower, double share)
    {
        TextTable table = new(
            TextTable.Left("setting"), TextTable.Right("tokens/s before"), TextTable.Right("now"), TextTable.Right("ratio"),
            TextTable.Left(""));
        foreach (ThroughputChange change in comparison.Changes)
        {
            string verdict = slower.Contains(change) ? $"below {share}" : "";
            table.Add(change.Setting, $"{change.Before:G4}", $"{change.After:G4}", $"{change.Ratio:F2}x", verdict);
        }
        foreach (string setting in comparison.Unmatched)
            table.Add(setting, "", "", "", "in one file only");
        table.WriteTo(Console.Out);
        Console.WriteLine($"{slower.Count} of {comparison.Changes.Count} settings slower than {share} of before");
    }
}
