using Harness.Diagnostics;
using Harness.Engines.Kernels;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using Harness.Searches;
using Harness.Strategies;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Searches.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Searches;

/// <summary>A searching strategy run over an engine: the scripted one, and the kernels with a real model where that is at hand.</summary>
[TestFixture]
sealed class SequentialSearchTests
{
    static readonly Until Step = new() { Mark = ";", Tokens = 9 };

    SearchedExperiment searched = null!;

    [SetUp]
    public void Create() => searched = Scripted();

    [TearDown]
    public void Remove() => searched.Dispose();

    [Test]
    public async Task A_search_is_a_function_of_its_names()
    {
        SearchResult first = await searched.Solve(2), again = await searched.Solve(2);
        Assert.That(Describe(again), Is.EqualTo(Describe(first)));
        string[] others =
        [
            Describe(await searched.Solve(3)),
            Describe(await searched.Solve(2, multiplier: 2)),
            Describe(await searched.Solve(2, replicate: 1)),
        ];
        Assert.That(others.Append(Describe(first)), Is.Unique);
    }

    [Test]
    public Task Pieces_are_the_whole_and_forks_go_on_with_draws_of_their_own() => RequirePiecesAndForks(searched, "scripted");

    [Test]
    public async Task The_kernels_give_the_same_in_pieces_and_by_forks_over_a_real_model()
    {
        string model = Path.Combine(Repository.Root, "results", "base-model", "model");
        using SearchedExperiment quickstart = new(new KernelEngine(), ScratchExperiment.Demo
            .Replace("<Model>model.bin<", $"<Model>{model}<").Replace("Prompt=\"direct\"", "Prompt=\"think\""));
        await RequirePiecesAndForks(quickstart, "kernels");
        SearchResult result = await quickstart.Solve(0);
        Assert.That(Describe(await quickstart.Solve(0)), Is.EqualTo(Describe(result)));
        Assert.That(result.Answer, Is.Not.Null);
    }

    [Test]
    public async Task A_tree_costs_each_token_once_and_tells_what_was_pruned()
    {
        SearchResult result = await searched.Solve(async (paths, _) =>
        {
            SearchPath root = await paths.Open();
            await paths.Extend(root, new Until { Tokens = 3 });
            SearchPath kept = await paths.Fork(root), given = await paths.Fork(root);
            await paths.Extend(root, new Until { Tokens = 2 });
            await paths.Extend(kept, new Until { Tokens = 4 });
            await paths.Append(given, ['1', '+']);
            await paths.Drop(root);
            return kept;
        });
        Assert.That(result.Paths.Select(path => path.IsFinished), Is.All.False, "the draws of this test end no answer");
        int prompt = searched.Pool.Prompts[0].Tokens.Length;
        Assert.That((result.Cost.PromptTokens, result.Cost.GeneratedTokens, result.Cost.PrunedTokens, result.Cost.CriticalTokens),
            Is.EqualTo((prompt + 2.0, 3 + 4.0, 2.0, 7.0)));
    }

    [Test]
    public async Task A_path_alone_costs_what_a_sample_costs()
    {
        SearchResult result = await searched.Solve((paths, _) => Alone(paths, Step));
        int prompt = searched.Pool.Prompts[0].Tokens.Length, tokens = result.Paths[0].Tokens.Count;
        Assert.That(result.Cost.PromptFlops, Is.EqualTo(ModelFlops.Prompt(ScriptedModel.SomeShape, prompt)));
        Assert.That(result.Cost.GeneratedFlops,
            Is.EqualTo(ModelFlops.Generation(ScriptedModel.SomeShape, prompt, tokens)));
        Assert.That((result.Cost.GeneratedTokens, result.Cost.PrunedFlops), Is.EqualTo(((double)tokens, 0.0)));
    }

    [Test]
    public async Task An_answer_ends_at_the_pools_stop_string_also_across_a_pause()
    {
        string whole = TextOf(await searched.Solve((paths, _) => Alone(paths, Until.TheEnd)));
        int start = Enumerable.Range(0, whole.Length - 1).First(i => !whole[i..(i + 2)].ToArray().Any(letter => letter is ';' or '\0'));
        using SearchedExperiment stopped = Scripted($"MaxTokens=\"40\" StopStrings=\"{whole[start..(start + 2)]}\"");
        SearchResult result = await stopped.Solve((paths, _) => Alone(paths, new Until { Tokens = 1 }));
        Assert.That(TextOf(result), Is.EqualTo(whole[..(start + 2)]));
    }

    [Test]
    public async Task What_exceeds_MaxTokens_is_left_out()
    {
        SearchResult result = await searched.Solve(async (paths, _) =>
        {
            SearchPath path = await paths.Open();
            await paths.Append(path, [.. Enumerable.Repeat((int)'1', 50)]);
            return path;
        });
        Assert.That((result.Paths[0].Tokens.Count, result.Paths[0].IsFinished), Is.EqualTo((40, true)));
    }

    [Test]
    public async Task A_search_that_chooses_nothing_is_wrong()
    {
        SearchResult result = await searched.Solve((_, _) => Task.FromResult<SearchPath?>(null));
        Assert.That((result.Answer, result.Correct), Is.EqualTo(((string?)null, false)));
    }

    [Test]
    public void A_wrong_strategy_is_an_exception_that_says_what_it_did()
    {
        Assert.That(Failure(async (paths, path) => await paths.Fork(path), mostPaths: 1), Does.Contain("more than the 1 paths"));
        Assert.That(Failure(async (paths, path) =>
        {
            await paths.Drop(path);
            await paths.Extend(path, Step);
        }), Does.Contain("path 0 was dropped"));
        Assert.That(Failure(async (paths, path) =>
        {
            await paths.Append(path, [.. Enumerable.Repeat((int)'1', 40)]);
            await paths.Extend(path, Step);
        }), Does.Contain("path 0 has finished"));
        SearchPath? foreign = null;
        Failure((_, path) =>
        {
            foreign = path;
            return Task.CompletedTask;
        });
        Assert.That(Failure(async (paths, _) => await paths.Drop(foreign!)), Does.Contain("path 0 is of another search"));
    }

    [Test]
    public async Task An_engine_that_only_gives_whole_samples_is_refused_by_its_name()
    {
        using SearchedExperiment whole = new(new ScriptedEngine(), ScratchExperiment.Demo);
        HarnessException refused = (await Assert.ThrowsAsync<HarnessException>(() => whole.Solve(0)))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.EngineUnable));
        Assert.That(refused.Message, Does.Contain("'small-beam'").And.Contain("'scripted'"));
    }

    /// <param name="pool">Attributes of the pool beside its others.</param>
    static SearchedExperiment Scripted(string pool = "MaxTokens=\"40\"") => new(new ScriptedEngine { DrawsTokens = true },
        ScratchExperiment.Demo.Replace("Temperature=\"1\"", $"Temperature=\"1\" {pool}"));

    /// <summary>
    /// Over several searches: a path extended step by step has the tokens of one that was not interrupted, and a fork those of a fresh
    /// sample of its name that is given the parent's tokens as its prompt.
    /// </summary>
    static async Task RequirePiecesAndForks(SearchedExperiment searched, string engine)
    {
        int pieces = 0, forks = 0;
        await searched.Solve(async (paths, _) =>
        {
            SearchPath path = await paths.Open();
            for (; !path.IsFinished; pieces++)
            {
                SearchPath fork = await paths.Fork(path);
                int shared = path.Tokens.Count;
                await paths.Extend(fork, Until.TheEnd);
                Assert.That(fork.Tokens.Skip(shared), Is.EqualTo(Fresh(searched, path.Tokens, fork.Number)), $"{engine}, {fork.Number}");
                forks++;
                await paths.Drop(fork);
                await paths.Extend(path, Step);
            }
            Assert.That(path.Tokens, Is.EqualTo(Fresh(searched, [], path.Number)), engine);
            return path;
        }, mostPaths: 2);
        Assert.That((pieces, forks), Is.EqualTo((pieces, pieces)));
        Assert.That(pieces, Is.GreaterThan(1), "the search of this test has several steps");
    }

    static int[] Fresh(SearchedExperiment searched, IReadOnlyList<int> given, int sample)
    {
        Generation? drawn = null;
        ulong seed = SearchSeed.Of(searched.Pool.Decoding.Seed, searched.Search.Name, 1, 0);
        searched.Generator.Generate(
            [new GenerationRequest { Problem = 0, Prompt = [.. searched.Pool.Prompts[0].Tokens, .. given], Samples = [sample] }],
            searched.Pool.Decoding with { Seed = seed, MaxTokens = searched.Pool.Decoding.MaxTokens - given.Count },
            generation => drawn = generation, default);
        return drawn!.Tokens;
    }

    string Failure(Func<ProblemPaths, SearchPath, Task> act, int mostPaths = 8)
    {
        try
        {
            searched.Solve(async (paths, _) =>
            {
                SearchPath path = await paths.Open();
                await act(paths, path);
                return path;
            }, mostPaths).GetAwaiter().GetResult();
            return "";
        }
        catch (InvalidOperationException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>One path, extended until it has finished.</summary>
    static async Task<SearchPath?> Alone(ProblemPaths paths, Until until)
    {
        SearchPath path = await paths.Open();
        while (!path.IsFinished)
            await paths.Extend(path, until);
        return path;
    }

    static string TextOf(SearchResult result) => string.Concat(result.Paths[0].Tokens.Select(id => (char)id));

    static string Describe(SearchResult result) =>
        $"{result.Answer} {result.Correct} {result.Cost} {string.Join('/', result.Paths.Select(path => string.Join(',', path.Tokens)))}";
}
