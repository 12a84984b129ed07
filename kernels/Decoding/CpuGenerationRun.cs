using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding;

/// <summary>
/// One call of <see cref="CpuGenerator.Generate"/>: prompts and samples pass the model by turns until every sample has ended.
/// </summary>
sealed unsafe class CpuGenerationRun
{
    readonly Admission<DecodingSlot> admission;
    readonly DecodingSettings settings;
    readonly Action<Generation> finished;
    readonly CpuTransformer transformer;
    readonly KvCacheCpu cache;
    readonly WorkerPool workers;
    readonly Sampler[] samplers;
    readonly ForwardBatch batch;
    readonly int mostLogits;
    readonly List<DecodingSlot> drawing = [];
    readonly List<PromptState> ending = [];
    readonly (int Token, float LogProbability)[] drawn;
    readonly Action<int> drawFirst;
    readonly Action<int, int> drawNext;

    /// <param name="model">What draws.</param>
    /// <param name="samplers">One a worker.</param>
    /// <param name="batch">Scratch: the rows of a pass.</param>
    /// <param name="admission">The samples that are wanted.</param>
    /// <param name="settings">How tokens are drawn.</param>
    /// <param name="finished">Is given each sample as it ends.</param>
    public CpuGenerationRun(
        CpuLanguageModel model,
        Sampler[] samplers,
        ForwardBatch batch,
        Admission<DecodingSlot> admission,
        DecodingSettings settings,
        Action<Generation> finished)
    {
        this.samplers = samplers;
        this.batch = batch;
        this.admission = admission;
        this.settings = settings;
        this.finished = finished;
        transformer = model.Transformer;
        cache = transformer.Cache;
        workers = model.Workers;
        mostLogits = model.Plan.Batch;
        drawn = new (int, float)[model.Plan.Batch];
        drawFirst = DrawFirst;
        drawNext = DrawNext;
    }

    public void Execute(CancellationToken cancellation)
    {
        while (admission.HasWork)
        {
            cancellation.ThrowIfCancellationRequested();
            admission.Admit();
            if (admission.Entering.Count > 0)
                Enter(cancellation);
            else
                DecodeStep();
            Advance();
        }
    }

    /// <summary>
    /// Passes the entering prompts that are new through the model, packed together, and draws each entering sample's first token.
    /// </summary>
    void Enter(CancellationToken cancellation)
    {
        batch.Clear();
        foreach (DecodingSlot slot in admission.Entering)
        {
            PromptState prompt = slot.Prompt!;
            while (prompt.Filled < prompt.Length)
            {
                if (batch.Rows == batch.Capacity || batch.LogitCount == mostLogits)
                {
                    cancellation.ThrowIfCancellationRequested();
                    PassPrompts();
                }
                AddToken(prompt);
            }
        }
        PassPrompts();
        foreach (DecodingSlot slot in admission.Entering)
            cache.Fork(slot.Prompt!.Sequence, slot.Sequence);
        drawing.AddRange(admission.Entering);
        admission.Entering.Clear();
        workers.Run(drawFirst);
    }

    void AddToken(PromptState prompt)
    {
        cache.PrepareWrite(prompt.Sequence, prompt.Filled);
        bool last = prompt.Filled == prompt.Length - 1;
        batch.Add(prompt.Request.Prompt[prompt.Filled], prompt.Filled, prompt.Sequence, last);
        prompt.Filled++;
        if (last)
            ending.Add(prompt);
    }

    void PassPrompts()
    {
        if (batch.Rows == 0)
            return;
        transformer.Forward(batch);
        for (int i = 0; i < ending.Count; i++)
            new ReadOnlySpan<float>(transformer.Logits(i), transformer.Config.Vocabulary).CopyTo(ending[i].Logits.Span);
        ending.Clear();
        batch.Clear();
    }

    /// <summary>Passes the last token of every sample in flight through the model and draws its next.</summary>
    void DecodeStep()
    {
        if (admission.Active.Count == 0)
            throw new InvalidOperationException("no sample can start, and none is in flight");
        drawing.AddRange(admission.Active);
        admission.Active.Clear();
        batch.Clear();
        foreach (DecodingSlot slot in drawing)
        {
            int position = slot.NextPosition - 1;
            cache.PrepareWrite(slot.Sequence, position);
            batch.Add(slot.LastToken, position, slot.Sequence, logits: true);
        }
        transformer.Forward(batch, drawNext);
    }

    void DrawFirst(int worker)
    {
        for (int i = workers.Claim(); i < drawing.Count; i = workers.Claim())
            Draw(worker, i, drawing[i].Prompt!.Logits.Data);
    }

    void DrawNext(int worker, int i) => Draw(worker, i, transformer.Logits(i));

    void Draw(int worker, int i, float* logits)
    {
        DecodingSlot slot = drawing[i];
        drawn[i] = samplers[worker].Draw(logits, settings, (uint)slot.Prompt!.Request.Problem, (uint)slot.Sample, (uint)slot.NextPosition);
    }

    /// <summary>Gives each sample its drawn token; those that go on become active, the others end.</summary>
    void Advance()
    {
        for (int i = 0; i < drawing.Count; i++)
        {
            DecodingSlot slot = drawing[i];
            if (slot.Append([drawn[i].Token], [drawn[i].LogProbability]) is { } generation)
            {
                admission.Release(slot);
                finished(generation);
            }
            else
            {
                admission.Active.Add(slot);
            }
        }
        drawing.Clear();
    }
}
