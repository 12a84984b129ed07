using Harness.Diagnostics;
using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Strategies;

namespace Harness.Searches;

/// <summary>Runs a searching strategy problem by problem: each act of the search is done, and timed, alone.</summary>
public sealed class SequentialSearch
{
    readonly SearchManifest search;
    readonly PlannedPool pool;
    readonly IModelGenerator generator;
    readonly ModelConfig? shape;

    /// <param name="pool">The one that the strategy names: its task, prompts and decoding.</param>
    /// <param name="generator">Of the engine that <paramref name="engine"/> names.</param>
    /// <param name="shape">Of which operations are counted; null: they are NaN.</param>
    /// <exception cref="HarnessException"><see cref="Codes.EngineUnable"/>: the engine can't go on from a path.</exception>
    public SequentialSearch(SearchManifest search, PlannedPool pool, IModelGenerator generator, string engine, ModelConfig? shape)
    {
        if (!generator.ExtendsPaths)
            throw Codes.EngineUnable.With(
                $"strategy '{search.Name}' searches, and engine '{engine}' can't go on from a part of an answer",
                search.Place.File, search.Place.Line, search.Place.Column);
        this.search = search;
        this.pool = pool;
        this.generator = generator;
        this.shape = shape;
    }

    /// <summary>A function of the model, the prompt, the decoding, the strategy and these numbers, and of nothing else.</summary>
    /// <param name="replicate">0-based: each is a search of its own.</param>
    public async Task<SearchResult> Solve(int problem, int multiplier, int replicate, CancellationToken cancellation)
    {
        Budget budget = new(multiplier);
        PlannedPrompt prompt = pool.Prompts[problem];
        ulong seed = SearchSeed.Of(pool.Decoding.Seed, search.Name, multiplier, replicate);
        EnginePaths paths = new(search, pool, prompt, generator, seed, search.Strategy.MostPaths(budget), cancellation);
        SearchAnswer chosen = await search.Strategy.Solve(paths, budget);
        (string? answer, bool correct) = paths.AnswerOf(chosen);
        return new SearchResult
        {
            Problem = problem,
            Multiplier = multiplier,
            Replicate = replicate,
            Answer = answer,
            Correct = correct,
            Cost = SearchCost.Of(paths.All, prompt.Tokens.Length, shape),
            Paths = paths.All,
        };
    }
}
