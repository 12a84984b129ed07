using Harness.Pools;
using Harness.Records;

namespace Harness.Pages;

/// <summary>One pool as a page of samples has it.</summary>
/// <param name="Facts">How it was asked, in a few words.</param>
/// <param name="Problems">By problem.</param>
sealed record BrowsedPool(string Name, string Facts, IReadOnlyList<BrowsedProblem> Problems)
{
    /// <summary>In the order of run.json.</summary>
    /// <param name="texts">Those of other tokens than samples.csv has are left out.</param>
    public static IReadOnlyList<BrowsedPool> Of(CommittedExperiment experiment, SampleFiles files, IReadOnlyList<PoolTexts> texts)
    {
        ILookup<string, SampleRow> samples = files.Samples.ToLookup(row => row.Pool);
        Dictionary<(string, int), string> golds = files.Problems.ToDictionary(row => (row.Pool, row.Problem), row => row.Gold);
        return
        [
            .. CommittedFigures.PoolsOf(experiment).Where(pool => samples.Contains(pool.Name)).Select(pool =>
                Of(pool.Name, pool.Facts, samples[pool.Name], golds, texts.FirstOrDefault(each => each.Pool == pool.Name))),
        ];
    }

    static BrowsedPool Of(
        string name, string facts, IEnumerable<SampleRow> rows, Dictionary<(string, int), string> golds, PoolTexts? texts) =>
        new(name, facts,
        [
            .. rows.GroupBy(row => row.Problem).OrderBy(problem => problem.Key).Select(problem => new BrowsedProblem(
                problem.Key,
                problem.First().Difficulty,
                golds.GetValueOrDefault((name, problem.Key), ""),
                texts is not null && problem.Key < texts.Problems.Count ? texts.Problems[problem.Key] : null,
                [.. problem.OrderBy(row => row.Sample).Select(row => new BrowsedSample(row, TextOf(row, texts)))])),
        ]);

    static string? TextOf(SampleRow row, PoolTexts? texts) =>
        texts is not null && texts.Samples.TryGetValue((row.Problem, row.Sample), out SampleText text) && text.TokensHash == row.TokensHash
            ? text.Text
            : null;
}
