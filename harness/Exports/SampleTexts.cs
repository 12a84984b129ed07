using Harness.Pools;
using Harness.Records;

namespace Harness.Exports;

/// <summary>The texts of samples that the logs in artifacts/ still hold: those of the same tokens.</summary>
sealed class SampleTexts
{
    readonly Dictionary<(string, int, int), string> texts = [];

    /// <param name="artifacts">The experiment's folder in artifacts/; it may not exist.</param>
    /// <param name="samples">Rows of samples.csv.</param>
    public SampleTexts(string artifacts, IReadOnlyList<SampleRow> samples)
    {
        foreach (IGrouping<string, SampleRow> pool in samples.GroupBy(row => row.Pool))
        {
            Dictionary<(int, int), string> hashes = pool.Where(row => row.TokensHash.Length > 0)
                .ToDictionary(row => (row.Problem, row.Sample), row => row.TokensHash);
            foreach (LoggedGeneration logged in GenerationLog.Read(Path.Combine(artifacts, $"{pool.Key}.generations")))
            {
                (int problem, int sample) = (logged.Generation.Problem, logged.Generation.Sample);
                if (hashes.TryGetValue((problem, sample), out string? hash) && hash == Hashes.OfTokens(logged.Generation.Tokens))
                    texts[(pool.Key, problem, sample)] = logged.Text;
            }
        }
    }

    public int Count => texts.Count;

    /// <summary>Null where no log holds it.</summary>
    public string? Of(SampleRow row) => texts.GetValueOrDefault((row.Pool, row.Problem, row.Sample));
}
