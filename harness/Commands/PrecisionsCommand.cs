using System.CommandLine;
using Harness.Diagnostics;
using Harness.Engines.Kernels;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Measurement;
using Harness.Records;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness precisions: what each precision that a device runs gives and costs, for one model.</summary>
sealed class PrecisionsCommand
{
    readonly Argument<string> model = new("model")
    {
        Description = "A GGUF file, a Hugging Face folder, synthetic:135m (see harness list models) or synthetic:llama?d=...&layers=...",
    };
    readonly Option<int> samples =
        new("--samples") { Description = "Decoded together, and problems asked.", DefaultValueFactory = _ => 64 };
    readonly Option<int> tokens = new("--tokens") { Description = "Of each sample and text.", DefaultValueFactory = _ => 33 };
    readonly Option<int> texts =
        new("--texts") { Description = "Texts of the model's own on which predictions are compared.", DefaultValueFactory = _ => 16 };
    readonly Option<int> threads = new("--threads") { Description = "Worker threads; 0: one a processor." };
    readonly Option<string> device = new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
    readonly Option<bool> json = new("--json") { Description = "As JSON." };

    public static Command Create()
    {
        PrecisionsCommand options = new();
        Command command = new("precisions", "Compare the precisions that a device runs: decoding speed, accuracy, divergence from float32.")
        {
            options.model, options.samples, options.tokens, options.texts, options.threads, options.device, options.json,
        };
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        PrecisionSettings settings = new(parsed.GetRequiredValue(samples), parsed.GetRequiredValue(tokens), parsed.GetRequiredValue(texts));
        if (settings.Samples < 1 || settings.Tokens < 2 || settings.Texts < 1)
            throw Codes.UsageError.With("--samples and --texts are 1 or more, --tokens is 2 or more");
        Placement placement = new() { Threads = parsed.GetValue(threads), Device = parsed.GetRequiredValue(device) };
        using Interruption interruption = new();
        try
        {
            ModelLocation location = ModelLocation.Find(new KernelEngine(), parsed.GetRequiredValue(model));
            IReadOnlyList<PrecisionRow> rows = new PrecisionComparison(location, placement, settings).Measure(interruption.Token);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonStyle.Write(rows));
            else
                Table(rows).WriteTo(Console.Out);
        }
        catch (OperationCanceledException)
        {
            throw Codes.Cancelled.With("interrupted before the last precision");
        }
        return ExitCodes.Success;
    }

    static string Rate(double value) => value >= 100 ? $"{value:F0}" : $"{value:F1}";

    static TextTable Table(IReadOnlyList<PrecisionRow> rows)
    {
        TextTable table = new(
            TextTable.Left("precision"), TextTable.Left("bytes"), TextTable.Right("tokens/s"), TextTable.Right("low"),
            TextTable.Right("high"), TextTable.Right(rows[0].Task is { } task ? $"right, {task}" : "right"),
            TextTable.Right("nats from f32"), TextTable.Right("same best token"));
        foreach (PrecisionRow row in rows)
        {
            table.Add(
                row.Precision, row.Class, Rate(row.TokensPerSecond), Rate(row.TokensPerSecondLow), Rate(row.TokensPerSecondHigh),
                row.Right is { } right ? $"{right} of {row.Problems}" : "n/a", $"{row.Divergence:G3}", $"{row.SameBest * 100:F1} %");
        }
        return table;
    }
}
