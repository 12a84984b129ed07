using Harness.Strategies;

namespace Harness.Tests.Searches.Fakes;

/// <summary>A beam of k paths: after each step the better half goes on, each of it twice.</summary>
sealed class SmallBeam(int stepTokens) : ISearchStrategy
{
    const int MostSteps = 40;

    public static SearchStrategyDefinition Definition { get; } = new()
    {
        Name = "small-beam",
        Summary = "the better half of k paths goes on after each step",
        ReadsVerifier = true,
        Options = [new() { Name = "StepTokens", Summary = "Most tokens of a step", Default = 12, Low = 1 }],
        Create = settings => new SmallBeam(settings.Options["StepTokens"]),
    };

    public int MostPaths(Budget budget) => budget.Multiplier + budget.Multiplier / 2 + 1;

    public async Task<SearchAnswer> Solve(ProblemPaths paths, Budget budget)
    {
        List<SearchPath> beam = [await paths.Open()];
        while (beam.Count < budget.Multiplier)
            beam.Add(await paths.Fork(beam[0]));
        for (int step = 0; step < MostSteps && beam.Any(path => !path.IsFinished); step++)
        {
            await Task.WhenAll(beam.Where(path => !path.IsFinished)
                .Select(path => paths.Extend(path, new Until { Mark = ";", Tokens = stepTokens })));
            SearchPath[] best = await Ranked(paths, beam);
            foreach (SearchPath worse in best[Math.Max(1, best.Length / 2)..])
                await paths.Drop(worse);
            beam = [.. best[..Math.Max(1, best.Length / 2)]];
            foreach (SearchPath parent in beam.Where(path => !path.IsFinished).ToArray())
            {
                if (beam.Count < budget.Multiplier)
                    beam.Add(await paths.Fork(parent));
            }
        }
        return new SearchAnswer((await Ranked(paths, beam))[0]);
    }

    static async Task<SearchPath[]> Ranked(ProblemPaths paths, IReadOnlyList<SearchPath> beam)
    {
        double[] scores = await Task.WhenAll(beam.Select(paths.Score));
        return [.. beam.Zip(scores).OrderByDescending(pair => pair.Second).ThenBy(pair => pair.First.Number).Select(pair => pair.First)];
    }
}
