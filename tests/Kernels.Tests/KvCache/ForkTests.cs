using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;

namespace Kernels.Tests.KvCache;

/// <summary>Sequences that fork give the numbers of the same text computed alone, whoever wrote first.</summary>
public class ForkTests
{
    static readonly int[] Common = [.. Enumerable.Range(0, 100).Select(i => ((i * i) + 3) % 131)];

    [Test]
    public void Forked_sequences_equal_their_texts_computed_alone(
        [Values(Precision.F32, Precision.W8A8)] Precision precision, [Values(1, 15, 63, 64, 65, 100)] int length)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 1, Batch = 4 });
        KvCacheCpu cache = model.Transformer.Cache;
        int[] common = Common[..length];
        SequencePages parent = Write(model, new SequencePages(4), common, 0);
        SequencePages[] sequences = [parent, new(4), new(4), new(4)];
        cache.Fork(parent, sequences[1]);
        cache.Fork(parent, sequences[2]);
        cache.Fork(sequences[1], sequences[3]);
        Assert.That(cache.Capacity - cache.Available, Is.EqualTo(PageSize.PagesFor(length)), "a fork takes no page");
        int[][] tails =
            [.. Enumerable.Range(0, 4).Select(path => Enumerable.Range(0, 40).Select(i => ((path * 17) + (i * 5)) % 131).ToArray())];
        var last = new float[4][];
        for (int i = 0; i < 40; i++)
        {
            foreach (int path in new[] { 1, 3, 0, 2 })
                last[path] = Append(model, sequences[path], tails[path][i], length + i);
        }
        for (int path = 0; path < 4; path++)
            Assert.That(last[path], Is.EqualTo(Alone(model, [.. common, .. tails[path]])), $"path {path}");
        foreach (SequencePages sequence in sequences)
            cache.Release(sequence);
        Assert.That(cache.Available, Is.EqualTo(cache.Capacity));
    }

    [Test]
    public void A_parent_that_only_reads_is_unchanged_by_what_its_children_write()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 1, Batch = 4 });
        KvCacheCpu cache = model.Transformer.Cache;
        SequencePages parent = Write(model, new SequencePages(4), Common, 0), child = new(4);
        byte[][] before = Bytes(cache, parent);
        cache.Fork(parent, child);
        for (int i = 0; i < 60; i++)
            Append(model, child, i, Common.Length + i);
        Assert.That(Bytes(cache, parent), Is.EqualTo(before));
        Assert.That(child.Pages[0], Is.EqualTo(parent.Pages[0]), "full pages stay shared");
        Assert.That(child.Pages[1], Is.Not.EqualTo(parent.Pages[1]));
    }

    [Test]
    public void Children_outlive_their_parent()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 1, Batch = 4 });
        KvCacheCpu cache = model.Transformer.Cache;
        SequencePages parent = Write(model, new SequencePages(4), Common, 0), child = new(4), other = new(4);
        cache.Fork(parent, child);
        cache.Release(parent);
        Write(model, other, [.. Common.Reverse()], 0);
        Assert.That(Append(model, child, 7, Common.Length), Is.EqualTo(Alone(model, [.. Common, 7])));
        Assert.That(cache.Capacity - cache.Available, Is.EqualTo(4), "the last holder writes in place");
    }

    /// <summary>Logits after the last token of a text in pages of its own.</summary>
    static float[] Alone(CpuLanguageModel model, int[] text)
    {
        float[] last = [];
        model.Evaluate(text, (_, logits) => last = logits.ToArray());
        return last;
    }

    static SequencePages Write(CpuLanguageModel model, SequencePages sequence, int[] text, int first)
    {
        for (int i = 0; i < text.Length; i++)
            Append(model, sequence, text[i], first + i);
        return sequence;
    }

    static unsafe float[] Append(CpuLanguageModel model, SequencePages sequence, int token, int position)
    {
        var batch = new ForwardBatch(1);
        batch.Clear();
        model.Transformer.Cache.PrepareWrite(sequence, position);
        batch.Add(token, position, sequence, logits: true);
        model.Transformer.Forward(batch);
        return new ReadOnlySpan<float>(model.Transformer.Logits(0), model.Checkpoint.Config.Vocabulary).ToArray();
    }

    static unsafe byte[][] Bytes(KvCacheCpu cache, SequencePages sequence) =>
        [.. sequence.Pages[..sequence.Count]
            .Select(page => new ReadOnlySpan<byte>(cache.Head(page, 0, 0), (int)cache.PageBytes).ToArray())];
}
