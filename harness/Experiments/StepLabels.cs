using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;
using Harness.Training;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>
/// How good a pool's answers are at each step's end, by completions from there (Wang et al. 2024, Math-Shepherd, arXiv 2312.08935): hard,
/// a step is good where one of them is right; soft, as good as the share of them that are. Where answers begin alike, they share their
/// labels, and with hard labels an answer that is right shows that all of its steps are good. Of an answer that goes on and on, beginnings
/// beyond three quarters of MaxTokens are not completed: they are as good as the answer itself.
/// </summary>
sealed class StepLabels
{
    readonly PlannedPool pool;
    readonly int stepEnd, rollouts, longest;
    readonly int? context;
    readonly bool isSoft;
    readonly Dictionary<(int Problem, string Tokens), double> goodness = [];
    readonly List<(PlannedPrompt Prompt, int[] Begun)> asked = [];
    readonly List<JudgedAnswer> completed = [];

    /// <param name="pool">Of the answers.</param>
    /// <param name="labelling">How steps are judged.</param>
    /// <param name="answers">All of the pool's.</param>
    /// <param name="stepEnd">The token that ends a step.</param>
    /// <param name="context">Most tokens of a prompt and its answer; null where no limit is known.</param>
    public StepLabels(
        PlannedPool pool, LabellingManifest labelling, IReadOnlyList<JudgedAnswer> answers, int stepEnd, int? context)
    {
        (this.pool, this.stepEnd, rollouts, isSoft) = (pool, stepEnd, labelling.Rollouts, labelling.IsSoft);
        (longest, this.context) = (pool.Decoding.MaxTokens * 3 / 4, context);
        foreach (JudgedAnswer answer in answers.Where(answer => answer.IsRight && !isSoft))
        {
            foreach (int[] begun in BeginningsOf(answer))
                goodness[NameOf(answer, begun)] = 1;
        }
        HashSet<(int, string)> known = [.. goodness.Keys];
        foreach (JudgedAnswer answer in answers)
        {
            foreach (int[] begun in BeginningsOf(answer).Where(begun => begun.Length <= longest && known.Add(NameOf(answer, begun))))
                asked.Add((answer.Prompt, begun));
        }
        Completions = asked.Count == 0 ? null : PoolOfCompletions();
    }

    /// <summary>What is to be drawn: a prompt for each beginning that is not known to be good; null where all are.</summary>
    public PlannedPool? Completions { get; }

    /// <summary>Takes what was drawn.</summary>
    public void Add(IReadOnlyList<LoggedGeneration> completions)
    {
        foreach (IGrouping<int, LoggedGeneration> drawn in completions.GroupBy(each => each.Generation.Problem))
        {
            (PlannedPrompt prompt, int[] begun) = asked[drawn.Key];
            JudgedAnswer[] whole = [.. drawn.Select(each => Judge(prompt, begun, each.Generation))];
            int right = whole.Count(answer => answer.IsRight);
            goodness[NameOf(prompt, begun)] = isSoft ? (double)right / whole.Length : right > 0 ? 1 : 0;
            completed.AddRange(drawn.Zip(whole, (each, answer) =>
                new JudgedAnswer(Completions!.Prompts[drawn.Key], each.Generation, answer.IsRight)));
        }
    }

    public LabelledAnswer Of(JudgedAnswer answer)
    {
        int[] places = PlacesOf(answer);
        int[] tokens = answer.Generation.Tokens;
        return new LabelledAnswer(answer.Prompt.Tokens, tokens, answer.Prompt.Problem.Question, places,
            [.. places.Select(place => goodness.TryGetValue(NameOf(answer, tokens[..(place + 1)]), out double known)
                && place < tokens.Length - 1 ? known : answer.IsRight ? 1.0 : 0)]);
    }

    public int CompletionsOf(int difficulty) => completed.Count(answer => answer.Prompt.Problem.Difficulty == difficulty);

    public AnswerCost CostOf(int difficulty, ModelConfig shape) =>
        AnswerCost.Of([.. completed.Where(answer => answer.Prompt.Problem.Difficulty == difficulty)], shape);

    /// <summary>Each with draws of its own: problems of the pool are beginnings.</summary>
    PlannedPool PoolOfCompletions()
    {
        PlannedPrompt[] prompts = [.. asked.Select(each => new PlannedPrompt(
            each.Prompt.Problem, each.Prompt.Text, [.. each.Prompt.Tokens, .. each.Begun]))];
        int room = context is { } most ? most - prompts.Max(prompt => prompt.Tokens.Length) : int.MaxValue;
        return pool with
        {
            Manifest = pool.Manifest with { Name = $"{pool.Manifest.Name}-completions", Problems = prompts.Length, Samples = rollouts },
            Prompts = prompts,
            Key = Hashes.OfText($"{pool.Key}\n{(isSoft ? "soft" : "hard")}\n{rollouts}\n{pool.Manifest.Problems}\n{pool.Manifest.Samples}"),
            Decoding = pool.Decoding with { Seed = SeedOf(pool.Decoding.Seed), MaxTokens = Math.Min(room, pool.Decoding.MaxTokens) },
        };
    }

    /// <summary>The first 8 bytes, little-endian, of SHA-256 over the seed and the word.</summary>
    static ulong SeedOf(ulong seed) => BinaryPrimitives.ReadUInt64LittleEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seed}\ncompletions"))));

    JudgedAnswer Judge(PlannedPrompt prompt, int[] begun, Generation completion)
    {
        Generation whole = completion with { Tokens = [.. begun, .. completion.Tokens] };
        return new JudgedAnswer(prompt, whole, pool.Judge(prompt, whole, pool.TextOf(whole)).Correct);
    }

    int[] PlacesOf(JudgedAnswer answer) =>
        [.. RewardReader.PlacesOf(new JudgedText([], answer.Generation.Tokens), stepEnd)];

    /// <summary>Up to each step's end but the answer's own.</summary>
    IEnumerable<int[]> BeginningsOf(JudgedAnswer answer) =>
        PlacesOf(answer).SkipLast(1).Select(place => answer.Generation.Tokens[..(place + 1)]);

    static (int, string) NameOf(JudgedAnswer answer, int[] begun) => NameOf(answer.Prompt, begun);

    static (int, string) NameOf(PlannedPrompt prompt, int[] begun) => (prompt.Problem.Index, string.Join(' ', begun));
}
