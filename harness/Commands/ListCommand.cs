using System.CommandLine;
using System.Text.Json;
using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Strategies;
using Harness.Tasks.Prompts;

namespace Harness.Commands;

/// <summary>harness list: what there is to run and to name in a manifest.</summary>
static class ListCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        Argument<string> kind = new("kind") { Description = "experiments, tasks, strategies or models (the names that synthetic: takes).", DefaultValueFactory = _ => "experiments" };
        kind.AcceptOnlyFromAmong("experiments", "tasks", "strategies", "models");
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("list", "List experiments, tasks, strategies or synthetic models.") { kind, json };
        command.SetAction(parsed =>
        {
            (string Name, string About)[] entries = [.. Entries(parsed.GetRequiredValue(kind))];
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(entries.Select(entry => new { name = entry.Name, about = entry.About }), Indented));
            else
                Print(entries);
            return ExitCodes.Success;
        });
        return command;
    }

    static void Print((string Name, string About)[] entries)
    {
        int width = entries.Select(entry => entry.Name.Length).DefaultIfEmpty().Max();
        foreach ((string name, string about) in entries)
            Console.WriteLine($"{name.PadRight(width)}  {about}".TrimEnd());
    }

    static IEnumerable<(string, string)> Entries(string kind) => kind switch
    {
        "tasks" => TaskRegistry.All.Select(task => (task.Name, $"{task.Summary}; prompts: {string.Join(", ", PromptTemplate.NamesFor(task.Name))}")),
        "strategies" => StrategyRegistry.All.Select(strategy => (strategy.Name, Describe(strategy))),
        "models" => SyntheticShape.Presets.Select(preset => ($"synthetic:{preset.Name}", $"{preset.About}; synthetic:{preset.Shape}")),
        _ => Experiments(),
    };

    static string Describe(StrategyDefinition strategy) => string.Join("; ", new[]
    {
        strategy.Summary,
        strategy.VotesOnAnswers ? "votes on answers" : null,
        strategy.ReadsVerifier ? "reads a verifier" : null,
        strategy.NeedsGreedyDecoding ? "needs Temperature 0" : null,
    }.OfType<string>());

    static IEnumerable<(string, string)> Experiments()
    {
        string results = Path.Combine(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory), "results");
        if (!Directory.Exists(results))
            yield break;
        foreach (string folder in Directory.EnumerateDirectories(results).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(folder), project = Path.Combine(folder, $"{name}.proj");
            if (!File.Exists(project))
                continue;
            string title = ProjectXml.Read(project).Children("PropertyGroup").LastOrDefault(element => element.Name.LocalName == "Title")?.Value ?? "";
            yield return (name, File.Exists(Path.Combine(folder, RunJson.FileName)) ? title : $"{title} (not run yet)");
        }
    }
}
