using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;

namespace Harness.Measurement;

/// <summary>What `harness bench --json` writes and `harness throughput` reads: rates of one model, with all that decides them.</summary>
/// <param name="Model">synthetic:... as written, or the last part of a path.</param>
/// <param name="Turns">Runs behind each row, the one of loading excepted.</param>
public sealed record BenchmarkReport(
    string Model,
    string Precision,
    string Device,
    string Isa,
    int Threads,
    int PromptTokens,
    int TokensPerSample,
    int Turns,
    IReadOnlyList<BenchmarkRow> Rows)
{
    /// <param name="turns">How often the rows were measured.</param>
    public static BenchmarkReport Of(
        string location, Precision precision, MachineFacts machine, BenchmarkSettings settings, int turns, IReadOnlyList<BenchmarkRow> rows)
    {
        return new(
            ModelFiles.IsSynthetic(location) ? location : Path.GetFileName(Path.TrimEndingDirectorySeparator(location)),
            ExperimentKey.PrecisionName(precision), machine.Device, machine.Isa, machine.Threads, settings.PromptTokens, settings.Tokens,
            turns, rows);
    }
}
