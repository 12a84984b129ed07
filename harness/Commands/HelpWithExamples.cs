using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Harness.Commands;

/// <summary>The help of a command, with command lines that show its use.</summary>
sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    /// <summary>The examples of each command, without the name of the program.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Examples { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["run"] = ["run quickstart", "run results/quickstart --rebuild", "run quickstart -p Samples=8", "run quickstart --record"],
        ["verify"] = ["verify quickstart", "verify quickstart --sample 0.05"],
        ["plan"] = ["plan quickstart", "plan quickstart -p Samples=256 --device cpu"],
        ["compare"] =
        [
            "compare main .", "compare HEAD~5 HEAD quickstart --margin 0.02", "compare v1.0 worktree --markdown --fail-on-change",
            "compare main . --html compare.html",
        ],
        ["power"] = ["power quickstart --effect 0.02"],
        ["gate"] = ["gate", "gate quickstart --baseline origin/main --markdown", "gate --strict --json"],
        ["history"] =
        [
            "history quickstart", "history quickstart --metric accuracy --strategy majority-vote --multiplier 16 64",
            "history quickstart --since v1.0 --plots plots", "history quickstart --last 10 --markdown",
        ],
        ["export"] =
        [
            "export quickstart --format jsonl --out samples.jsonl", "export quickstart --format jsonl --artifacts",
            "export quickstart --format aieval --out evaluations",
        ],
        ["report"] =
        [
            "report --html report.html", "report v1.0 quickstart --html report.html", "report HEAD --markdown",
            "report --samples quickstart --html samples.html",
        ],
        ["list"] = ["list", "list tasks", "list strategies --json"],
        ["show"] =
        [
            "show quickstart 0 3", "show quickstart 0-5 0-3 --text", "show quickstart --pool countdown-think --all-wrong --text",
            "show quickstart 0..99 --jsonl",
        ],
        ["generate"] =
        [
            "generate results/base-model/model --prompt \"sum 17 - 9 + 4 = think\" -n 3",
            "generate MODEL.gguf --chat --prompt \"What is 12 times 7?\" --precision w8a8",
        ],
        ["answers"] = ["answers TEXTS.jsonl --task gsm8k", "answers TEXTS.jsonl --comparison choice --json"],
        ["fit"] =
        [
            "fit figure4.csv --law chinchilla --lowest 240",
            "fit POINTS.csv --law power sigmoid log-linear --column y=accuracy compute=flops",
        ],
        ["check"] = ["check MODEL.gguf REFERENCE.json", "check MODEL.gguf REFERENCE.json --precision w8a8 --json"],
        ["bench"] = ["bench results/base-model/model", "bench synthetic:135m --samples 1 64 --precision w8a8 --json"],
        ["precisions"] = ["precisions results/base-model/model", "precisions MODEL.gguf --device cuda --samples 256"],
        ["throughput"] = ["throughput BEFORE.csv AFTER.csv", "throughput BEFORE.json AFTER.json --least 0.9"],
        ["doctor"] = ["doctor", "doctor --json"],
        ["explain"] = ["explain HRN0007", "explain --markdown"],
    };

    public static void AddTo(RootCommand root)
    {
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    /// <summary>Help is also given for a command line that lacks an argument.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int status = standard.Invoke(parseResult);
        if (Examples.TryGetValue(parseResult.CommandResult.Command.Name, out IReadOnlyList<string>? examples))
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in examples)
                output.WriteLine($"  harness {example}");
            output.WriteLine();
        }
        return status;
    }
}
