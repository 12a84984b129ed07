using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using Harness.Diagnostics;
using Harness.Exports;
using Harness.Identity;
using Harness.Records;

namespace Harness.Commands;

/// <summary>harness export: an experiment's committed files in forms that other programs read.</summary>
sealed class ExportCommand
{
    const string JsonLines = "jsonl", Evaluation = "aieval", StandardOutput = "-";

    readonly Argument<string> name = new("NAME") { Description = "An experiment: a folder under results/." };

    readonly Option<string> format = new("--format")
    {
        Description = "jsonl: an object a sample; aieval: a folder that `aieval report` of Microsoft.Extensions.AI.Evaluation opens.",
        Required = true,
    };

    readonly Option<string?> output = new("--out")
    {
        Description = "File or folder. By default standard output for jsonl, and artifacts/NAME/aieval for aieval.",
        HelpName = "path",
    };

    readonly Option<bool> artifacts = new("--artifacts")
    {
        Description = "With the samples' texts, where artifacts/ still holds those of the same tokens.",
    };

    public static Command Create()
    {
        ExportCommand options = new();
        Command command = new("export", "Write an experiment's committed samples and estimates for other programs.")
        {
            options.name, options.format, options.output, options.artifacts,
        };
        options.format.AcceptOnlyFromAmong(JsonLines, Evaluation);
        options.name.CompletionSources.Add(_ => ExperimentArgument.Names().Select(known => new CompletionItem(known)));
        command.SetAction(options.Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        string here = Environment.CurrentDirectory;
        ExportedExperiment experiment = ExportedExperiment.Read(parsed.GetRequiredValue(name), here);
        string kept = Path.Combine(ExperimentPaths.RepositoryRoot(here), "artifacts", experiment.Name);
        SampleTexts? texts = parsed.GetValue(artifacts) ? new SampleTexts(kept, experiment.Files.Samples.Samples) : null;
        if (texts is not null)
            Console.Error.WriteLine($"{kept} holds the texts of {texts.Count} of {experiment.Files.Samples.Samples.Count} samples");
        if (parsed.GetRequiredValue(format) == JsonLines)
            WriteLines(SampleLines.Of(experiment, texts), parsed.GetValue(output) ?? StandardOutput);
        else
            WriteStore(experiment, texts, Path.GetFullPath(parsed.GetValue(output) ?? Path.Combine(kept, Evaluation)));
        return ExitCodes.Success;
    }

    static void WriteLines(IEnumerable<string> lines, string path)
    {
        if (path == StandardOutput)
        {
            foreach (string line in lines)
                Console.Out.Write(line + "\n");
            return;
        }
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
            throw Codes.UsageError.With($"--out {path} is a folder; jsonl is one file");
        Storage.WriteAll(Path.GetDirectoryName(path)!, [(Path.GetFileName(path), Encoding.UTF8.GetBytes(string.Concat(lines.Select(
            line => line + "\n"))))]);
        Console.Error.WriteLine($"samples: {path}");
    }

    static void WriteStore(ExportedExperiment experiment, SampleTexts? texts, string folder)
    {
        if (File.Exists(folder))
            throw Codes.UsageError.With($"--out {folder} is a file; aieval is a folder");
        EvaluationResults results = new(experiment, texts);
        int written = EvaluationStore.Write(folder, results);
        Console.Error.WriteLine($"results: {folder} ({written} of execution {results.Execution})");
        Console.Error.WriteLine($"report: dotnet aieval report --path {folder} --output report.html");
    }
}
