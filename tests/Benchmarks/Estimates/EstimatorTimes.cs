using System.Diagnostics;
using System.Security.Cryptography;
using Harness.Analysis;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Strategies;

namespace Harness.Benchmarks.Estimates;

/// <summary>
/// The same once, without warming up: `dotnet run -c Release --project tests/Benchmarks -- --once estimators`. Seconds that passed, seconds
/// of all processors, and a hash of every bit of the estimates and of their rows: a faster estimator leaves it as it is.
/// </summary>
static class EstimatorTimes
{
    public static void Print()
    {
        ProblemSamples[] problems = EstimatedPool.Create();
        Console.WriteLine($"{Environment.ProcessorCount} processors; seconds: elapsed, of all processors");
        foreach ((string name, StrategyManifest reader) in EstimatedPool.Readers)
            Print(name, problems, [reader]);
        Print("all", problems, [.. EstimatedPool.Readers.Select(reader => reader.Reader)]);
    }

    static void Print(string name, ProblemSamples[] problems, StrategyManifest[] readers)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        PoolEstimates pool = EstimatedPool.Estimates(problems, readers);
        IReadOnlyList<IReadOnlyList<AccuracyRow>> rows = new AccuracyEstimator(pool, EstimatedPool.Model).Estimate(readers);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start), all = Environment.CpuUsage.TotalTime - before;
        Console.WriteLine($"{elapsed.TotalSeconds,7:F2} {all.TotalSeconds,7:F2}  {name,-24} {Hash(pool, readers, rows)}");
    }

    static string Hash(PoolEstimates pool, StrategyManifest[] readers, IReadOnlyList<IReadOnlyList<AccuracyRow>> rows)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (StrategyManifest reader in readers)
        {
            foreach (StrategyEstimate estimate in reader.Multipliers.SelectMany(k => pool.Of(reader.Strategy, k)))
            {
                hash.AppendData(BitConverter.GetBytes(estimate.Own.Accuracy));
                hash.AppendData(BitConverter.GetBytes(estimate.Own.StandardError));
                foreach (double chance in estimate.Drawn?.Chances ?? [])
                    hash.AppendData(BitConverter.GetBytes(chance));
                hash.AppendData(BitConverter.GetBytes(estimate.Drawn?.CriticalTokens ?? 0));
            }
        }
        hash.AppendData(AccuracyTable.Csv.Write([.. rows.SelectMany(row => row)]));
        return Convert.ToHexString(hash.GetHashAndReset())[..16];
    }
}
