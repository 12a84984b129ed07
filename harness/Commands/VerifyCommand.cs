using System.CommandLine;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>harness verify: generates committed results again, aside, and compares.</summary>
static class VerifyCommand
{
    public static Command Create()
    {
        ExperimentCommand command =
            ExperimentCommand.Create("verify", "Compare committed results with what today's code gives; exit status 1 where they differ.");
        Option<double> sample = new("--sample")
        {
            Description = "Fraction of the samples to generate again, drawn by the manifest's seed.",
            DefaultValueFactory = _ => 1,
        };
        command.Command.Options.Add(sample);
        command.AddStop();
        command.OnlyWarnsOfRecordings = _ => true;
        command.SetAction((parsed, experiment, cancellation) =>
        {
            double fraction = parsed.GetRequiredValue(sample);
            if (!(fraction > 0 && fraction <= 1))
                throw Codes.UsageError.With($"--sample is {fraction}; expected a fraction above 0, up to 1");
            return Verify(command, parsed, experiment, fraction, cancellation);
        });
        return command.Command;
    }

    /// <param name="command">The one that was asked, which says where its lines go.</param>
    public static int Verify(
        ExperimentCommand command, ParseResult parsed, ResolvedExperiment experiment, double fraction, CancellationToken cancellation)
    {
        using RunConsole console = command.OpenConsole(parsed);
        IReadOnlyList<HarnessException> differences = new ExperimentVerify(experiment, console, fraction).Execute(cancellation);
        foreach (HarnessException difference in differences)
            Console.Error.WriteLine(difference.ToCanonicalLine(experiment.Manifest.Project));
        if (parsed.GetValue(command.Json))
            ExperimentReport.PrintVerification(experiment, differences);
        return differences.Count == 0 ? ExitCodes.Success : ExitCodes.Differs;
    }
}
