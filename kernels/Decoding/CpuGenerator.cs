using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding;

/// <summary>
/// Draws many samples of many prompts together. A prompt passes the model once, its pages are shared by its samples, and a finished
/// sample makes room at once for the next (continuous batching, as in Yu et al. 2022, Orca). Pages are reserved before a sample starts,
/// so the plan's memory is never exceeded.
/// </summary>
public sealed class CpuGenerator : IGenerator
{
    readonly CpuLanguageModel model;
    readonly Sampler[] samplers;
    readonly ForwardBatch batch;

    /// <param name="model">Stays the caller's.</param>
    public CpuGenerator(CpuLanguageModel model)
    {
        this.model = model;
        samplers = Enumerable.Range(0, model.Workers.Workers).Select(_ => new Sampler(model.Checkpoint.Config.Vocabulary)).ToArray();
        batch = new ForwardBatch(model.Plan.Rows);
    }

    /// <inheritdoc/>
    /// <exception cref="HarnessException">
    /// A prompt is empty, does not fit the context or the memory, or holds a token outside the vocabulary.
    /// </exception>
    public void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        if (requests.Count == 0)
            return;
        settings.RequireValid();
        KvCacheCpu cache = model.Transformer.Cache;
        var needs = new RequestCheck(model.Checkpoint.Config, settings.MaxTokens);
        int longest = needs.LongestPrompt(requests) + settings.MaxTokens;
        needs.RequirePages(requests, cache.Available, cache.PageBytes);
        var end = new AnswerEnd(settings, model.Checkpoint.Tokenizer);
        DecodingSlot[] places = [.. Enumerable.Range(0, model.Plan.Batch).Select(_ => new DecodingSlot(settings.MaxTokens, longest))];
        using var admission = new Admission<DecodingSlot>(requests, needs, end, cache.Pages, places);
        new CpuGenerationRun(model, samplers, batch, admission, settings, finished).Execute(cancellation);
    }

    public void Dispose()
    {
        foreach (Sampler sampler in samplers)
            sampler.Dispose();
    }
}
