using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.RotaryEmbedding;
using Harness.Tests.Shared;
using static Kernels.Tests.Checkpoints.Refusals;

namespace Kernels.Tests.Checkpoints;

sealed class GgufRopeTests
{
    /// <summary>Llama 3.1's and 3.2's scalings, and one whose interpolated band holds many pairs.</summary>
    static readonly (RopeScaling Scaling, int HeadWidth)[] Scalings =
        [(new RopeScaling(8, 1, 4, 8192), 128), (new RopeScaling(32, 1, 4, 8192), 64), (new RopeScaling(5, 1, 64, 65536), 256)];

    [Test]
    public void Factors_of_the_converter_give_the_frequencies_of_the_configuration_bit_for_bit()
    {
        foreach ((RopeScaling scaling, int headWidth) in Scalings)
        {
            ModelConfig scaled = Shape(headWidth) with { RopeScaling = scaling };
            float[] factors = GgufConversion.Llama3Factors(scaled, scaling);
            ModelConfig divided = Shape(headWidth) with { RopeFactors = factors };

            Assert.That(Turned(divided), Is.EqualTo(Turned(scaled)));
            Assert.That(factors.Count(factor => factor > 1 && factor < scaling.Factor), Is.GreaterThan(2), "some pairs are interpolated");
            Assert.That(Turned(scaled), Is.Not.EqualTo(Turned(Shape(headWidth))));
        }
    }

    [TestCase("llama-tied", "smollm")]
    [TestCase("llama3-rope-untied", "llama-bpe")]
    [TestCase("mistral", "llama-bpe")]
    [TestCase("qwen2", "qwen2")]
    [TestCase("qwen3", "qwen2")]
    public void A_converted_model_gives_the_logits_and_ids_of_its_folder(string name, string preTokenizer)
    {
        using var scratch = new ScratchFolder();
        string folder = Repository.Data($"reference/tiny/{name}");
        using Checkpoint original = ModelFiles.Open(folder);
        using Checkpoint converted = ModelFiles.Open(scratch.Write("m.gguf", GgufConversion.Of(original, folder, preTokenizer).ToBytes()));

        Assert.That(converted.Config.RopeFactors is not null, Is.EqualTo(original.Config.RopeScaling is not null));
        foreach (JsonElement reference in ReferenceFiles.Read($"reference/tiny/{name}/reference.json").GetProperty("cases")
            .EnumerateArray())
        {
            int[] ids = ReferenceFiles.Ids(reference);
            Assert.That(converted.Tokenizer!.Encode(ReferenceFiles.Text(reference, "text")), Is.EqualTo(ids));
            Assert.That(converted.Tokenizer.Decode(ids, keepSpecial: true), Is.EqualTo(ReferenceFiles.Text(reference, "decoded")));
            Assert.That(Logits(converted, ids), Is.EqualTo(Logits(original, ids)));
        }
    }

    [TestCase("llama.rope.scaling.factor")]
    [TestCase("llama.rope.scale_linear")]
    public void Linear_scaling_divides_every_frequency(string key)
    {
        using var scratch = new ScratchFolder();
        foreach (string type in new[] { "linear", "none", "" })
        {
            GgufWriter writer = TinyModels.Gguf().Add(key, 4f);
            if (type.Length > 0)
                writer.Add("llama.rope.scaling.type", type);
            using Checkpoint model = ModelFiles.Open(scratch.Write($"{type}.gguf", writer.ToBytes()));

            Assert.That(model.Config.RopeFactors, type == "none" ? Is.Null : Is.EqualTo(new float[] { 4, 4 }));
        }
        TinyModels.WriteFolder(scratch, config => config["rope_scaling"] = new { type = "linear", factor = 4.0 });
        using Checkpoint folder = ModelFiles.Open(scratch.Path);
        Assert.That(folder.Config.RopeFactors, Is.EqualTo(new float[] { 4, 4 }));
    }

    [Test]
    public void Factors_of_the_tensor_are_taken_as_they_are()
    {
        using var scratch = new ScratchFolder();
        byte[] bytes = TinyModels.Gguf().Add("rope_freqs.weight", [2], [1f, 3.5f]).ToBytes();
        using Checkpoint model = ModelFiles.Open(scratch.Write("m.gguf", bytes));

        Assert.That(model.Config.RopeFactors, Is.EqualTo(new[] { 1f, 3.5f }));
        Assert.That(model.Has("rope_freqs.weight"), Is.False);
    }

    [TestCase(new[] { 1f }, "HRN0206", "[1], a head of 4 needs [2]")]
    [TestCase(new[] { 1f, 0f }, "HRN0211", "0, not a positive number")]
    [TestCase(new[] { float.NaN, 1f }, "HRN0211", "NaN")]
    [TestCase(new[] { 1f, -1f }, "HRN0211", "-1")]
    public void Factors_that_no_frequency_can_be_divided_by_are_refused(float[] factors, string code, string culprit)
    {
        using var scratch = new ScratchFolder();

        AssertRefused(
            scratch.Write("m.gguf", TinyModels.Gguf().Add("rope_freqs.weight", [factors.Length], factors).ToBytes()),
            KernelCodes.All[code],
            culprit);
    }

    [TestCase("llama.rope.scaling.type", "yarn")]
    [TestCase("llama.rope.scaling.type", "longrope")]
    public void Other_scalings_are_refused_by_name(string key, string type)
    {
        using var scratch = new ScratchFolder();

        AssertRefused(scratch.Write("m.gguf", TinyModels.Gguf().Add(key, type).ToBytes()), KernelCodes.ArchitectureUnsupported, type);
    }

    [TestCase("llama.rope.scaling.attn_factor", 2f, "attn_factor")]
    [TestCase("llama.rope.scaling.yarn_log_multiplier", 0.1f, "yarn_log_multiplier")]
    [TestCase("llama.rope.scaling.factor", -2f, "factor")]
    public void Numbers_of_other_scalings_are_refused_by_name(string key, float value, string culprit)
    {
        using var scratch = new ScratchFolder();

        AssertRefused(
            scratch.Write("m.gguf", TinyModels.Gguf().Add(key, value).ToBytes()),
            value < 0 ? KernelCodes.ModelCorrupt : KernelCodes.ArchitectureUnsupported,
            culprit);
    }

    [Test]
    public void Two_scalings_at_once_are_refused()
    {
        using var scratch = new ScratchFolder();
        GgufWriter writer = TinyModels.Gguf().Add("rope_freqs.weight", [2], [1f, 8f]).Add("llama.rope.scaling.factor", 2f);

        AssertRefused(scratch.Write("m.gguf", writer.ToBytes()), KernelCodes.ArchitectureUnsupported, "beside rope_freqs");
    }

    static ModelConfig Shape(int headWidth) =>
        ModelFiles.Open($"synthetic:llama?d=64&layers=1&heads=1&head={headWidth}&ffn=32&vocab=32").Config with
        {
            RopeTheta = 500000,
        };

    /// <summary>A head turned to several positions, which shows every cosine and sine.</summary>
    static unsafe float[] Turned(ModelConfig config)
    {
        using var table = new RotaryTable(config);
        table.Reserve(3000);
        var turned = new List<float>();
        foreach (int position in new[] { 1, 2, 100, 2999 })
        {
            float[] head = [.. Enumerable.Range(0, config.HeadWidth).Select(i => i < config.HeadWidth / 2 ? 1f : 0f)];
            fixed (float* start = head)
                table.Rotate(start, position);
            turned.AddRange(head);
        }
        return [.. turned];
    }

    static float[][] Logits(Checkpoint checkpoint, int[] ids)
    {
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1, MemoryBytes = 1 << 28 });
        var logits = new float[ids.Length][];
        model.Evaluate(ids, (position, values) => logits[position] = values.ToArray());
        return logits;
    }
}
