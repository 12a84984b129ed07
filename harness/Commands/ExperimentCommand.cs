using System.CommandLine;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;

namespace Harness.Commands;

/// <summary>
/// What run, verify, plan and show share: the experiment's argument, its placement, and skipping what this machine lacks.
/// </summary>
sealed class ExperimentCommand
{
    readonly ExperimentArgument experiment = new();
    readonly PlacementOptions placement = new();
    readonly Option<bool> skipMissing = new("--skip-missing") { Description = "Where the model or data is absent, say so and succeed." };
    readonly Option<bool> check = new("--check") { Description = "Read the manifest, whatever is absent, and stop.", Hidden = true };

    ExperimentCommand(Command command) => Command = command;

    public Command Command { get; }

    /// <summary>
    /// Whether it reads recorded files that a clone without them can do without, so that it warns where one is absent, and succeeds.
    /// </summary>
    public Func<ParseResult, bool> OnlyWarnsOfRecordings { get; set; } = _ => false;

    /// <summary>--json: standard output is one JSON value, and the lines for people go to standard error.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "As JSON." };

    /// <summary>Where the lines of a run go.</summary>
    public RunConsole OpenConsole(ParseResult parsed) => parsed.GetValue(Json)
        ? new RunConsole(Console.Error, live: !Console.IsErrorRedirected)
        : new RunConsole(Console.Out, live: !Console.IsOutputRedirected);

    /// <param name="recordable">Whether the command takes --record.</param>
    public static ExperimentCommand Create(string name, string description, bool recordable = false)
    {
        ExperimentCommand command = new(new Command(name, description));
        command.experiment.AddTo(command.Command, optional: name != "show");
        command.placement.AddTo(command.Command);
        if (recordable)
            command.placement.AddRecordTo(command.Command);
        command.Command.Options.Add(command.skipMissing);
        command.Command.Options.Add(command.Json);
        command.Command.Options.Add(command.check);
        return command;
    }

    /// <summary>Takes --stop-after.</summary>
    public void AddStop() => placement.AddStopTo(Command);

    /// <summary>Resolves the experiment and acts on it, interruptible.</summary>
    public void SetAction(Func<ParseResult, ResolvedExperiment, CancellationToken, int> act) => Command.SetAction(parsed =>
    {
        RawManifest raw = placement.Apply(experiment.Resolve(parsed), parsed);
        try
        {
            if (!parsed.GetValue(check))
                return Run(parsed, raw, act);
            ResolvedExperiment.Check(raw, Registered.All);
            return ExitCodes.Success;
        }
        catch (Exception failure) when (ProjectFailure.IsExpected(failure) && !IsOfCommandLine(failure))
        {
            throw new ProjectFailure(raw.Project, failure);
        }
    });

    int Run(ParseResult parsed, RawManifest raw, Func<ParseResult, ResolvedExperiment, CancellationToken, int> act)
    {
        using Interruption interruption = new();
        bool isOptional = parsed.GetValue(skipMissing);
        try
        {
            ResolvedExperiment resolved = ResolvedExperiment.Resolve(raw, Registered.All);
            isOptional |= resolved.Manifest.IsRecorded && OnlyWarnsOfRecordings(parsed);
            return act(parsed, resolved, interruption.Token);
        }
        catch (Exception failure) when (isOptional && AbsentInputs.Of(failure) is not null)
        {
            HarnessException absent = AbsentInputs.Of(failure)!;
            if (parsed.GetValue(Json))
                ExperimentReport.PrintSkipped(raw, absent);
            else
                Console.WriteLine(SkippedLine(raw, absent));
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            throw Codes.Cancelled.With($"{raw.Name} was interrupted");
        }
    }

    static string SkippedLine(RawManifest raw, HarnessException absent) => WarningLine.Of(
        Codes.SkippedExperiment, $"{raw.Name} is skipped: {absent.Message}", new(raw.Project, absent.Line, absent.Column), raw.Project);

    /// <summary>What the command's own arguments ask for wrongly is no matter of the project.</summary>
    static bool IsOfCommandLine(Exception failure) =>
        failure is HarnessException wrong && (wrong.Diagnostic == Codes.UsageError || wrong.Diagnostic == Codes.NoSuchSample);
}
