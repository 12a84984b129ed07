using Harness.Kernels.Configuration;
using Harness.Kernels.Sampling;
using Harness.Samples;

namespace Harness.Tests.Strategies;

/// <summary>Made-up pools whose chance of being right varies over problems.</summary>
static class SamplePools
{
    public static ModelConfig Model { get; } = new()
    {
        Architecture = "llama",
        Layers = 2,
        Width = 8,
        Heads = 2,
        KvHeads = 1,
        HeadWidth = 4,
        FeedForward = 16,
        Vocabulary = 32,
        ContextLength = 64,
        NormEpsilon = 1e-5f,
        RopeTheta = 10_000,
        TiedEmbedding = true,
    };

    public static ProblemSamples[] Random(int problems, int samples, int difficulties = 3) =>
        [.. Enumerable.Range(0, problems).Select(problem => new ProblemSamples(problem, 3 + 2 * (problem % difficulties), 9 + problem % 5,
            [.. Enumerable.Range(0, samples).Select(sample => Sample(problem, sample))]))];

    static PooledSample Sample(int problem, int sample)
    {
        (uint a, uint b, uint c, uint d) = Philox.Block(1, (uint)problem, (uint)sample, 0, 0);
        bool correct = a % 100 < problem * 37 % 100;
        string? answer = correct ? "right" : b % 10 == 0 ? null : $"wrong{b % 12 / (1 + problem % 4)}";
        int tokens = 5 + (int)(c % 20);
        return new(answer, correct, tokens, -tokens * (d % 1000 / 1000.0), null);
    }
}
