using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Gates;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness gate: whether committed results meet the conditions of their manifests.</summary>
sealed class GateCommand
{
    const string Title = "Gates";

    readonly Argument<string[]> names = new("NAME")
    {
        Description = "Experiments, their folders or .proj files; all of the repository where none is named.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    readonly Option<string?> baseline = new("--baseline")
    {
        Description = "What MaxRegression compares with, in place of what each gate names: a commit, tag, branch or folder.",
        HelpName = "commit",
    };

    readonly Option<bool> strict = new("--strict") { Description = "A gate that cannot tell fails." };

    readonly Option<bool> markdown = new("--markdown") { Description = StepSummary.Description };

    readonly Option<bool> json = new("--json") { Description = "As JSON." };

    /// <summary>An experiment with its gates.</summary>
    /// <param name="Stale">Why its results are not those of its manifest; null where they are.</param>
    sealed record Judged(string Experiment, string Project, string? Stale, IReadOnlyList<GateOutcome> Outcomes);

    /// <summary>An experiment before its gates are judged, or why it can't be.</summary>
    sealed record Found(Manifest? Manifest, ExperimentPaths? Paths, string? Stale, Exception? Failure);

    public static Command Create()
    {
        GateCommand options = new();
        Command command = new("gate", "Say whether committed results pass the gates of their manifests; exit status 1 where one fails, "
            + "3 where one cannot tell.")
        {
            options.names, options.baseline, options.strict, options.markdown, options.json,
        };
        options.names.CompletionSources.Add(_ => ExperimentArgument.Names().Select(name => new CompletionItem(name)));
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        if (parsed.GetValue(json) && parsed.GetValue(markdown))
            throw Codes.UsageError.With("--json and --markdown exclude each other");
        string[] asked = parsed.GetValue(names) is { Length: > 0 } named ? named : [.. ExperimentArgument.Names()];
        string[] projects = [.. asked.Select(ExperimentArgument.FindProject).Order(StringComparer.Ordinal)];
        Judged[] judged = [.. projects.AsParallel().AsOrdered().Select(Resolve).AsSequential()
            .Select(resolved => Judge(resolved, parsed.GetValue(baseline), parsed.GetValue(strict)))];
        GateOutcome[] outcomes = [.. judged.SelectMany(one => one.Outcomes)];
        foreach (Judged stale in judged.Where(one => one.Stale is not null))
            Console.Error.WriteLine(WarningOf(stale));
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(Json(judged)));
        else if (parsed.GetValue(markdown))
            StepSummary.Print(MarkdownReport.Write(ReportOf(judged), "Made by `harness gate` from committed files."));
        else
            TerminalReport.Write(ReportOf(judged), Console.Out);
        GitHubAnnotations.Write(outcomes);
        return outcomes.Any(outcome => outcome.Verdict == GateVerdict.Fails) ? ExitCodes.Differs
            : outcomes.Any(outcome => outcome.Verdict == GateVerdict.CannotTell) ? ExitCodes.CannotTell
            : ExitCodes.Success;
    }

    /// <summary>On standard error, beside whatever form the gates have.</summary>
    static string WarningOf(Judged judged) => WarningLine.Of(
        Codes.StaleResults, $"the results of {judged.Experiment} are stale, and its gates cannot tell: {judged.Stale}",
        new SourcePlace(judged.Project, 0, 0), judged.Project);

    static Found Resolve(string project)
    {
        try
        {
            RawManifest raw = MsBuildManifest.Resolve(project, []);
            Manifest manifest = ManifestReader.Read(raw, Registered.All);
            return new Found(manifest, ExperimentPaths.Of(manifest, raw.Placement.GetValueOrDefault("Artifacts")),
                manifest.Gates.Count > 0 ? Staleness.OfNumbers(raw, Registered.All) : null, null);
        }
        catch (Exception failure) when (ProjectFailure.IsExpected(failure))
        {
            return new Found(null, null, null, new ProjectFailure(project, failure));
        }
    }

    static Judged Judge(Found found, string? baseline, bool strict)
    {
        if (found.Failure is { } refused)
            throw refused;
        Manifest manifest = found.Manifest!;
        try
        {
            return new Judged(manifest.Name, manifest.Project, found.Stale,
                [.. GateCheck.Of(manifest, found.Paths!, baseline, found.Stale).Select(gate => gate.Judged(strict))]);
        }
        catch (HarnessException failure)
        {
            throw new ProjectFailure(manifest.Project, failure);
        }
    }

    static Report ReportOf(IReadOnlyList<Judged> judged)
    {
        TextTable table = new(TextTable.Left("experiment"), TextTable.Left("gate"), TextTable.Left("verdict"), TextTable.Left("found"),
            TextTable.Left("what would tell"));
        foreach (Judged experiment in judged)
        {
            foreach (GateOutcome outcome in experiment.Outcomes.OrderByDescending(outcome => outcome.Verdict == GateVerdict.Fails))
                table.Add(experiment.Experiment, outcome.Gate.Name, outcome.Name, outcome.Found, outcome.WouldTell);
        }
        GateOutcome[] all = [.. judged.SelectMany(experiment => experiment.Outcomes)];
        string verdicts = string.Join(", ", Enum.GetValues<GateVerdict>()
            .Select(verdict => $"{all.Count(outcome => outcome.Verdict == verdict)} {GateOutcome.NameOf(verdict)}"));
        string summary = all.Length == 0
            ? $"{NumberText.Count(judged.Count, "experiment")}, no gate."
            : $"{NumberText.Count(all.Length, "gate")} of {NumberText.Count(judged.Count, "experiment")}: {verdicts}.";
        return new Report(Title,
        [
            new ReportSection(null, IsSummary: true,
                [new Paragraph(summary), .. all.Length == 0 ? [] : (ReportBlock[])[new Table(table)]]),
        ]);
    }

    static JsonArray Json(IReadOnlyList<Judged> judged) =>
    [
        .. judged.SelectMany(experiment => experiment.Outcomes.Select(outcome => new JsonObject
        {
            ["experiment"] = experiment.Experiment,
            ["gate"] = outcome.Gate.Name,
            ["metric"] = GateMetrics.NameOf(outcome.Gate.Metric),
            ["verdict"] = outcome.Verdict switch
            {
                GateVerdict.Passes => "pass",
                GateVerdict.Fails => "fail",
                _ => "cannot tell",
            },
            ["found"] = outcome.Found,
            ["stale"] = experiment.Stale,
            ["would_tell"] = outcome.WouldTell.Length > 0 ? outcome.WouldTell : null,
            ["file"] = outcome.Gate.Place.File,
            ["line"] = outcome.Gate.Place.Line,
        })),
    ];
}
