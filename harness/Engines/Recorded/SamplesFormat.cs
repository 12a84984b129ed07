using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Engines.Recorded;

/// <summary>The samples.csv of another experiment of this program: one of its pools.</summary>
sealed class SamplesFormat : IRecordedFormat
{
    public string Name => "samples";

    public string Summary => "the samples.csv of an experiment, one of its pools";

    public bool HasPools => true;

    public IReadOnlyList<RecordedSample> Read(RecordedFile file, RecordedFields fields, string pool, string? stated)
    {
        IReadOnlyList<SampleRow> rows = Rows(file);
        string[] pools = [.. rows.Select(row => row.Pool).Distinct()];
        string chosen = stated ?? (pools.Length == 1 ? pools[0] : pool);
        if (!pools.Contains(chosen))
            throw file.Bad($"has no pool '{chosen}'; RecordedPool names one of: {string.Join(", ", pools)}");
        return [.. rows.Index().Where(row => row.Item.Pool == chosen).Select(row => SampleOf(row.Item, row.Index + 2))];
    }

    static IReadOnlyList<SampleRow> Rows(RecordedFile file)
    {
        try
        {
            return SampleTable.Csv.Parse(file.Bytes, file.Path);
        }
        catch (HarnessException bad) when (bad.Diagnostic == Codes.ResultsCorrupt)
        {
            throw file.Bad(bad.Message, bad.Line, bad);
        }
    }

    static RecordedSample SampleOf(SampleRow row, int line) => new()
    {
        Line = line,
        Problem = row.Problem,
        Sample = row.Sample,
        Answer = row.Answer,
        Correct = row.Correct == 1,
        PromptTokens = row.PromptTokens,
        Tokens = row.Tokens,
        Logprob = row.Logprob,
        Difficulty = row.Difficulty,
        Finish = row.Finish,
        TokensHash = row.TokensHash,
    };
}
