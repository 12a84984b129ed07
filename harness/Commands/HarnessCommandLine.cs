using System.CommandLine;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>The commands of the program, and how its failures end.</summary>
public static class HarnessCommandLine
{
    static IReadOnlyList<Func<Command>> Commands { get; } =
    [
        RunCommand.Create,
        VerifyCommand.Create,
        PlanCommand.Create,
        CompareCommand.Create,
        GateCommand.Create,
        PowerCommand.Create,
        HistoryCommand.Create,
        ExportCommand.Create,
        ReportCommand.Create,
        ListCommand.Create,
        ShowCommand.Create,
        GenerateCommand.Create,
        AnswersCommand.Create,
        FitCommand.Create,
        CheckCommand.Create,
        BenchCommand.Create,
        PrecisionsCommand.Create,
        ThroughputCommand.Create,
        DoctorCommand.Create,
        ExplainCommand.Create,
    ];

    public static RootCommand CreateRoot()
    {
        RootCommand root = new("Measures what a language model gains and costs when it is given k times the inference compute.");
        foreach (Func<Command> create in Commands)
            root.Subcommands.Add(create());
        HelpWithExamples.AddTo(root);
        return root;
    }

    /// <summary>
    /// An argument that begins with @ is ordinary text (a prompt may begin so), and not the name of a file with arguments.
    /// </summary>
    static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs a command line; expected failures are lines on standard error, never a stack trace.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Invoke(string[] arguments, TextWriter? error = null)
    {
        error ??= Console.Error;
        try
        {
            RootCommand root = CreateRoot();
            ParseResult parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, Parsing);
            if (parsed.Errors.Count > 0 && !AsksForCompletions(arguments))
                throw Codes.UsageError.With(Complaint(root, parsed) + $"; see `{UsageOf(parsed)} --help`");
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (ProjectFailure failure)
        {
            foreach (string line in failure.Lines)
                error.WriteLine(line);
            return ExitCodes.Of(failure.Diagnostic);
        }
        catch (HarnessException failure)
        {
            error.WriteLine(failure.ToCanonicalLine());
            return ExitCodes.Of(failure.Diagnostic);
        }
    }

    /// <summary>A shell that completes a command line passes [suggest:POSITION], and then the line as far as it is typed.</summary>
    static bool AsksForCompletions(string[] arguments) => arguments is [['[', 's', 'u', 'g', 'g', 'e', 's', 't', ..], ..];

    /// <summary>Of a word that is no command, the nearest one; else all that the parser finds wrong.</summary>
    static string Complaint(RootCommand root, ParseResult parsed) =>
        parsed.CommandResult.Command == root && parsed.UnmatchedTokens is [[not '-', ..] word, ..]
            ? $"'{word}' is not a command{NearestName.Hint(word, root.Subcommands.Select(command => command.Name))}"
            : string.Join("; ", parsed.Errors.Select(problem => problem.Message));

    static string UsageOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "harness" : $"harness {parsed.CommandResult.Command.Name}";
}
