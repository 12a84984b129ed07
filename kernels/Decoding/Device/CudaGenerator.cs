using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Draws many samples of many prompts together on a device: <see cref="CpuGenerator"/>'s tokens, bit for bit.</summary>
sealed class CudaGenerator : IGenerator
{
    readonly CudaLanguageModel model;
    readonly DecodingScratch scratch;
    readonly bool useGraphs;

    /// <param name="model">Stays the caller's.</param>
    /// <param name="useGraphs">Whether a step is one recorded graph, or its kernels launched one by one: the same bytes.</param>
    public CudaGenerator(CudaLanguageModel model, bool useGraphs = true)
    {
        this.model = model;
        this.useGraphs = useGraphs;
        scratch = new DecodingScratch(model);
    }

    /// <inheritdoc/>
    /// <exception cref="HarnessException">
    /// A prompt is empty, does not fit the context or the memory, or holds a token outside the vocabulary; or the device failed.
    /// </exception>
    public void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        if (requests.Count == 0)
            return;
        settings.RequireValid();
        ModelConfig config = model.Checkpoint.Config;
        var needs = new RequestCheck(config, settings.MaxTokens);
        int longest = needs.LongestPrompt(requests) + settings.MaxTokens;
        foreach (int token in requests.SelectMany(request => request.Prompt))
            config.RequireToken(token);
        var end = new AnswerEnd(settings, model.Checkpoint.Tokenizer);
        bool ended = false;
        DeviceSession session = model.OpenSession(model.Need(requests.Select(request => request.Shape(settings.MaxTokens)), needs));
        try
        {
            needs.RequirePages(requests, session.Pages.Available, session.PageBytes);
            model.Transformer.ReservePositions(longest);
            using var admission = new Admission<DeviceSlot>(requests, needs, end, session.Pages, session.InFlight);
            var run = new CudaGenerationRun(model, scratch, session, admission, settings, useGraphs, finished);
            run.Execute(cancellation);
            ended = true;
        }
        finally
        {
            model.CloseSession(keep: ended);
        }
    }

    public void Dispose() => scratch.Dispose();
}
