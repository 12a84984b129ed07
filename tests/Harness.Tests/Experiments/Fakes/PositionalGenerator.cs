using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Sampling;

namespace Harness.Tests.Experiments.Fakes;

/// <summary>
/// Draws token by token, as a model does: each is a function of the token before it and of the draw named by (seed, problem, sample,
/// position). Texts are steps of digits and signs, each ended by ;.
/// </summary>
sealed class PositionalGenerator(ScriptedEngine engine) : IModelGenerator
{
    const string Letters = "123456789123456789+-+-;;;;;;####\0";

    public int Batch => 64;

    public bool ExtendsPaths => true;

    public MemoryFit Fits(RequestShape shape) => new(Batch, null);

    public void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        foreach (GenerationRequest request in requests)
        {
            foreach (int sample in request.Samples)
            {
                cancellation.ThrowIfCancellationRequested();
                finished(Draw(request, settings, sample));
            }
        }
    }

    public void Dispose() => engine.Loaded--;

    static Generation Draw(GenerationRequest request, DecodingSettings settings, int sample)
    {
        List<int> tokens = [];
        List<float> logprobs = [];
        int last = request.Prompt[^1];
        while (tokens.Count < settings.MaxTokens)
        {
            uint draw = Philox.Block(
                settings.Seed, (uint)request.Problem, (uint)sample, (uint)(request.Prompt.Count + tokens.Count), RandomPurpose.Token).X0;
            last = Letters[(int)((draw + 7u * (uint)last) % (uint)Letters.Length)];
            tokens.Add(last);
            logprobs.Add(-(float)(draw % 64) / 16);
            if (settings.StopTokens.Contains(last))
                return Ended(FinishReason.Stop);
            string text = string.Concat(tokens.Select(id => (char)id));
            if (settings.StopStrings.Any(stop => text.Contains(stop, StringComparison.Ordinal)))
                return Ended(FinishReason.StopString);
        }
        return Ended(FinishReason.Length);

        Generation Ended(FinishReason finish) => new(request.Problem, sample, [.. tokens], [.. logprobs], finish);
    }
}
