using System.Text;
using Harness.Registry;
using Harness.Strategies;
using Harness.Tasks;
using Harness.Tasks.Prompts;

namespace Harness.Manifests;

/// <summary>The page that says all that a manifest may hold: docs/experiments.md is this text.</summary>
public static class ExperimentsPage
{
    /// <summary>Markdown, line breaks <c>\n</c>.</summary>
    public static string Markdown(Registered registered)
    {
        StringBuilder page = new();
        page.Append(ExperimentsPageText.Opening);
        Table(page, "Properties", "What the experiment is.", ExperimentAttributes.All);
        Table(page, "Placement", "Where and how it runs: never part of what the experiment is, so that no result depends on it.",
            PlacementAttributes.All);
        Table(page, "Pools",
            "A pool is all samples of one task, prompt and decoding. Attributes that belong to one task alone stand with it, below.",
            PoolAttributes.All);
        foreach (TaskDefinition task in registered.Tasks)
            Describe(page, task);
        Table(page, "Strategies", "A strategy reads a pool, and is a row of accuracy.csv for each multiplier and difficulty.",
            StrategyAttributes.All);
        page.Append("\nA strategy of the kind *pool* is a function of the pool's samples; one of the kind *search* generates for itself");
        page.Append(", and experiments do not run it.\n");
        page.Append("\n| strategy | kind | what it does | attributes of its own |\n|---|---|---|---|\n");
        foreach (StrategyDefinition strategy in registered.Strategies)
            Row(page, $"`{strategy.Name}`", strategy.Kind, strategy.Summary + Needs(strategy),
                string.Join("; ", strategy.Options.Select(Describe)));
        Table(page, "Gates", ExperimentsPageText.Gates, GateAttributes.All);
        page.Append(ExperimentsPageText.Training);
        Table(page, "Data", "What models learn from.", DataAttributes.All);
        Table(page, "Train", "A model that the experiment makes.", TrainAttributes.All);
        Table(page, "Evaluation", ExperimentsPageText.Evaluations, EvaluationAttributes.All);
        Table(page, "Law", ExperimentsPageText.Laws, LawAttributes.All);
        page.Append($"\nVerifiers: {Names(registered.Verifiers.Select(verifier => verifier.Name))}.\n");
        page.Append($"\nEngines: {Names(registered.Engines.Select(engine => engine.Name))}.\n");
        page.Append(ExperimentsPageText.Closing);
        return page.ToString();
    }

    static void Table(StringBuilder page, string title, string about, IEnumerable<AttributeDefinition> attributes)
    {
        page.Append($"\n## {title}\n{about}\n\n");
        page.Append("| name | meaning | values | default | on the command line | stale when changed |\n|---|---|---|---|---|---|\n");
        foreach (AttributeDefinition attribute in attributes)
        {
            string overridable = attribute.IsOverridable ? "yes" : "no";
            Row(page, $"`{attribute.Name}`", attribute.Summary, attribute.Values, Default(attribute), overridable, Stale(attribute.Key));
        }
    }

    static string Default(AttributeDefinition attribute) =>
        attribute.IsRequired ? "required" : attribute.DefaultSays ?? (attribute.Default is { Length: > 0 } value ? $"`{value}`" : "");

    static string Stale(KeyPart key) => key switch
    {
        KeyPart.Pools => "samples, models",
        KeyPart.Analysis => "analysis",
        _ => "nothing",
    };

    static void Describe(StringBuilder page, TaskDefinition task)
    {
        string difficulties = task.DefaultDifficulties.Count > 0
            ? $" Difficulty: {string.Join(";", task.DefaultDifficulties)} where none is given." : "";
        page.Append($"\n### Task `{task.Name}`\n{char.ToUpperInvariant(task.Summary[0])}{task.Summary[1..]}.");
        page.Append($"{difficulties} MaxTokens: {task.DefaultMaxTokens} where none is given.\n");
        if (task.Options.Count > 0)
        {
            page.Append("\n| name | meaning | values | default |\n|---|---|---|---|\n");
            foreach (TaskOption option in task.Options.Select(TaskOptionAttributes.Find))
                Row(page, $"`{option.Name}`", option.Summary, option.Values, option.Default.Length > 0 ? option.Default : "required");
        }
        page.Append("\n| template | its text |\n|---|---|\n");
        foreach (string name in PromptTemplate.NamesFor(task.Name))
            page.Append($"| `{name}` | {Lines(PromptTemplate.TextOf(task.Name, name))} |\n");
    }

    static string Needs(StrategyDefinition strategy)
    {
        string[] needs =
        [
            .. strategy.VotesOnAnswers ? ["needs a task with one right answer"] : (string[])[],
            .. strategy.ReadsVerifier ? ["reads a verifier"] : (string[])[],
            .. strategy.NeedsGreedyDecoding ? ["needs a pool at Temperature 0"] : (string[])[],
        ];
        return needs.Length == 0 ? "" : $" ({string.Join("; ", needs)})";
    }

    static string Describe(OptionDefinition option) =>
        $"`{option.Name}`: {option.Summary.TrimEnd('.')}; {option.Default} where none is given";

    static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    static string Lines(string text) => string.Join("<br>", text.Split('\n').Select(line => line.Length == 0 ? "" : $"`{line}`"));

    static void Row(StringBuilder page, params IEnumerable<string> cells) => page.Append($"| {string.Join(" | ", cells.Select(Cell))} |\n");

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
