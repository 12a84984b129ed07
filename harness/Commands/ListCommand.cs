using System.CommandLine;
using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Records;
using Harness.Registry;
using Harness.Reports;
using Harness.Strategies;
using Harness.Tasks.Prompts;

namespace Harness.Commands;

/// <summary>harness list: what there is to run and to name in a manifest.</summary>
static class ListCommand
{
    public static Command Create()
    {
        Argument<string> kind = new("kind")
        {
            Description = "experiments, tasks, strategies, verifiers, engines, laws or models (the names that synthetic: takes).",
            DefaultValueFactory = _ => "experiments",
        };
        kind.AcceptOnlyFromAmong("experiments", "tasks", "strategies", "verifiers", "engines", "laws", "models");
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new(
            "list", "List experiments and whether each is stale, or tasks, strategies, verifiers, engines, laws, synthetic models.")
        {
            kind, json,
        };
        command.SetAction(parsed =>
        {
            string asked = parsed.GetRequiredValue(kind);
            IReadOnlyList<ListedExperiment> experiments = asked == "experiments" ? ExperimentListing.Of(ResultsFolder) : [];
            if (asked == "experiments" && experiments.Count == 0 && !parsed.GetValue(json))
                Console.WriteLine($"no experiments under {ResultsFolder}; those elsewhere are named by their folders");
            else if (asked == "experiments")
                Show(experiments, Table, parsed.GetValue(json));
            else
                Show([.. Names(asked)], Table, parsed.GetValue(json));
            return ExitCodes.Success;
        });
        return command;
    }

    static string ResultsFolder => Path.Combine(ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory), "results");

    static void Show<T>(IReadOnlyList<T> entries, Func<IReadOnlyList<T>, TextTable> table, bool json)
    {
        if (json)
            Console.WriteLine(JsonStyle.Write(entries));
        else
            table(entries).WriteTo(Console.Out);
    }

    static TextTable Table(IReadOnlyList<Named> entries)
    {
        TextTable table = new(TextTable.Left(""), TextTable.Left(""));
        foreach (Named entry in entries)
            table.Add(entry.Name, entry.About);
        return table;
    }

    static TextTable Table(IReadOnlyList<ListedExperiment> experiments)
    {
        TextTable table = new(TextTable.Left("experiment"), TextTable.Left("state"), TextTable.Left("title"), TextTable.Left(""));
        foreach (ListedExperiment experiment in experiments)
            table.Add(experiment.Name, experiment.State, experiment.About, experiment.Reason is { } reason ? $"({reason})" : "");
        return table;
    }

    static IEnumerable<Named> Names(string kind) => kind switch
    {
        "tasks" => TaskRegistry.All.Select(task =>
            new Named(task.Name, $"{task.Summary}; prompts: {string.Join(", ", PromptTemplate.NamesFor(task.Name))}")),
        "strategies" => StrategyRegistry.All.Select(strategy => new Named(strategy.Name, Describe(strategy))),
        "verifiers" => VerifierRegistry.All.Select(verifier => new Named(verifier.Name, verifier.Summary)),
        "laws" => LawRegistry.All.Select(law => new Named(
            law.Name, $"{law.Summary}: {law.Formula}; columns {string.Join(", ", law.Inputs.Append(law.Output))}")),
        "engines" => EngineRegistry.All.Select(engine => new Named(engine.Name, engine.Summary)),
        _ => SyntheticShape.Presets.Select(preset => new Named($"synthetic:{preset.Name}", $"{preset.About}; synthetic:{preset.Shape}")),
    };

    static string Describe(StrategyDefinition strategy) => string.Join("; ", new[]
    {
        $"{strategy.Kind}: {strategy.Summary}",
        strategy.VotesOnAnswers ? "votes on answers" : null,
        strategy.ReadsVerifier ? "reads a verifier" : null,
        strategy.NeedsGreedyDecoding ? "needs Temperature 0" : null,
    }.OfType<string>());

    sealed record Named(string Name, string About);
}
