using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Shared;
using static Kernels.Tests.Checkpoints.Refusals;

namespace Kernels.Tests.Checkpoints;

sealed class GgufModelTests
{
    [Test]
    public void SmolLM2_has_its_shape()
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data(ReferenceFiles.SmolLm2));

        Assert.That(model.Config, Is.EqualTo(new ModelConfig
        {
            Architecture = "llama",
            Layers = 30,
            Width = 576,
            Heads = 9,
            KvHeads = 3,
            HeadWidth = 64,
            FeedForward = 1536,
            Vocabulary = 49152,
            ContextLength = 8192,
            NormEpsilon = 1e-5f,
            RopeTheta = 100000,
            TiedEmbedding = true,
        }));
        Assert.That(model.ContentHash, Does.StartWith("b179c9523d0e"));
        Assert.That(model.Has(TensorNames.Head), Is.False);
        Assert.That(model.Has(TensorNames.InLayer(29, "down")), Is.True);
        Assert.That(model.Has(TensorNames.InLayer(30, "down")), Is.False);
    }

    [Test]
    public void Query_rows_are_put_back_into_half_split_order()
    {
        using var folder = new ScratchFolder();
        using Checkpoint model = ModelFiles.Open(folder.Write("m.gguf", TinyModels.Gguf().ToBytes()));
        int[] fileRows = [0, 2, 1, 3, 4, 6, 5, 7];

        var rows = new float[5 * TinyModels.Width];
        model.ReadRows(TensorNames.InLayer(0, "q"), 3, rows);

        for (int i = 0; i < rows.Length; i++)
            Assert.That(
                rows[i], Is.EqualTo(TinyModels.Value(2, fileRows[3 + i / TinyModels.Width] * TinyModels.Width + i % TinyModels.Width)));
        var values = new float[TinyModels.Width];
        model.ReadRows(TensorNames.InLayer(0, "v"), 1, values);
        Assert.That(values[0], Is.EqualTo(TinyModels.Value(4, TinyModels.Width)));
    }

    [Test]
    public void Weights_that_are_not_finite_are_refused_when_read()
    {
        using var folder = new ScratchFolder();
        byte[] bytes = TinyModels.Gguf().ToBytes();
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, bytes.Length - 4);
        using Checkpoint model = ModelFiles.Open(folder.Write("m.gguf", bytes));

        HarnessException error =
            Assert.Throws<HarnessException>(() => model.ReadRows(TensorNames.FinalNorm, 0, new float[TinyModels.Width]))!;

        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.WeightsNotFinite));
    }

    [Test]
    public void Version_2_is_read_and_others_are_refused()
    {
        using var folder = new ScratchFolder();
        foreach (uint version in new uint[] { 2, 1, 4, 0x03000000 })
        {
            GgufWriter writer = TinyModels.Gguf();
            writer.Version = version;
            string path = folder.Write($"{version}.gguf", writer.ToBytes());
            if (version == 2)
                ModelFiles.Open(path).Dispose();
            else
                AssertRefused(path, KernelCodes.ModelFormat);
        }
    }

    [TestCase("general.architecture", "mamba", "HRN0204", "mamba")]
    [TestCase("tokenizer.ggml.model", "llama", "HRN0207", "llama")]
    [TestCase("tokenizer.ggml.pre", "tekken", "HRN0207", "tekken")]
    public void A_text_that_names_what_is_not_implemented_is_refused_by_name(string key, string value, string code, string culprit)
    {
        using var folder = new ScratchFolder();

        AssertRefused(folder.Write("m.gguf", Edited(key, writer => writer.Add(key, value)).ToBytes()), KernelCodes.All[code], culprit);
    }

    [TestCase("llama.expert_count", 8u, "HRN0203", "expert_used_count")]
    [TestCase("llama.expert_used_count", 2u, "HRN0203", "expert_count")]
    [TestCase("llama.attention.sliding_window", 16u, "HRN0204", "sliding window")]
    [TestCase("llama.rope.dimension_count", 2u, "HRN0204", "dimension_count")]
    [TestCase("llama.vocab_size", 299u, "HRN0203", "vocab_size")]
    [TestCase("llama.attention.head_count", 0u, "HRN0203", "")]
    [TestCase("llama.attention.head_count", 3u, "HRN0203", "")]
    [TestCase("llama.attention.head_count_kv", 4u, "HRN0203", "heads")]
    [TestCase("llama.block_count", 4_000_000_000, "HRN0203", "block_count")]
    [TestCase("llama.block_count", 1_000_000_000u, "HRN0206", "blk.1")]
    [TestCase("llama.feed_forward_length", 15u, "HRN0206", "ffn_gate")]
    [TestCase("split.count", 2u, "HRN0202", "split")]
    [TestCase("general.alignment", 33u, "HRN0203", "alignment")]
    [TestCase("tokenizer.ggml.bos_token_id", 300u, "HRN0208", "bos")]
    [TestCase("tokenizer.ggml.eos_token_id", 4_000_000_000, "HRN0208", "eos")]
    public void A_number_that_contradicts_the_file_or_asks_for_too_much_is_refused(string key, uint value, string code, string culprit)
    {
        using var folder = new ScratchFolder();

        AssertRefused(folder.Write("m.gguf", Edited(key, writer => writer.Add(key, value)).ToBytes()), KernelCodes.All[code], culprit);
    }

    [TestCase("llama.block_count")]
    [TestCase("llama.embedding_length")]
    [TestCase("llama.attention.layer_norm_rms_epsilon")]
    [TestCase("general.architecture")]
    public void Absent_metadata_is_named(string key)
    {
        using var folder = new ScratchFolder();

        AssertRefused(folder.Write("m.gguf", Edited(key, _ => { }).ToBytes()), KernelCodes.ModelCorrupt, key);
    }

    [Test]
    public void A_model_without_a_tokenizer_is_refused()
    {
        using var folder = new ScratchFolder();

        AssertRefused(folder.Write("m.gguf", Edited("tokenizer.ggml.model", _ => { }).ToBytes()), KernelCodes.TokenizerUnsupported);
    }

    [Test]
    public void Tensors_that_the_model_has_no_place_for_are_refused_by_name()
    {
        using var folder = new ScratchFolder();

        AssertRefused(
            folder.Write("bias.gguf", TinyModels.Gguf().Add("blk.0.attn_q.bias", [8], new float[8]).ToBytes()),
            KernelCodes.ArchitectureUnsupported, "blk.0.attn_q.bias");
        AssertRefused(
            folder.Write("rope.gguf", TinyModels.Gguf().Add("rope_factors_long.weight", [2], new float[2]).ToBytes()),
            KernelCodes.ArchitectureUnsupported, "rope_factors_long");
    }

    [Test]
    public void A_tokenizer_larger_than_the_embedding_is_refused()
    {
        using var folder = new ScratchFolder();
        string[] words = [.. TinyModels.Words, .. Enumerable.Range(0, 60).Select(i => $"word{i}")];

        AssertRefused(
            folder.Write("m.gguf", Edited("tokenizer.ggml.tokens", writer => writer.Add("tokenizer.ggml.tokens", words)).ToBytes()),
            KernelCodes.TokenizerCorrupt, "300");
    }

    [Test]
    public void Merges_of_words_outside_the_vocabulary_are_refused()
    {
        using var folder = new ScratchFolder();

        foreach (string merge in new[] { "t x", "tx", " t", "ab c" })
        {
            AssertRefused(
                folder.Write("m.gguf", Edited("tokenizer.ggml.merges", writer => writer.Add("tokenizer.ggml.merges", [merge])).ToBytes()),
                KernelCodes.TokenizerCorrupt, "merge 0");
        }
    }

    /// <summary>The tiny model with one key taken out, and another put in.</summary>
    static GgufWriter Edited(string key, Action<GgufWriter> add)
    {
        GgufWriter writer = TinyModels.Gguf().WithoutKey(key);
        add(writer);
        return writer;
    }
}
