using System.Globalization;
using Harness.Analysis;
using Harness.Kernels.Configuration;
using Harness.Kernels.Sampling;
using Harness.Manifests;
using Harness.Registry;
using Harness.Samples;
using Harness.Strategies;
using Harness.Verifiers;

namespace Harness.Benchmarks.Estimates;

/// <summary>
/// A made-up pool of GSM8K's size, 1,319 problems with 256 samples each and at most 20 different answers to a problem, and every estimator
/// over it at k = 1, 2, 4 .. 256. The chance of the right answer is spread evenly over problems, wrong answers fall off as 1, 1/2, 1/3 ..,
/// and 2 % of samples have none. Golds are small numbers, so that most answers are right for some other problem: chance baselines have as
/// much to judge as they can.
/// </summary>
static class EstimatedPool
{
    const int Problems = 1319, Samples = 256, MostAnswers = 20;

    static readonly int[] multipliers = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    public static ModelConfig Model { get; } = new()
    {
        Architecture = "llama",
        Layers = 30,
        Width = 576,
        Heads = 9,
        KvHeads = 3,
        HeadWidth = 64,
        FeedForward = 1536,
        Vocabulary = 49152,
        ContextLength = 2048,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbedding = true,
    };

    static PoolManifest Pool { get; } = new()
    {
        Name = "think",
        Task = TaskRegistry.Find("sum"),
        Prompt = "think",
        Difficulties = [3],
        Problems = Problems,
        Samples = Samples,
        Temperature = 1,
        TopK = 0,
        TopP = 1,
        MinP = 0,
        MaxTokens = 256,
        StopStrings = [],
        TaskOptions = new Dictionary<string, string>(),
    };

    /// <summary>By the names that the table of times has.</summary>
    public static IReadOnlyList<(string Name, StrategyManifest Reader)> Readers =>
    [
        .. new[] { "coverage", "g-pass", "majority-vote", "best-of-n" }.Select(name => (name, Over(name, VerifierRegistry.Default))),
        ("weighted-vote, mean", Over("weighted-vote", VerifierRegistry.Default)),
        ("weighted-vote, sequence", Over("weighted-vote", new SequenceLogprob())),
        .. new[] { "adaptive-consistency", "early-stopping", "vote-lead" }.Select(name => (name, Over(name, VerifierRegistry.Default))),
    ];

    public static PoolEstimates Estimates(ProblemSamples[] problems, IEnumerable<StrategyManifest> readers) =>
        new(problems, seed: 1, readers.ToDictionary(reader => reader.Strategy, reader => reader.Multipliers));

    static StrategyManifest Over(string name, IVerifier verifier)
    {
        PooledStrategyDefinition definition = StrategyRegistry.Pooled.First(strategy => strategy.Name == name);
        StrategySettings settings = StrategySettings.Default(definition, verifier);
        return new StrategyManifest
        {
            Definition = definition,
            Strategy = definition.Create(settings),
            Pool = Pool,
            Multipliers = multipliers,
            Verifier = settings.Verifier,
            Options = settings.Options,
        };
    }

    public static ProblemSamples[] Create() => [.. Enumerable.Range(0, Problems).Select(problem =>
    {
        (uint rate, uint answers, uint gold, uint prompt) = Philox.Block(7, (uint)problem, uint.MaxValue, 0, 0);
        double right = (rate + 0.5) / (1L << 32);
        int wrong = (int)(answers % (MostAnswers - 1)) + 1, own = (int)(gold % 400);
        return new ProblemSamples(problem, 3, 40 + (int)(prompt % 100),
            [.. Enumerable.Range(0, Samples).Select(sample => Sample(problem, sample, right, wrong, own))])
        {
            Gold = Text(own),
        };
    })];

    static PooledSample Sample(int problem, int sample, double right, int wrong, int gold)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block(7, (uint)problem, (uint)sample, 0, 0);
        bool correct = a < right * (1L << 32);
        int tokens = 40 + (int)(c % 160);
        double left = (b + 0.5) / (1L << 32) * Enumerable.Range(1, wrong).Sum(rank => 1.0 / rank);
        int place = 1;
        for (; place < wrong && left > 1.0 / place; place++)
            left -= 1.0 / place;
        string? answer = correct ? Text(gold) : d % 50 == 0 ? null : Text(gold + place);
        return new PooledSample(answer, correct, tokens, -tokens * (0.02 + d % 1000 / 5000.0));
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
