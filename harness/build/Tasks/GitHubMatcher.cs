namespace Harness.Build;

/// <summary>
/// GitHub marks an error at its line where the line of the log ends with the project, as the compiler's lines do. MSBuild leaves the
/// project out where it is the file itself.
/// </summary>
static class GitHubMatcher
{
    /// <summary>The text of an error or a warning, as it is to be logged.</summary>
    public static string Text(string text, string file, string project) =>
        file == project && Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true" ? $"{text} [{project}]" : text;
}
