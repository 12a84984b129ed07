using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>Lets MSBuild evaluate NAME.proj: one code path with `dotnet build`.</summary>
static partial class MsBuildManifest
{
    /// <param name="properties">NAME=VALUE each.</param>
    /// <remarks>Where artifacts/ can't be written, as in a checkout that is read-only, the manifest passes through a temporary folder.</remarks>
    public static RawManifest Resolve(string project, IReadOnlyList<string> properties)
    {
        try
        {
            return Evaluate(project, properties);
        }
        catch (HarnessException refused) when (refused.Diagnostic == Codes.NotWritable)
        {
            string folder = Directory.CreateTempSubdirectory("harness-").FullName;
            try
            {
                return Evaluate(project, [.. properties, $"ResolvedManifest={Path.Combine(folder, "manifest.json")}"]);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    static RawManifest Evaluate(string project, IReadOnlyList<string> properties)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
        ProcessStartInfo start = new(host,
        [
            "msbuild", project, "-nologo", "-verbosity:quiet", "-tl:off", "-target:ResolveManifest", "-getProperty:ResolvedManifest",
            .. properties.Select(property => $"-property:{property}"),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process msbuild = Process.Start(start)!;
            Task<string> error = msbuild.StandardError.ReadToEndAsync();
            string output = msbuild.StandardOutput.ReadToEnd().Trim();
            msbuild.WaitForExit();
            return msbuild.ExitCode == 0 && File.Exists(output)
                ? ManifestFile.Read(output)
                : throw Failure(project, output + "\n" + error.Result);
        }
        catch (Win32Exception absent)
        {
            throw Codes.BadManifest.With($"no .NET SDK to evaluate it with ({absent.Message}); pass a resolved manifest.json instead", project, inner: absent);
        }
    }

    /// <summary>MSBuild's own first error, at its place.</summary>
    static HarnessException Failure(string project, string output)
    {
        Match match = ErrorLine().Match(output);
        if (!match.Success)
            return Codes.BadManifest.With($"MSBuild could not evaluate it: {output.Trim().Split('\n')[0]}", project);
        Diagnostic code = Codes.All.GetValueOrDefault(match.Groups["code"].Value, Codes.BadManifest);
        string text = code.Code == match.Groups["code"].Value ? match.Groups["text"].Value : $"{match.Groups["code"].Value}: {match.Groups["text"].Value}";
        return code.With(text.Trim(), match.Groups["file"].Value.Trim(), Number("line"), Number("column"));

        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value) : 0;
    }

    [GeneratedRegex(@"^\s*(?<file>[^\n(]+?)(\((?<line>\d+)(,(?<column>\d+))?[^)\n]*\))?\s*: error (?<code>\w+): (?<text>.*?)( \[[^\]\n]*\])?$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
