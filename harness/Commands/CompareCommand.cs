using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using Harness.Comparison;
using Harness.Comparison.Programs;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Figures;
using Harness.Identity;
using Harness.Measurement;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness compare: the committed results of two commits, folders or the working tree, side by side.</summary>
sealed class CompareCommand
{
    readonly Argument<string> before = new("A") { Description = "A commit, tag or branch, a folder of results, or worktree (also .)." };
    readonly Argument<string> after = new("B") { Description = "The same, of the later side: differences are B - A." };

    readonly Argument<string[]> names = new("NAME")
    {
        Description = "Experiments; all where none is named.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    readonly Option<double> margin = DifferenceOption.Create(
        "--margin", "A smaller difference in accuracy does not matter: what is sure to be within it is the same. 0: none is stated.", 0);

    readonly Option<bool> failOnChange = new("--fail-on-change")
    {
        Description = "Exit status 1 where tokens moved, or a test found a difference in accuracy.",
    };

    readonly Option<bool> markdown = new("--markdown") { Description = StepSummary.Description };

    readonly Option<bool> json = new("--json") { Description = "As JSON." };

    readonly Option<bool> measure = new("--measure")
    {
        Description = "Build both commits, and measure the decoding of the one named experiment's model in turns, at least 10 pairs.",
    };

    readonly Option<bool> regenerate = new("--regenerate")
    {
        Description = "Build both commits, draw the first sample of each pool that moved again, and say where its tokens begin to differ.",
    };

    readonly Option<string?> plots = new("--plots")
    {
        Description = "Folder for a plot of each experiment that moved: accuracy against the multiplier, A dashed, B solid.",
        HelpName = "folder",
    };

    readonly Option<string?> html = new("--html")
    {
        Description = "File for a page with the plots and with tables that sort, which needs no other file and no network.",
        HelpName = "file",
    };

    public static Command Create()
    {
        CompareCommand options = new();
        Command command = new(
            "compare", "Compare the committed results of two commits, folders or the working tree: tokens, answers, estimates, inputs.")
        {
            options.before, options.after, options.names, options.margin, options.failOnChange, options.markdown, options.json,
            options.plots, options.html, options.measure, options.regenerate,
        };
        options.names.CompletionSources.Add(_ => ExperimentArgument.Names().Select(name => new CompletionItem(name)));
        options.before.CompletionSources.Add(_ => Sides());
        options.after.CompletionSources.Add(_ => Sides());
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        double within = parsed.GetValue(margin);
        if (parsed.GetValue(json) && parsed.GetValue(markdown))
            throw Codes.UsageError.With("--json and --markdown exclude each other");
        (string first, string second) = (parsed.GetRequiredValue(before), parsed.GetRequiredValue(after));
        ResultComparison comparison = ResultComparison.Of(
            ResultSources.Open(first, Environment.CurrentDirectory), ResultSources.Open(second, Environment.CurrentDirectory),
            parsed.GetValue(names) ?? [], within);
        bool runs = parsed.GetValue(measure) || parsed.GetValue(regenerate);
        if (runs)
            comparison = WithPrograms(comparison, first, second, parsed);
        string flags = (parsed.GetValue(regenerate) ? " --regenerate" : "") + (parsed.GetValue(measure) ? " --measure" : "");
        string note = $"Made by `harness compare {first} {second}{flags}` from committed files{(runs ? " and both programs" : "")}.";
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(ComparisonJson.Of(comparison)));
        else if (parsed.GetValue(markdown))
            StepSummary.Print(MarkdownReport.Write(ComparisonReport.Of(comparison), note));
        else
            TerminalReport.Write(ComparisonReport.Of(comparison), Console.Out);
        WriteFiles(comparison, note, parsed.GetValue(plots), parsed.GetValue(html));
        return parsed.GetValue(failOnChange) && comparison.IsChanged ? ExitCodes.Differs : ExitCodes.Success;
    }

    ResultComparison WithPrograms(ResultComparison comparison, string first, string second, ParseResult parsed)
    {
        using Interruption interruption = new();
        string here = Environment.CurrentDirectory, root = ExperimentPaths.RepositoryRoot(here);
        if (parsed.GetValue(measure) && parsed.GetValue(names) is not [_])
            throw Codes.UsageError.With("--measure takes one experiment: name it after A and B");
        using ProgramComparison programs = new(
            ResultSources.Open(first, here), ResultSources.Open(second, here), root, line => Console.Error.WriteLine(line),
            interruption.Token);
        try
        {
            if (parsed.GetValue(regenerate))
                comparison = programs.WithRegenerated(comparison);
            return parsed.GetValue(measure) ? programs.InTurns(comparison, parsed.GetValue(names)![0], new TurnsRule()) : comparison;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            throw Codes.Cancelled.With("interrupted; the checkouts that were built are removed");
        }
    }

    static void WriteFiles(ResultComparison comparison, string note, string? folder, string? page)
    {
        if (folder is null && page is null)
            return;
        IReadOnlyList<Figure> figures = ComparisonFigures.Of(comparison);
        if (folder is not null)
        {
            Storage.WriteAll(
                Path.GetFullPath(folder), [.. figures.Select(figure => (figure.FileName, Encoding.UTF8.GetBytes(figure.Svg)))]);
        }
        if (page is null)
            return;
        string text = HtmlReport.Write(
            ComparisonReport.Of(comparison, figures), note, name => figures.FirstOrDefault(figure => figure.FileName == name));
        string path = Path.GetFullPath(page);
        Storage.WriteAll(Path.GetDirectoryName(path)!, [(Path.GetFileName(path), Encoding.UTF8.GetBytes(text))]);
    }

    static IEnumerable<CompletionItem> Sides() =>
        ResultSources.Names(Environment.CurrentDirectory).Select(name => new CompletionItem(name));
}
