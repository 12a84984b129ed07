using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Commands;

/// <summary>Lets MSBuild evaluate NAME.proj, in the same way as `dotnet build` does.</summary>
static partial class MsBuildManifest
{
    /// <param name="properties">NAME=VALUE, or POOL.NAME=VALUE, each.</param>
    /// <exception cref="HarnessException">
    /// <see cref="Codes.UsageError"/>: a property has no value. Otherwise MSBuild's error, where it has only one.
    /// </exception>
    /// <exception cref="ManifestException">MSBuild's errors.</exception>
    /// <remarks>Where artifacts/ can't be written, as in a checkout that is read-only, the manifest passes through a temporary
    /// folder.</remarks>
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
            // The program that is running must not be built anew.
            $"-property:HarnessProgram={Escaped(Path.Combine(AppContext.BaseDirectory, "harness.dll"))}",
            .. properties.Select(property => $"-property:{ForMSBuild(property)}"),
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
            throw Codes.BadManifest.With($"no .NET SDK to evaluate it with ({absent.Message}); pass a resolved manifest.json instead",
                project, inner: absent);
        }
    }

    /// <summary>MSBuild takes no dot in a property's name: one pool's Samples, think.Samples, is think-Samples there.</summary>
    static string ForMSBuild(string property)
    {
        int equals = property.IndexOf('=');
        string name = equals < 0 ? property : property[..equals], value = equals < 0 ? "" : property[(equals + 1)..];
        return name.Trim().Length > 0 && value.Trim().Length > 0
            ? $"{name.Trim().Replace('.', '-')}={Escaped(value)}"
            : throw Codes.UsageError.With($"-p {property} has no value; write -p {(name.Length > 0 ? name : "NAME")}=VALUE");
    }

    /// <summary>Escapes the characters that separate values on MSBuild's command line, and those that begin an escape there.</summary>
    static string Escaped(string value) =>
        value.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal)
            .Replace(",", "%2C", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);

    /// <summary>MSBuild's own errors, each at its place.</summary>
    static Exception Failure(string project, string output)
    {
        HarnessException[] errors = [.. ErrorLine().Matches(output).Select(Describe)];
        return errors.Length > 0 ? ManifestException.Of(errors)
            : Codes.BadManifest.With($"MSBuild could not evaluate it: {output.Trim().Split('\n')[0]}", project);
    }

    static HarnessException Describe(Match error)
    {
        string number = error.Groups["code"].Value, text = error.Groups["text"].Value.Trim();
        return DiagnosticsPage.All.TryGetValue(number, out Diagnostic? code)
            ? code.With(text, error.Groups["file"].Value.Trim(), Number("line"), Number("column"))
            : Codes.BadManifest.With($"{number}: {text}", error.Groups["file"].Value.Trim(), Number("line"), Number("column"));

        int Number(string group) => error.Groups[group].Success ? int.Parse(error.Groups[group].Value) : 0;
    }

    [GeneratedRegex(
        @"^\s*(?<file>[^\n(]+?)(\((?<line>\d+)(,(?<column>\d+))?[^)\n]*\))?\s*: error (?<code>\w+): (?<text>.*?)( \[[^\]\n]*\])?$",
        RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
