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
            foreach (LoggedGeneration logged in KeptSamples.OfRows(Path.Combine(artifacts, $"{pool.Key}.generations"), pool))
                texts[(pool.Key, logged.Generation.Problem, logged.Generation.Sample)] = logged.Text;
        }
    }

    public int Count => texts.Count;

    /// <summary>Null where no log holds it.</summary>
    public string? Of(SampleRow row) => texts.GetValueOrDefault((row.Pool, row.Problem, row.Sample));
}
