using System.Text.RegularExpressions;
using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Sampling;

namespace Harness.Tests.Experiments.Fakes;

/// <summary>Adds up the numbers of the prompt, and errs by one in half of the samples.</summary>
sealed partial class ScriptedGenerator(ScriptedEngine engine) : IModelGenerator
{
    public required int Batch { get; init; }

    public bool ExtendsPaths => false;

    public MemoryFit Fits(RequestShape shape) => new(Batch, null);

    public void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        foreach (GenerationRequest request in requests.Reverse())
        {
            foreach (int sample in request.Samples)
            {
                cancellation.ThrowIfCancellationRequested();
                Generation generation = engine.Alter(Answer(request, settings, sample));
                engine.BeforeFinished?.Invoke(generation);
                finished(generation);
            }
        }
    }

    public void Dispose() => engine.Loaded--;

    static Generation Answer(GenerationRequest request, DecodingSettings settings, int sample)
    {
        string prompt = string.Concat(request.Prompt.Select(id => (char)id));
        int total = SignedNumber().Matches(prompt).Sum(match => int.Parse(match.Value.Replace(" ", "")));
        uint draw = settings.Temperature == 0 ? 0 : Philox.Block(settings.Seed, (uint)request.Problem, (uint)sample, 0, 0).X0;
        int[] tokens = [.. $"# {total + (int)(draw % 2)}".Select(letter => (int)letter), 0];
        float[] logprobs = [.. tokens.Select((_, i) => -(float)((draw >> i) % 8) / 8)];
        return new Generation(request.Problem, sample, tokens, logprobs, FinishReason.Stop);
    }

    [GeneratedRegex(@"(?:[-+] )?\d+")]
    private static partial Regex SignedNumber();
}
