using Harness.Kernels.Configuration;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding;

/// <summary>Texts that pass a model one after another, packed together as prompts are, a text's pages freed as soon as it ends.</summary>
sealed unsafe class CpuTextEvaluation(CpuLanguageModel model, ForwardBatch batch, TextLogitsVisitor visit)
{
    readonly CpuTransformer transformer = model.Transformer;
    readonly KvCacheCpu cache = model.Transformer.Cache;
    readonly List<(int Text, int Position)> asked = [];
    readonly List<SequencePages> ended = [];

    public void Run(IReadOnlyList<EvaluatedText> texts)
    {
        SequencePages? open = null;
        try
        {
            batch.Clear();
            for (int text = 0; text < texts.Count; text++)
            {
                open = Begin(texts[text].Tokens.Length);
                Add(texts[text], text, open);
                ended.Add(open);
                open = null;
            }
            Pass();
        }
        finally
        {
            Free();
            if (open is not null)
                cache.Release(open);
        }
    }

    SequencePages Begin(int tokens)
    {
        model.RequireFits(tokens);
        int pages = PageSize.PagesFor(tokens);
        if (pages > cache.Available)
            Pass();
        model.RequirePages(tokens);
        return new SequencePages(pages);
    }

    void Add(EvaluatedText text, int index, SequencePages sequence)
    {
        int next = 0;
        for (int position = 0; position < text.Tokens.Length; position++)
        {
            if (batch.Rows == batch.Capacity || batch.LogitCount == model.Plan.Batch)
                Pass();
            cache.PrepareWrite(sequence, position);
            bool isAsked = next < text.Positions.Length && text.Positions[next] == position;
            batch.Add(text.Tokens[position], position, sequence, isAsked);
            if (!isAsked)
                continue;
            asked.Add((index, position));
            next++;
        }
        if (next < text.Positions.Length)
            throw new ArgumentException($"text {index} has no position {text.Positions[next]} after those before it", nameof(text));
    }

    void Pass()
    {
        if (batch.Rows > 0)
            transformer.Forward(batch);
        for (int i = 0; i < asked.Count; i++)
            visit(asked[i].Text, asked[i].Position, new ReadOnlySpan<float>(transformer.Logits(i), transformer.Config.Vocabulary));
        asked.Clear();
        batch.Clear();
        Free();
    }

    void Free()
    {
        foreach (SequencePages sequence in ended)
            cache.Release(sequence);
        ended.Clear();
    }
}
