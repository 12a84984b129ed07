using System.CommandLine;
using Harness.Diagnostics;
using Harness.Engines.Kernels;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.ModelChecks;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness check: compares a model with values that another program computed for it.</summary>
sealed class CheckCommand
{
    const int DifferencesShown = 10;

    readonly Argument<string> model = new("model") { Description = "A GGUF file or a Hugging Face folder." };
    readonly Argument<string> reference = new("reference") { Description = "A reference file; see docs/reference-files.md." };
    readonly PrecisionOption precision = new(
        "f32 compares values; w8a8 and, on a GPU, bf16 compare ids and answers, and measure the divergence from f32.", Precision.F32);

    readonly Option<string> device = new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
    readonly Option<int> threads = new("--threads") { Description = "Worker threads; 0: one a processor." };
    readonly Option<bool> json = new("--json") { Description = "As JSON, with every difference." };

    public static Command Create()
    {
        CheckCommand options = new();
        Command command = new("check", "Compare a model with a reference file; exit status 1 where they differ.")
        {
            options.model, options.reference, options.device, options.threads, options.json,
        };
        options.precision.AddTo(command);
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        CheckReport report = ReferenceCheck.Run(
            ModelLocation.Find(new KernelEngine(), parsed.GetRequiredValue(model)).Opens,
            parsed.GetRequiredValue(reference),
            precision.ValueIn(parsed),
            new Placement { Threads = parsed.GetValue(threads), Device = parsed.GetRequiredValue(device) });
        if (parsed.GetValue(json))
            Console.WriteLine(JsonStyle.Write(report));
        else
            Print(report);
        string[] differing = [.. report.Items.Where(item => item.Differences.Count > 0)
            .Select(item => $"{item.Differences.Count} of {item.Compared} {item.Name}")];
        return report.Passed
            ? ExitCodes.Success
            : throw Codes.ReferenceDiffers.With($"{report.Model} differs from it in {string.Join(", ", differing)}", report.Reference);
    }

    static void Print(CheckReport report)
    {
        foreach (CheckItem item in report.Items)
        {
            string verdict = item.Differences.Count == 0 ? "agree" : $"{item.Differences.Count} differ";
            Console.WriteLine($"{item.Name}: {item.Compared} compared, {verdict}{(item.Measured.Length > 0 ? $"; {item.Measured}" : "")}");
            foreach (string difference in item.Differences.Take(DifferencesShown))
                Console.WriteLine($"  {difference}");
            if (item.Differences.Count > DifferencesShown)
                Console.WriteLine($"  and {item.Differences.Count - DifferencesShown} more (--json lists all)");
        }
    }
}
