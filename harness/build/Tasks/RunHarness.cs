using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Task = System.Threading.Tasks.Task;

namespace Harness.Build;

/// <summary>
/// Runs the program over a resolved manifest. Its lines appear in the log as they come; its failures, canonical lines with a code,
/// each become one error of MSBuild's. (Exec would take any line with "error:" for an error, and add that the command failed.)
/// </summary>
public sealed partial class RunHarness : ToolTask
{
    const int Termination = 15;

    /// <summary>How long the program may take to end after it was told to: time for a decode step and its last line.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The terminal logger hides every message but those of this kind, once the target <c>_TestRunStart</c> has begun: the way in which
    /// test runners put their lines on a terminal. Other loggers take it for an ordinary message.
    /// </summary>
    const string ShownOnTerminals = "TLTESTOUTPUT";

    /// <summary>The program's process while it runs, else 0: a process that ToolTask has let go of no longer knows its own.</summary>
    volatile int program;

    volatile bool interrupted;

    [Required]
    public string Host { get; set; } = "";

    /// <summary>Path of harness.dll.</summary>
    [Required]
    public string Program { get; set; } = "";

    /// <summary>The program's command with its options: run, run --rebuild, verify, plan.</summary>
    [Required]
    public string Command { get; set; } = "";

    [Required]
    public string Manifest { get; set; } = "";

    /// <summary>Absolute path of NAME.proj.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Where relative paths of the environment (HARNESS_DATA) start.</summary>
    [Required]
    public string WorkingFolder { get; set; } = "";

    public bool SkipMissing { get; set; }

    /// <summary>Whether a gate fails where it cannot tell.</summary>
    public bool Strict { get; set; }

    protected override string ToolName => "dotnet";

    protected override Encoding StandardOutputEncoding => Encoding.UTF8;

    protected override Encoding StandardErrorEncoding => Encoding.UTF8;

    protected override string GenerateFullPathToTool() => Host;

    protected override string GetWorkingDirectory() => WorkingFolder;

    protected override string GenerateCommandLineCommands()
    {
        CommandLineBuilder line = new();
        line.AppendFileNameIfNotNull(Program);
        line.AppendTextUnquoted($" {Command} ");
        line.AppendFileNameIfNotNull(Manifest);
        line.AppendSwitchIfNotNull("", SkipMissing ? "--skip-missing" : null);
        line.AppendSwitchIfNotNull("", Strict ? "--strict" : null);
        return line.ToString();
    }

    /// <summary>
    /// Ends an interrupted build. The program ends by itself, having said what is kept: where a terminal's Ctrl-C has not reached it
    /// already, it is told to. Only one that stays is killed.
    /// </summary>
    public override void Cancel()
    {
        interrupted = true;
        if (HasSignals() && TellToEnd())
            Task.Delay(Patience).ContinueWith(_ => base.Cancel());
        else
            base.Cancel();
    }

    /// <summary>An interruption that the program did not answer is said here: ToolTask is silent of one that it killed.</summary>
    public override bool Execute()
    {
        bool succeeded = base.Execute();
        if (interrupted && !succeeded && !Log.HasLoggedErrors)
        {
            string name = Path.GetFileNameWithoutExtension(Project);
            Log.LogError("", "HRN0404", "", Project, 1, 1, 0, 0, "{0}", GitHubMatcher.Text(
                $"{name} was interrupted before it could say what is kept, which is not lost: run the same command again", Project,
                Project));
        }
        return succeeded;
    }

    /// <summary>A build that is told to terminate ends at once, and must not leave a program behind that runs on for hours.</summary>
    protected override int ExecuteTool(string pathToTool, string responseFileCommands, string commandLineCommands)
    {
        const int terminated = 128 + Termination;
        using PosixSignalRegistration? termination = !HasSignals() ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ =>
        {
            TellToEnd();
            Environment.Exit(terminated);
        });
        try
        {
            return base.ExecuteTool(pathToTool, responseFileCommands, commandLineCommands);
        }
        finally
        {
            program = 0;
        }
    }

    protected override Process StartToolProcess(Process proc)
    {
        Process started = base.StartToolProcess(proc);
        program = started.Id;
        return started;
    }

    /// <summary>Whether there is a program to tell; to one that ends at the same moment it means nothing.</summary>
    bool TellToEnd() => program is not 0 and int running && Signal(running, Termination) == 0;

    static bool HasSignals() => RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Signal(int process, int signal);

    protected override void LogToolCommand(string message) => Log.LogMessage(MessageImportance.Low, message);

    protected override void LogEventsFromTextOutput(string singleLine, MessageImportance messageImportance)
    {
        Match match = Canonical().Match(singleLine);
        if (!match.Success)
            BuildEngine.LogMessageEvent(new ExtendedBuildMessageEventArgs(ShownOnTerminals, singleLine, null, nameof(RunHarness),
                MessageImportance.High));
        else if (match.Groups["kind"].Value == "error")
            Log.LogError("", match.Groups["code"].Value, "", File(match), Number(match, "line"), Number(match, "column"), 0, 0, "{0}",
                Text(match));
        else
            Log.LogWarning("", match.Groups["code"].Value, "", File(match), Number(match, "line"), Number(match, "column"), 0, 0, "{0}",
                Text(match));
    }

    protected override bool HandleTaskExecutionErrors()
    {
        if (!Log.HasLoggedErrors && !interrupted)
            Log.LogError("{0}", $"harness {Command} ended with exit status {ExitCode}");
        return false;
    }

    static string File(Match match) => match.Groups["file"].Value;

    string Text(Match match) => GitHubMatcher.Text(match.Groups["text"].Value, File(match), Project);

    static int Number(Match match, string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value) : 0;

    /// <summary>The project at the end is what loggers add themselves, where it is another file.</summary>
    [GeneratedRegex(
        @"^(?<file>.+?)(\((?<line>\d+),(?<column>\d+)\))?: (?<kind>error|warning) (?<code>HRN\d{4}): (?<text>.*?)( \[[^\]]*proj\])?$")]
    private static partial Regex Canonical();
}
