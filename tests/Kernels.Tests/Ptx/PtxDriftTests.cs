using System.Diagnostics;
using Harness.Tests.Shared;

namespace Kernels.Tests.Ptx;

/// <summary>The committed PTX is what its sources compile to, and a drift of either is found.</summary>
[TestFixture]
public static class PtxDriftTests
{
    const string NoCompiler = "-p:PtxCompiler=no-such-compiler";

    [Test]
    public static void CommittedPtxIsOfItsSources()
    {
        (int status, string output) = Check(Repository.Root);
        Assert.That(status, Is.Zero, output);
        Assert.That(output, Does.Contain("RmsNorm.ptx: "));
    }

    [Test]
    public static void DriftIsFound()
    {
        // What is asked for here needs no compiler.
        using var copy = new ScratchKernels();
        copy.Edit("SwiGlu/SwiGlu.cu", text => text + "\n");
        copy.Edit("Ptx/RmsNorm.ptx", text => text.Replace("// sources: ", "// sources: 0"));
        copy.Edit("Ptx/Orphan.ptx", _ => ".version 7.5\n");
        File.Delete(copy.Path("Ptx/Embedding.ptx"));
        (int status, string output) = Check(copy.Root, NoCompiler);
        Assert.That(status, Is.Not.Zero, output);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("SwiGlu.cu or what it includes"));
            Assert.That(output, Does.Contain("RmsNorm.cu or what it includes"));
            Assert.That(output, Does.Contain("Embedding.cu has no PTX"));
            Assert.That(output, Does.Contain("no .cu of this name"));
        });
    }

    [Test]
    public static void PtxThatWasEditedIsFoundWhereTheCompilerIsPresent()
    {
        if (!HasCompiler())
            Assert.Ignore("clang-14 is not on the PATH, so the committed PTX cannot be compiled again here");
        using var copy = new ScratchKernels("RmsNorm");
        copy.Edit("Ptx/RmsNorm.ptx", text => text.Replace("fma.rn.f32", "mad.rn.f32"));
        (int status, string output) = Check(copy.Root);
        Assert.That(status, Is.Not.Zero, output);
        Assert.That(output, Does.Contain("RmsNorm.cu compiles to other PTX than the committed"));
    }

    [Test]
    public static void WithoutTheCompilerTheHashesAreCompared()
    {
        using var copy = new ScratchKernels();
        (int status, string output) = Check(copy.Root, NoCompiler);
        Assert.That(status, Is.Zero, output);
        Assert.That(output, Does.Contain("RmsNorm.ptx: hash of the sources agrees; compiler not at hand"));
    }

    static (int Status, string Output) Check(string root, params string[] more)
    {
        string project = Path.Combine(root, "kernels", "Kernels.csproj"), dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, ["msbuild", project, "-t:CheckPtx", "-v:n", "-nologo", "-tl:off", .. more])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string inherited in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase))
            .ToArray())
            start.Environment.Remove(inherited);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    static bool HasCompiler() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "clang-14")));

    /// <summary>A copy of what the check reads.</summary>
    sealed class ScratchKernels : IDisposable
    {
        /// <param name="only">The one module to copy; null: all.</param>
        public ScratchKernels(string? only = null)
        {
            foreach (string file in Directory.EnumerateFiles(Repository.Root).Where(IsOfTheBuild))
                Copy(file);
            foreach (string file in Directory.EnumerateFiles(
                System.IO.Path.Combine(Repository.Root, "harness", "build"), "*", SearchOption.AllDirectories))
                Copy(file);
            string kernels = System.IO.Path.Combine(Repository.Root, "kernels");
            Copy(System.IO.Path.Combine(kernels, "Kernels.csproj"));
            foreach (string folder in Directory.EnumerateDirectories(kernels)
                .Where(f => System.IO.Path.GetFileName(f) is not ("bin" or "obj")))
            {
                foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => IsOfThePtx(f, only)))
                    Copy(file);
            }
        }

        public string Root { get; } = Directory.CreateTempSubdirectory("harness-ptx-").FullName;

        public string Path(string inKernels) => System.IO.Path.Combine(Root, "kernels", inKernels);

        public void Edit(string inKernels, Func<string, string> edit) =>
            File.WriteAllText(Path(inKernels), edit(File.Exists(Path(inKernels)) ? File.ReadAllText(Path(inKernels)) : ""));

        public void Dispose() => Directory.Delete(Root, recursive: true);

        static bool IsOfTheBuild(string file) =>
            System.IO.Path.GetExtension(file) is ".props" or ".targets" or ".sln" || System.IO.Path.GetFileName(file) == "global.json";

        static bool IsOfThePtx(string file, string? only) => System.IO.Path.GetExtension(file) switch
        {
            ".cu" or ".ptx" => only is null || System.IO.Path.GetFileNameWithoutExtension(file) == only,
            ".cuh" or ".targets" => true,
            _ => System.IO.Path.GetFileName(file) == "CompilePtx.cs",
        };

        void Copy(string file)
        {
            string target = System.IO.Path.Combine(Root, System.IO.Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
