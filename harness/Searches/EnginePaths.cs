using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Manifests;
using Harness.Pools;
using Harness.Samples;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Searches;

/// <summary>The paths of one search, each act done at once by an engine's generator.</summary>
sealed class EnginePaths(
    SearchManifest search, PlannedPool pool, PlannedPrompt prompt, IModelGenerator generator, ulong seed, int mostPaths,
    CancellationToken cancellation) : ProblemPaths
{
    readonly List<LivePath> paths = [];
    readonly DecodingSettings decoding = pool.Decoding with { Seed = seed };

    public override Problem Problem => prompt.Problem;

    /// <summary>By number.</summary>
    public IReadOnlyList<LivePath> All => paths;

    public override Task<SearchPath> Open() => Task.FromResult<SearchPath>(Add(null));

    public override Task<SearchPath> Fork(SearchPath path) => Task.FromResult<SearchPath>(Add(Own(path)));

    public override Task Extend(SearchPath path, Until until)
    {
        LivePath extended = Unfinished(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(until.Tokens, 1);
        GenerationRequest request =
            new() { Problem = Problem.Index, Prompt = [.. prompt.Tokens, .. extended.Tokens], Samples = [extended.Number] };
        DecodingSettings settings = decoding with
        {
            MaxTokens = Math.Min(until.Tokens, decoding.MaxTokens - extended.Tokens.Count),
            StopStrings = until.Mark is { } mark ? [.. decoding.StopStrings, mark] : decoding.StopStrings,
        };
        Generation? drawn = null;
        generator.Generate([request], settings, generation => drawn = generation, cancellation);
        extended.Draw(drawn ?? throw new InvalidOperationException($"the generator left out path {extended.Number}"));
        extended.Finish = drawn.Finish == FinishReason.Stop || IsStopped(drawn, until.Mark) ? drawn.Finish : FinishOf(extended);
        return Task.CompletedTask;
    }

    public override Task Append(SearchPath path, IReadOnlyList<int> tokens)
    {
        LivePath extended = Unfinished(path);
        extended.Give(tokens.Take(decoding.MaxTokens - extended.Tokens.Count));
        extended.Finish = FinishOf(extended);
        return Task.CompletedTask;
    }

    public override Task<double> Score(SearchPath path)
    {
        IVerifier verifier = search.Verifier
            ?? throw new InvalidOperationException($"strategy '{search.Name}' scores a path and does not say that it reads a verifier");
        LivePath scored = Own(path);
        Generation sample = scored.AsSample(Problem.Index);
        (string text, string? answer, bool correct) = Read(sample);
        double reward = verifier is ITextVerifier reader
            ? reader.Reward(new VerifiedText(Problem, text, sample.Tokens, correct))
            : verifier.Rewards(new ProblemSamples(
                Problem.Index, Problem.Difficulty, prompt.Tokens.Length,
                [new PooledSample(answer, correct, sample.Tokens.Length, sample.LogProbability, sample.Finish == FinishReason.Length)]))[0];
        return Task.FromResult(reward);
    }

    public override Task Drop(SearchPath path)
    {
        Own(path).IsDropped = true;
        return Task.CompletedTask;
    }

    /// <summary>What the task reads of the path that a search has chosen.</summary>
    public (string? Answer, bool Correct) AnswerOf(SearchAnswer chosen)
    {
        if (chosen.Path is not { } path)
            return (null, false);
        (_, string? answer, bool correct) = Read(Own(path).AsSample(Problem.Index));
        return (answer, correct);
    }

    LivePath Add(LivePath? parent)
    {
        if (paths.Count(path => !path.IsDropped) >= mostPaths)
            throw new InvalidOperationException($"strategy '{search.Name}' holds more than the {mostPaths} paths that it stated");
        LivePath added = new(paths.Count, parent);
        paths.Add(added);
        return added;
    }

    LivePath Own(SearchPath path)
    {
        LivePath? own = path.Number < paths.Count ? paths[path.Number] : null;
        if (own is null || own != path)
            throw new InvalidOperationException($"path {path.Number} is of another search");
        return own.IsDropped ? throw new InvalidOperationException($"path {path.Number} was dropped") : own;
    }

    LivePath Unfinished(SearchPath path) => Own(path) is { IsFinished: false } own
        ? own
        : throw new InvalidOperationException($"path {path.Number} has finished");

    /// <summary>Whether a stop string of the pool ended it, and not the mark of a step.</summary>
    bool IsStopped(Generation drawn, string? mark) => drawn.Finish == FinishReason.StopString
        && (mark is null || !pool.Decoder.TextOf(drawn.Tokens.AsSpan()).Contains(mark, StringComparison.Ordinal));

    /// <summary>Null where the path has only paused. A stop string of the pool is looked for in the whole text, across pauses.</summary>
    FinishReason? FinishOf(LivePath path)
    {
        if (decoding.StopStrings.Count > 0)
        {
            string text = pool.Decoder.TextOf([.. path.Tokens]);
            if (decoding.StopStrings.Any(stop => text.Contains(stop, StringComparison.Ordinal)))
                return FinishReason.StopString;
        }
        return path.Tokens.Count == decoding.MaxTokens ? FinishReason.Length : null;
    }

    (string Text, string? Answer, bool Correct) Read(Generation sample)
    {
        string text = pool.TextOf(sample);
        (string? answer, bool correct) = pool.Judge(prompt, sample, text);
        return (text, answer, correct);
    }
}
