using Harness.Records;

namespace Harness.Commands;

/// <summary>The page of a GitHub workflow's step.</summary>
static class StepSummary
{
    /// <summary>Names the file whose Markdown the page shows.</summary>
    public const string Variable = "GITHUB_STEP_SUMMARY";

    /// <summary>What commands say of their --markdown.</summary>
    public const string Description = $"As Markdown, which is also appended to the file that {Variable} names.";

    /// <summary>Prints Markdown, and appends it to the page where there is one.</summary>
    public static void Print(string markdown)
    {
        Console.Write(markdown);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } summary)
            Storage.Writing(summary, () => File.AppendAllText(summary, markdown));
    }
}
