using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;

namespace Harness.Engines.Simulated;

/// <summary>Writes "# NUMBER" for a sum, right or wrong as the draws say. Each token's log-probability is reward - 1.</summary>
sealed class SimulatedGenerator(SimulatedSettings settings) : IModelGenerator
{
    /// <summary>Answers of the task sum lie below it.</summary>
    const int Numbers = 100;

    readonly Dictionary<ulong, SimulatedDraws> draws = [];

    public required int Batch { get; init; }

    public bool ExtendsPaths => false;

    public MemoryFit Fits(RequestShape shape) => new(Batch, null);

    public void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        foreach (GenerationRequest request in requests)
        {
            int total = SimulatedText.Total(request.Prompt) ?? throw Codes.EngineUnable.With(
                "engine 'simulated' answers questions of task 'sum' alone, and a prompt asks for none");
            foreach (int sample in request.Samples)
            {
                cancellation.ThrowIfCancellationRequested();
                finished(Answer(request.Problem, sample, total, settings));
            }
        }
    }

    public void Dispose()
    {
    }

    Generation Answer(int problem, int sample, int total, DecodingSettings decoding)
    {
        if (!draws.TryGetValue(decoding.Seed, out SimulatedDraws? drawn))
            draws.Add(decoding.Seed, drawn = new SimulatedDraws(settings, decoding.Seed));
        SimulatedSample simulated = decoding.Temperature == 0 ? drawn.Greedy(problem) : drawn.Sample(problem, sample);
        string text = simulated.Answer is { } answer ? FormattableString.Invariant($"# {(total + answer) % Numbers}") : "#";
        int[] tokens = [.. text.Select(letter => (int)letter), SimulatedText.End];
        bool isWhole = tokens.Length <= decoding.MaxTokens;
        if (!isWhole)
            tokens = tokens[..decoding.MaxTokens];
        float[] logprobs = new float[tokens.Length];
        Array.Fill(logprobs, (float)(simulated.Reward - 1));
        return new Generation(problem, sample, tokens, logprobs, isWhole ? FinishReason.Stop : FinishReason.Length);
    }
}
