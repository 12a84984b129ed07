using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using Harness.Diagnostics;
using Harness.History;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness history: the committed results of an experiment over the commits that changed them.</summary>
sealed class HistoryCommand
{
    readonly Argument<string> name = new("NAME") { Description = "An experiment: a folder under results/." };

    readonly Option<string[]> pools = new("--pool") { Description = "Only these pools.", AllowMultipleArgumentsPerToken = true };

    readonly Option<string[]> strategies = new("--strategy")
    {
        Description = "Only these strategies.",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<int[]> multipliers = new("--multiplier")
    {
        Description = "Only these multipliers. By default the largest that each strategy of a pool has now.",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string[]> metrics = new("--metric")
    {
        Description = "What is followed. By default all.",
        AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<string?> since = new("--since")
    {
        Description = "Begin with the results that this commit, tag or branch has.",
        HelpName = "commit",
    };

    readonly Option<int?> last = new("--last") { Description = "Only the newest N commits that changed something.", HelpName = "N" };

    readonly Option<double> margin = DifferenceOption.Create(
        "--margin", "A smaller difference in accuracy does not matter: what is sure to be within it is the same. 0: none is stated.", 0);

    readonly Option<bool> markdown = new("--markdown") { Description = StepSummary.Description };
    readonly Option<bool> json = new("--json") { Description = "As JSON, with the commits too at which a row did not move." };

    readonly Option<string?> plots = new("--plots")
    {
        Description = "Folder for a plot of each metric against the commits.",
        HelpName = "folder",
    };

    static IReadOnlyDictionary<string, HistoryMetric> Metrics { get; } = new Dictionary<string, HistoryMetric>
    {
        ["accuracy"] = HistoryMetric.Accuracy,
        ["tokens"] = HistoryMetric.Tokens,
        ["flops"] = HistoryMetric.Flops,
        ["tokens_per_second"] = HistoryMetric.TokensPerSecond,
    };

    public static Command Create()
    {
        HistoryCommand options = new();
        Command command = new(
            "history", "Follow an experiment's committed results over the commits that changed them: accuracy, tokens, FLOPs, tokens/s.")
        {
            options.name, options.pools, options.strategies, options.multipliers, options.metrics, options.since, options.last,
            options.margin, options.markdown, options.json, options.plots,
        };
        options.metrics.AcceptOnlyFromAmong([.. Metrics.Keys]);
        options.name.CompletionSources.Add(_ => ExperimentArgument.Names().Select(known => new CompletionItem(known)));
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        double within = parsed.GetValue(margin);
        if (parsed.GetValue(last) is < 1)
            throw Codes.UsageError.With("--last is 1 or more");
        if (parsed.GetValue(json) && parsed.GetValue(markdown))
            throw Codes.UsageError.With("--json and --markdown exclude each other");
        string experiment = parsed.GetRequiredValue(name);
        ResultHistory history = ResultHistory.Of(experiment, new HistorySelection
        {
            Pools = parsed.GetValue(pools) ?? [],
            Strategies = parsed.GetValue(strategies) ?? [],
            Multipliers = parsed.GetValue(multipliers) ?? [],
            Metrics = [.. (parsed.GetValue(metrics) ?? []).Select(metric => Metrics[metric])],
            Since = parsed.GetValue(since),
            Last = parsed.GetValue(last),
            Margin = within,
        }, Environment.CurrentDirectory);
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(HistoryJson.Of(history)));
        else if (parsed.GetValue(markdown))
            StepSummary.Print(MarkdownReport.Write(
                HistoryReport.Of(history), $"Made by `harness history {experiment}` from committed files."));
        else
            TerminalReport.Write(HistoryReport.Of(history), Console.Out);
        if (parsed.GetValue(plots) is { } folder)
        {
            Storage.WriteAll(Path.GetFullPath(folder),
                [.. HistoryPlots.Of(history).Select(figure => (figure.FileName, Encoding.UTF8.GetBytes(figure.Svg)))]);
        }
        return ExitCodes.Success;
    }
}
