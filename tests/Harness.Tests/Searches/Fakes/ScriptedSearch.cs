using Harness.Strategies;

namespace Harness.Tests.Searches.Fakes;

/// <summary>A search that does what a test says.</summary>
sealed class ScriptedSearch(Func<ProblemPaths, Budget, Task<SearchPath?>> solve, int mostPaths = 8) : ISearchStrategy
{
    public int MostPaths(Budget budget) => mostPaths;

    public async Task<SearchAnswer> Solve(ProblemPaths paths, Budget budget) => new(await solve(paths, budget));
}
