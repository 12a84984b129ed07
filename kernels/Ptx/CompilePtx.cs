using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Compiles each .cu to a .ptx of its name that begins with the compiler's version and the hash of the sources, or checks that what is
/// there is what the sources give. MSBuild compiles this file where it is used (RoslynCodeTaskFactory).
/// </summary>
public sealed class CompilePtx : Task
{
    const string CompilerLine = "// compiler: ", SourcesLine = "// sources: ";
    static readonly Regex Include = new Regex("^\\s*#include\\s+\"([^\"]+)\"", RegexOptions.Multiline);

    [Required]
    public ITaskItem[] Sources { get; set; }

    /// <summary>Where the .ptx lie.</summary>
    [Required]
    public string Folder { get; set; }

    [Required]
    public string Compiler { get; set; }

    [Required]
    public string Flags { get; set; }

    public bool CheckOnly { get; set; }

    /// <summary>Compiles also what is up to date.</summary>
    public bool Force { get; set; }

    public override bool Execute()
    {
        string version = Version();
        if (version is null && !CheckOnly)
        {
            Log.LogError($"{Compiler} is not on the PATH: install Debian's package {Compiler}, or name another clang with -p:PtxCompiler=");
            return false;
        }
        var expected = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ITaskItem source in Sources.OrderBy(item => item.ItemSpec, StringComparer.Ordinal))
        {
            string path = Path.GetFullPath(source.ItemSpec), target = Path.Combine(Folder, Path.GetFileNameWithoutExtension(path) + ".ptx");
            if (!expected.Add(target))
                Log.LogError(null, null, null, path, 0, 0, 0, 0, "two sources of this name would compile to one .ptx");
            else if (CheckOnly)
                Check(path, target, version);
            else
                CompileStale(path, target, version);
        }
        foreach (string orphan in Directory.EnumerateFiles(Folder, "*.ptx").Where(file => !expected.Contains(file)))
            Log.LogError(null, null, null, orphan, 0, 0, 0, 0, "no .cu of this name: delete it");
        return !Log.HasLoggedErrors;
    }

    void CompileStale(string path, string target, string version)
    {
        string hash = Hash(path);
        if (!Force && File.Exists(target) && Recorded(target, SourcesLine) == hash)
            return;
        string ptx = Compiled(path, hash, version);
        if (ptx is null)
            return;
        File.WriteAllText(target, ptx);
        Log.LogMessage(MessageImportance.High, $"{Path.GetFileName(path)} -> {Path.GetFileName(target)}");
    }

    void Check(string path, string target, string version)
    {
        string hash = Hash(path);
        string message = null;
        if (!File.Exists(target))
            message = "has no PTX";
        else if (Recorded(target, SourcesLine) != hash)
            message = "or what it includes, or the compiler's flags, changed after its PTX was made";
        else if (version == Recorded(target, CompilerLine) && Compiled(path, hash, version) is string ptx
            && ptx != File.ReadAllText(target))
            message = "compiles to other PTX than the committed";
        if (message != null)
            Log.LogError(
                null, null, null, path, 0, 0, 0, 0, $"{Path.GetFileName(path)} {message}: run `dotnet build kernels -t:CompilePtx`");
        else
            Log.LogMessage(MessageImportance.High, $"{Path.GetFileName(target)}: " + (version == Recorded(target, CompilerLine)
                ? "compiled again, the same"
                : "hash of the sources agrees; compiler not at hand"));
    }

    /// <summary>Hash of the flags, of the source and of all that it includes, in the order of inclusion.</summary>
    string Hash(string path)
    {
        var seen = new List<string>();
        Collect(path, seen);
        using (IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Flags));
            foreach (string file in seen)
                hash.AppendData(Encoding.UTF8.GetBytes(File.ReadAllText(file).Replace("\r\n", "\n")));
            return BitConverter.ToString(hash.GetHashAndReset()).Replace("-", "").ToLowerInvariant();
        }
    }

    static void Collect(string path, List<string> seen)
    {
        if (seen.Contains(path))
            return;
        seen.Add(path);
        foreach (Match match in Include.Matches(File.ReadAllText(path)))
            Collect(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path), match.Groups[1].Value)), seen);
    }

    string Compiled(string path, string hash, string version)
    {
        (int status, string output, string errors) = Run($"{Flags} -S -o - \"{path}\"");
        if (status != 0)
        {
            Log.LogError(null, null, null, path, 0, 0, 0, 0, errors.Trim());
            return null;
        }
        int start = output.IndexOf(".version", StringComparison.Ordinal);
        string relative = $"kernels/{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}";
        return $"// {relative}, compiled by `dotnet build kernels -t:CompilePtx`.\n{CompilerLine}{version}\n{SourcesLine}{hash}\n"
            + output.Substring(start);
    }

    static string Recorded(string target, string line) =>
        File.ReadLines(target).FirstOrDefault(text => text.StartsWith(line, StringComparison.Ordinal))?.Substring(line.Length);

    string Version()
    {
        try
        {
            return Run("--version").Output.Split('\n')[0].Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    (int Status, string Output, string Errors) Run(string arguments)
    {
        var start = new ProcessStartInfo(Compiler, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        };
        using (Process process = Process.Start(start))
        {
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
    }
}
