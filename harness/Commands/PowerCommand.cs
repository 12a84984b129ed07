using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness power: how many problems and samples would show a wanted difference, from committed comparisons.</summary>
sealed class PowerCommand
{
    /// <summary>Samples of each problem, as multiples of what the pools have.</summary>
    static readonly double[] Times = [0.25, 0.5, 1, 2, 4, double.PositiveInfinity];

    readonly Argument<string> name = new("NAME") { Description = "An experiment, its folder or its .proj." };

    readonly Option<double> effect = DifferenceOption.Create(
        "--effect", "The difference in accuracy that is to be seen, such as 0.02 or 2%.", 0.02);

    readonly Option<bool> json = new("--json") { Description = "As JSON." };

    public static Command Create()
    {
        PowerCommand options = new();
        Command command = new(
            "power", "Say how many problems and samples would show a wanted difference between strategies, with a power of 80 %.")
        {
            options.name, options.effect, options.json,
        };
        options.name.CompletionSources.Add(_ => ExperimentArgument.Names().Select(known => new CompletionItem(known)));
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        double wanted = parsed.GetValue(effect);
        string project = ExperimentArgument.FindProject(parsed.GetRequiredValue(name));
        string path = Path.Combine(Path.GetDirectoryName(project)!, ComparisonTable.Csv.FileName);
        if (!File.Exists(path))
            throw Codes.ResultsMissing.With("there is no comparison: an experiment with one strategy and pool has none", path);
        IReadOnlyList<ComparisonRow> rows = ComparisonTable.Csv.Read(path);
        IReadOnlyDictionary<string, int> samples = SamplesOf(Path.GetDirectoryName(project)!);
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(new JsonArray([.. rows.Select(row => Json(row, wanted, samples))])));
        else
            Print(rows, wanted, samples);
        return ExitCodes.Success;
    }

    static void Print(IReadOnlyList<ComparisonRow> rows, double wanted, IReadOnlyDictionary<string, int> samples)
    {
        Console.WriteLine(
            $"Problems that would show a difference of {CsvFields.Write(wanted)} 80 times in 100, in a single test, by samples of each "
            + "problem:");
        TextTable table = new([TextTable.Left("first"), TextTable.Left("second"), TextTable.Right("problems now"),
            TextTable.Right("could see"), .. Times.Select(times => TextTable.Right(Heading(times)))]);
        foreach (ComparisonRow row in rows)
        {
            table.Add([NameOf(row.FirstPool, row.FirstStrategy, row.FirstMultiplier, samples),
                NameOf(row.SecondPool, row.SecondStrategy, row.SecondMultiplier, samples), CsvFields.Write(row.Problems),
                NumberText.Fixed(row.DetectableEffect),
                .. Times.Select(times => IsEnough(row, samples, times) ? Cell(row, wanted, times) : "")]);
        }
        table.WriteTo(Console.Out);
        foreach (string note in rows.Select(row => row.DetectableNote).Where(note => note.Length > 0).Distinct())
            Console.WriteLine($"Where other numbers of samples say nothing: {note}.");
    }

    /// <summary>Whether so many samples are as many as both strategies read.</summary>
    static bool IsEnough(ComparisonRow row, IReadOnlyDictionary<string, int> samples, double times) =>
        new[] { (row.FirstPool, row.FirstMultiplier), (row.SecondPool, row.SecondMultiplier) }.All(side =>
            !samples.TryGetValue(side.Item1, out int drawn) || times * drawn >= Math.Min(side.Item2, drawn));

    static string NameOf(string pool, string strategy, int multiplier, IReadOnlyDictionary<string, int> samples) =>
        $"{pool} {strategy} {CsvFields.Write(multiplier)}x"
            + (samples.TryGetValue(pool, out int drawn) ? $" of {CsvFields.Write(drawn)}" : "");

    static string Heading(double times) => times switch
    {
        1 => "as many",
        double.PositiveInfinity => "without end",
        _ => times.ToString("0.##x", CultureInfo.InvariantCulture),
    };

    static string Cell(ComparisonRow row, double wanted, double times) =>
        Problems(row, wanted, times) is { } problems ? problems.ToString("#,0", CultureInfo.InvariantCulture) : "";

    /// <summary>Null where it is not known.</summary>
    internal static long? Problems(ComparisonRow row, double wanted, double times)
    {
        double squared = times == 1 ? row.DetectableEffect * row.DetectableEffect
            : row.DetectableBetween * row.DetectableBetween
                + (double.IsInfinity(times) ? 0 : row.DetectableWithin * row.DetectableWithin / times);
        double problems = Math.Ceiling(row.Problems * squared / (wanted * wanted));
        return double.IsFinite(problems) ? (long)Math.Max(problems, 1) : null;
    }

    static JsonObject Json(ComparisonRow row, double wanted, IReadOnlyDictionary<string, int> samples) => new()
    {
        ["first"] = NameOf(row.FirstPool, row.FirstStrategy, row.FirstMultiplier, samples),
        ["second"] = NameOf(row.SecondPool, row.SecondStrategy, row.SecondMultiplier, samples),
        ["problems"] = row.Problems,
        ["detectable_effect"] = Number(row.DetectableEffect),
        ["detectable_between"] = Number(row.DetectableBetween),
        ["detectable_within"] = Number(row.DetectableWithin),
        ["effect"] = wanted,
        ["plans"] = new JsonArray(
        [
            .. Times.Where(times => IsEnough(row, samples, times) && Problems(row, wanted, times) is not null)
                .Select(times => (JsonNode)new JsonObject
                {
                    ["times_the_samples"] = double.IsInfinity(times) ? null : times,
                    ["problems"] = Problems(row, wanted, times),
                }),
        ]),
        ["note"] = row.DetectableNote,
    };

    static JsonNode? Number(double value) => double.IsNaN(value) ? null : value;

    static Dictionary<string, int> SamplesOf(string folder)
    {
        string path = Path.Combine(folder, RunJson.FileName);
        JsonArray? pools = File.Exists(path) ? RunJson.Read(path)["manifest"]?["pools"] as JsonArray : null;
        Dictionary<string, int> samples = [];
        foreach (JsonObject pool in pools?.OfType<JsonObject>() ?? [])
        {
            if (pool["name"]?.ToString() is { } named && int.TryParse(pool["samples"]?.ToString(), out int drawn))
                samples[named] = drawn;
        }
        return samples;
    }
}
