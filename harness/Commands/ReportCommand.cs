using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Pages;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness report: the committed results of one commit, one folder or the working tree, as a page, Markdown or text.</summary>
sealed class ReportCommand
{
    readonly Argument<string[]> words = new("of")
    {
        Description = "A commit, tag or branch, a folder of results, or worktree (the default); then experiments, all where none is named.",
        Arity = ArgumentArity.ZeroOrMore,
        HelpName = "SIDE NAME",
    };

    readonly Option<string?> html = new("--html")
    {
        Description = "File for a page with the plots and with tables that sort, which needs no other file and no network.",
        HelpName = "file",
    };

    readonly Option<bool> markdown = new("--markdown") { Description = StepSummary.Description };

    readonly Option<string?> samples = new("--samples")
    {
        Description = "In place of the report a page of one experiment's problems and samples with their texts.",
        HelpName = "experiment",
    };

    readonly Option<bool> kept = new("--kept") { Description = "Only texts that artifacts hold: no sample is drawn again for its text." };

    public static Command Create()
    {
        ReportCommand options = new();
        Command command = new(
            "report", "The committed results of a commit, a folder or the working tree as one page: plots, tables, machines, inputs.")
        {
            options.words, options.html, options.markdown, options.samples, options.kept,
        };
        options.words.CompletionSources.Add(_ => ResultSources.Names(Environment.CurrentDirectory).Concat(ExperimentArgument.Names())
            .Select(name => new CompletionItem(name)));
        options.samples.CompletionSources.Add(_ => ExperimentArgument.Names().Select(name => new CompletionItem(name)));
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        (string side, string[] names) = SideAndNames(parsed.GetValue(words) ?? []);
        string? page = parsed.GetValue(html);
        if (parsed.GetValue(samples) is { } experiment)
        {
            return page is not null && names.Length == 0 && !parsed.GetValue(markdown)
                ? SamplesReport.Write(side, experiment, page, draws: !parsed.GetValue(kept))
                : throw Codes.UsageError.With("--samples makes a page of one experiment: it needs --html FILE, and no other name or form");
        }
        ResultsReport results = ResultsReport.Of(ResultSources.Open(side, Environment.CurrentDirectory), names, plots: page is not null);
        string note = $"Made by `{string.Join(' ', names.Prepend(side).Prepend("harness report"))}` from committed files.";
        if (parsed.GetValue(markdown))
            StepSummary.Print(MarkdownReport.Write(results.Report, note));
        else
            Print(page is null ? TerminalReport.Lines(results.Report) : TerminalReport.Summary(results.Report));
        if (page is not null)
            Write(page, HtmlReport.Write(results.Report, note, name => results.Figures.FirstOrDefault(figure => figure.FileName == name)));
        return ExitCodes.Success;
    }

    /// <summary>A first word that is an experiment of the working tree, and neither a folder nor a path, is no side.</summary>
    static (string Side, string[] Names) SideAndNames(string[] given)
    {
        if (given.Length == 0)
            return (ResultSources.WorkTree, []);
        string root = ExperimentPaths.RepositoryRoot(Environment.CurrentDirectory);
        bool isExperiment = !given[0].Contains('/') && given[0] is not ("." or "..")
            && File.Exists(Path.Combine(root, ResultSources.Folder, given[0], RunJson.FileName));
        return isExperiment ? (ResultSources.WorkTree, given) : (given[0], given[1..]);
    }

    static void Print(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            Console.WriteLine(line);
    }

    static void Write(string file, string text)
    {
        string path = Path.GetFullPath(file);
        Storage.WriteAll(Path.GetDirectoryName(path)!, [(Path.GetFileName(path), Encoding.UTF8.GetBytes(text))]);
    }
}
