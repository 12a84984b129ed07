using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Held by the one process that runs an experiment; the operating system lets go of it however that process ends.</summary>
public sealed class RunLock : IDisposable
{
    readonly FileStream file;

    RunLock(FileStream file) => this.file = file;

    /// <exception cref="HarnessException"><see cref="Codes.AlreadyRunning"/>; <see cref="Codes.NotWritable"/>.</exception>
    public static RunLock Take(string artifacts)
    {
        Storage.RequireWritable(artifacts);
        string path = Path.Combine(artifacts, "run.lock");
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (Exception refused) when (Storage.Refusal(refused) is { } code)
        {
            throw code.With($"{path}: {refused.Message}", inner: refused);
        }
        catch (IOException held)
        {
            throw Codes.AlreadyRunning.With($"another process holds {path}", inner: held);
        }
    }

    public void Dispose() => file.Dispose();
}
