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
public sealed unsafe class CpuGenerator : IGenerator
{
    readonly CpuLanguageModel model;
    readonly CpuTransformer transformer;
    readonly KvCacheCpu cache;
    readonly Sampler[] samplers;
    readonly ForwardBatch batch;
    readonly List<DecodingSlot> drawing = [];
    readonly (int Token, float LogProbability)[] drawn;
    readonly Action<int> drawFirst;
    readonly Action<int, int> drawNext;
    DecodingSettings settings = null!;
    AnswerEnd end = null!;
    RequestCheck needs;
    int reservedPages;

    /// <param name="model">Stays the caller's.</param>
    public CpuGenerator(CpuLanguageModel model)
    {
        this.model = model;
        transformer = model.Transformer;
        cache = transformer.Cache;
        samplers = Enumerable.Range(0, model.Workers.Workers).Select(_ => new Sampler(transformer.Config.Vocabulary)).ToArray();
        batch = new ForwardBatch(model.Plan.Rows);
        drawn = new (int, float)[model.Plan.Batch];
        drawFirst = DrawFirst;
        drawNext = DrawNext;
    }

    /// <inheritdoc/>
    /// <exception cref="HarnessException">A prompt is empty, does not fit the context or the memory, or holds a token outside the vocabulary.</exception>
    public void Generate(IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        if (requests.Count == 0)
            return;
        this.settings = settings;
        needs = new RequestCheck(transformer.Config, settings);
        int longest = needs.LongestPrompt(requests) + settings.MaxTokens;
        needs.RequirePages(requests, cache.Capacity, cache.PageBytes);
        StopStringMatcher? stopStrings = settings.StopStrings.Count == 0 ? null
            : new StopStringMatcher(settings.StopStrings, model.Checkpoint.Tokenizer ?? throw new ArgumentException("stop strings need a tokenizer", nameof(settings)));
        end = new AnswerEnd(settings, stopStrings);
        var idle = new Stack<DecodingSlot>();
        for (int i = 0; i < model.Plan.Batch; i++)
            idle.Push(new DecodingSlot(settings.MaxTokens, longest));
        var active = new List<DecodingSlot>(model.Plan.Batch);
        using var pending = new PendingSamples(requests, transformer.Config.Vocabulary);
        var entering = new List<DecodingSlot>(model.Plan.Batch);
        try
        {
            Run(pending, idle, active, entering, finished, cancellation);
        }
        finally
        {
            if (reservedPages > 0)
                cache.ReturnAll();
            reservedPages = 0;
        }
    }

    public void Dispose()
    {
        foreach (Sampler sampler in samplers)
            sampler.Dispose();
    }

    void Run(
        PendingSamples pending,
        Stack<DecodingSlot> idle,
        List<DecodingSlot> active,
        List<DecodingSlot> entering,
        Action<Generation> finished,
        CancellationToken cancellation)
    {
        while (active.Count > 0 || !pending.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            Admit(pending, idle, entering);
            if (entering.Count > 0)
            {
                Prefill(entering, cancellation);
                drawing.AddRange(entering);
                entering.Clear();
                model.Workers.Run(drawFirst);
            }
            else
            {
                drawing.AddRange(active);
                active.Clear();
                DecodeStep();
            }
            Advance(active, idle, finished);
        }
    }

    void Admit(PendingSamples pending, Stack<DecodingSlot> idle, List<DecodingSlot> entering)
    {
        while (idle.Count > 0 && !pending.IsEmpty)
        {
            int length = pending.PromptLength;
            int pages = needs.OwnPages(length) + (pending.StartsPrompt ? RequestCheck.PromptPages(length) : 0);
            if (reservedPages + pages > cache.Capacity)
                return;
            reservedPages += pages;
            (PromptState prompt, int sample) = pending.Take();
            DecodingSlot slot = idle.Pop();
            slot.Start(prompt, sample, end);
            entering.Add(slot);
        }
    }

    /// <summary>Passes the entering prompts that are new through the model, packed together, and gives each entering sample its pages.</summary>
    void Prefill(List<DecodingSlot> entering, CancellationToken cancellation)
    {
        batch.Clear();
        var ending = new List<PromptState>();
        foreach (DecodingSlot slot in entering)
        {
            PromptState prompt = slot.Prompt!;
            while (prompt.Filled < prompt.Length)
            {
                if (batch.Rows == batch.Capacity || batch.LogitCount == model.Plan.Batch)
                {
                    cancellation.ThrowIfCancellationRequested();
                    RunPrefill(ending);
                }
                if (prompt.Filled % PageSize.Tokens == 0)
                    prompt.Sequence.Add(cache.Rent());
                bool last = prompt.Filled == prompt.Length - 1;
                batch.Add(prompt.Request.Prompt[prompt.Filled], prompt.Filled, prompt.Sequence, last);
                prompt.Filled++;
                if (last)
                    ending.Add(prompt);
            }
        }
        RunPrefill(ending);
        foreach (DecodingSlot slot in entering)
            SharePages(slot);
    }

    void RunPrefill(List<PromptState> ending)
    {
        if (batch.Rows == 0)
            return;
        transformer.Forward(batch);
        for (int i = 0; i < ending.Count; i++)
            new ReadOnlySpan<float>(transformer.Logits(i), transformer.Config.Vocabulary).CopyTo(ending[i].Logits.Span);
        ending.Clear();
        batch.Clear();
    }

    void SharePages(DecodingSlot slot)
    {
        PromptState prompt = slot.Prompt!;
        for (int page = 0; page < prompt.SharedPages; page++)
            slot.Sequence.Add(prompt.Sequence.Pages[page]);
        if (prompt.Length % PageSize.Tokens != 0)
        {
            int own = cache.Rent();
            cache.Copy(prompt.Sequence.Pages[prompt.SharedPages], own);
            slot.Sequence.Add(own);
        }
    }

    void DecodeStep()
    {
        batch.Clear();
        foreach (DecodingSlot slot in drawing)
        {
            int position = slot.NextPosition - 1;
            if (position / PageSize.Tokens == slot.Sequence.Count)
                slot.Sequence.Add(cache.Rent());
            batch.Add(slot.LastToken, position, slot.Sequence, logits: true);
        }
        transformer.Forward(batch, drawNext);
    }

    void DrawFirst(int worker)
    {
        for (int i = model.Workers.Claim(); i < drawing.Count; i = model.Workers.Claim())
            Draw(worker, i, drawing[i].Prompt!.Logits.Data);
    }

    void DrawNext(int worker, int i) => Draw(worker, i, transformer.Logits(i));

    void Draw(int worker, int i, float* logits)
    {
        DecodingSlot slot = drawing[i];
        drawn[i] = samplers[worker].Draw(logits, settings, (uint)slot.Prompt!.Request.Problem, (uint)slot.Sample, (uint)slot.NextPosition);
    }

    /// <summary>Gives each slot its drawn token; those that go on become active, the others are done.</summary>
    void Advance(List<DecodingSlot> active, Stack<DecodingSlot> idle, Action<Generation> finished)
    {
        for (int i = 0; i < drawing.Count; i++)
        {
            DecodingSlot slot = drawing[i];
            if (slot.Append([drawn[i].Token], [drawn[i].LogProbability]) is { } generation)
            {
                Release(slot);
                idle.Push(slot);
                finished(generation);
            }
            else
            {
                active.Add(slot);
            }
        }
        drawing.Clear();
    }

    void Release(DecodingSlot slot)
    {
        PromptState prompt = slot.Prompt!;
        for (int page = prompt.SharedPages; page < slot.Sequence.Count; page++)
            cache.Return(slot.Sequence.Pages[page]);
        reservedPages -= needs.OwnPages(prompt.Length);
        if (--prompt.Unfinished == 0)
        {
            for (int page = 0; page < prompt.Sequence.Count; page++)
                cache.Return(prompt.Sequence.Pages[page]);
            reservedPages -= RequestCheck.PromptPages(prompt.Length);
            prompt.Dispose();
        }
        slot.End();
    }
}
