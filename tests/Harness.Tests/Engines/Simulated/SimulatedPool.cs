using Harness.Engines.Simulated;
using Harness.Samples;

namespace Harness.Tests.Engines.Simulated;

/// <summary>Samples of a simulated model, without prompts and texts.</summary>
static class SimulatedPool
{
    const int Tokens = 4;

    public static ProblemSamples[] Of(SimulatedSettings settings, int problems, int samples, ulong seed)
    {
        SimulatedDraws draws = new(settings, seed);
        return [.. Enumerable.Range(0, problems).Select(problem => new ProblemSamples(
            problem, 3, 5, [.. Enumerable.Range(0, samples).Select(sample => Pooled(draws.Sample(problem, sample)))]))];
    }

    static PooledSample Pooled(SimulatedSample sample) => new(
        sample.Answer is { } answer ? $"answer {answer}" : null, sample.IsRight, Tokens, Tokens * (sample.Reward - 1));
}
