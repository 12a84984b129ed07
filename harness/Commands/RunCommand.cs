using System.CommandLine;
using Harness.Experiments;

namespace Harness.Commands;

/// <summary>harness run: generates what is stale and writes the results.</summary>
static class RunCommand
{
    public static Command Create()
    {
        ExperimentCommand command = ExperimentCommand.Create("run", "Run an experiment where its results are stale.", recordable: true);
        Option<bool> rebuild = new("--rebuild") { Description = "Run it here and now, whatever is committed." };
        Option<bool> strict = new("--strict") { Description = "A gate that cannot tell fails." };
        command.Command.Options.Add(rebuild);
        command.Command.Options.Add(strict);
        command.OnlyWarnsOfRecordings = parsed => parsed.GetValue(rebuild);
        command.SetAction((parsed, experiment, cancellation) =>
        {
            // The first steps of a schedule are no results: they are compared with what is committed.
            if (experiment.Manifest.StopAfter > 0)
                return VerifyCommand.Verify(command, parsed, experiment, fraction: 1, cancellation);
            using RunConsole console = command.OpenConsole(parsed);
            bool ran = new ExperimentRun(experiment, console, new RunOptions(parsed.GetValue(rebuild))).Execute(cancellation);
            if (parsed.GetValue(command.Json))
                ExperimentReport.PrintRun(experiment, ran);
            GateLines.Print(console.Line, experiment, parsed.GetValue(strict));
            return ExitCodes.Success;
        });
        return command.Command;
    }
}
