using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Pools;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>What an expected length was taken from.</summary>
public enum LengthSource
{
    /// <summary>Nothing tells it: no sample is longer than MaxTokens.</summary>
    MaxTokens,

    /// <summary>Samples that earlier runs finished and artifacts hold.</summary>
    Kept,

    /// <summary>The committed samples.csv.</summary>
    Committed,
}

/// <summary>How many tokens a sample of a pool is expected to have.</summary>
/// <param name="Tokens">Their mean, or its upper bound where nothing tells it.</param>
public readonly record struct ExpectedLength(double Tokens, LengthSource Source)
{
    /// <summary>
    /// Kept samples are a sample of the pool when they are at least this share of it: the first to end are the short ones.
    /// </summary>
    const double FairShare = 0.1;

    /// <param name="kept">Tokens of each sample of the pool that artifacts hold.</param>
    /// <param name="committed">Rows of the pool's name in samples.csv; they tell nothing where they were cut off at another limit.</param>
    public static ExpectedLength Of(PlannedPool pool, IReadOnlyCollection<int> kept, IReadOnlyCollection<SampleRow> committed)
    {
        if (kept.Count >= FairShare * pool.Samples)
            return new ExpectedLength(kept.Average(), LengthSource.Kept);
        int limit = pool.Decoding.MaxTokens;
        if (committed.Count > 0 && committed.All(row => row.Tokens is { } tokens && (row.Finish != "length" || tokens == limit)))
            return new ExpectedLength(Math.Min(committed.Average(row => row.Tokens!.Value), limit), LengthSource.Committed);
        return kept.Count > 0
            ? new ExpectedLength(kept.Average(), LengthSource.Kept)
            : new ExpectedLength(limit, LengthSource.MaxTokens);
    }

    /// <summary>Rows of the committed samples.csv by pool; none where there is no such file, or it can't be read.</summary>
    public static ILookup<string, SampleRow> CommittedSamples(string folder)
    {
        string path = Path.Combine(folder, SampleTable.Csv.FileName);
        try
        {
            return SampleTable.Csv.Read(path).ToLookup(row => row.Pool);
        }
        catch (HarnessException unusable) when (unusable.Diagnostic == Codes.ResultsMissing || unusable.Diagnostic == Codes.ResultsCorrupt)
        {
            return Array.Empty<SampleRow>().ToLookup(row => row.Pool);
        }
    }
}
