using System.CommandLine;
using Harness.Diagnostics;
using Harness.Measurement;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness throughput: what was measured now beside what was committed.</summary>
sealed class ThroughputCommand
{
    readonly Argument<string> before = new("before") { Description = "The throughput.csv of before." };
    readonly Argument<string> after = new("after") { Description = "The throughput.csv of now, of a machine of the same name." };
    readonly Option<double> least = new("--least") { Description = "Least share of the earlier tokens/s that passes.", DefaultValueFactory = _ => 0.8 };

    public static Command Create()
    {
        ThroughputCommand options = new();
        Command command = new("throughput", "Compare two measurements of a machine; exit status 1 where a setting has become slower.")
        {
            options.before, options.after, options.least,
        };
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        double share = parsed.GetRequiredValue(least);
        if (!(share > 0))
            throw Codes.UsageError.With($"--least is {share}; expected a share above 0, such as 0.8");
        ThroughputComparison comparison = ThroughputComparison.Of(Read(parsed.GetRequiredValue(before)), Read(parsed.GetRequiredValue(after)));
        HashSet<ThroughputChange> slower = [.. comparison.Slower(share)];
        foreach (ThroughputChange change in comparison.Changes)
            Console.WriteLine($"{change.Setting}: {change.Before:G4} tokens/s before, {change.After:G4} now, {change.Ratio:F2}x{(slower.Contains(change) ? $" (below {share})" : "")}");
        foreach (string setting in comparison.Unmatched)
            Console.WriteLine($"{setting}: in one file only");
        Console.WriteLine($"{slower.Count} of {comparison.Changes.Count} settings slower than {share} of before");
        return slower.Count == 0 ? ExitCodes.Success : ExitCodes.Differs;
    }

    static IReadOnlyList<ThroughputRow> Read(string path) => ThroughputTable.Csv.Read(Path.GetFullPath(path));
}
