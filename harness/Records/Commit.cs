using System.ComponentModel;
using System.Diagnostics;

namespace Harness.Records;

/// <summary>The commit that a run came from.</summary>
public static class Commit
{
    /// <summary>Its hash, with "-dirty" where tracked files differ from it; null where git or a checkout is not there.</summary>
    public static string? Describe(string folder)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string described = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? described : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
