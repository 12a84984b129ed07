using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Pools;

/// <summary>The rows that samples.csv must have: every sample of every pool, by (pool, problem, sample).</summary>
static class SampleOrder
{
    /// <exception cref="HarnessException">
    /// <see cref="Codes.ResultsCorrupt"/> at the first line that is not the sample due there.
    /// </exception>
    public static SampleRow[] Require(IReadOnlyList<PlannedPool> pools, IReadOnlyList<SampleRow> rows, string file)
    {
        int next = 0;
        foreach (PlannedPool pool in pools)
        {
            for (int problem = 0; problem < pool.Prompts.Count; problem++)
            {
                for (int sample = 0; sample < pool.Manifest.Samples; sample++, next++)
                {
                    SampleRow? row = next < rows.Count ? rows[next] : null;
                    if (row is null || row.Pool != pool.Manifest.Name || row.Problem != problem || row.Sample != sample)
                        throw Codes.ResultsCorrupt.With(
                            $"expected pool {pool.Manifest.Name}, problem {problem}, sample {sample}; there is {Describe(row)}",
                            file,
                            next + 2,
                            1);
                }
            }
        }
        return next == rows.Count ? [.. rows] : throw Codes.ResultsCorrupt.With($"{rows.Count - next} rows too many", file, next + 2, 1);
    }

    static string Describe(SampleRow? row) => row is null ? "none" : $"pool {row.Pool}, problem {row.Problem}, sample {row.Sample}";
}
