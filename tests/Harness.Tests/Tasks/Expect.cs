using Harness.Kernels.Diagnostics;

namespace Harness.Tests.Tasks;

/// <summary>Asserts on expected failures, and files of a test's own.</summary>
static class Expect
{
    public static HarnessException Failure(Diagnostic diagnostic, Action action)
    {
        HarnessException exception = Assert.Throws<HarnessException>(() => action())!;
        Assert.That(exception.Diagnostic.Code, Is.EqualTo(diagnostic.Code), exception.Message);
        return exception;
    }
}

/// <summary>A folder that a test fills, deleted with it.</summary>
sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("harness-tasks-").FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
