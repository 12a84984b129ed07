using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using static Kernels.Tests.Checkpoints.Refusals;

namespace Kernels.Tests.Checkpoints;

sealed class MixtureModelTests
{
    static IEnumerable<string> Families => MixtureModels.Families;

    [TestCaseSource(nameof(Families))]
    public void A_folder_and_its_conversion_have_the_shape_and_weights_of_the_model(string family)
    {
        using var folder = new ScratchFolder();
        using var model = new RandomCheckpoint(MixtureModels.Config(family));
        MixtureModels.Write(folder, model);
        using Checkpoint read = ModelFiles.Open(folder.Path);
        AssertSame(read, model);
        string gguf = folder.Write("m.gguf", GgufConversion.Of(model, folder.Path, "smollm").ToBytes());
        using Checkpoint converted = ModelFiles.Open(gguf);
        AssertSame(converted, model);
        int[] text = [1, 2, 3, 250, 4];
        foreach (Precision precision in Precisions.Exact)
            Assert.That(Logits(converted, precision, text), Is.EqualTo(Logits(model, precision, text)));
    }

    [TestCase("mixtral", "num_experts_per_tok", 6, "HRN0203", "6 active experts are more than there are, 5")]
    [TestCase("mixtral", "num_experts_per_tok", 0, "HRN0203", "0 of them active")]
    [TestCase("mixtral", "num_experts_per_tok", null, "HRN0203", "num_experts_per_tok")]
    [TestCase("mixtral", "num_local_experts", 0, "HRN0203", "0 experts")]
    [TestCase("mixtral", "num_local_experts", 6, "HRN0206", "its model needs [6, 16]")]
    [TestCase("mixtral", "num_local_experts", 4, "HRN0206", "block_sparse_moe.gate.weight is [5, 16]")]
    [TestCase("mixtral", "num_local_experts", 5000, "HRN0204", "more than 1024")]
    [TestCase("mixtral", "intermediate_size", 13, "HRN0206", "experts.0.w1.weight is [12, 16]")]
    [TestCase("mixtral", "sliding_window", 32, "HRN0204", "sliding_window 32")]
    [TestCase("mixtral", "model_type", "llama", "HRN0204", "MixtralForCausalLM")]
    [TestCase("qwen2_moe", "shared_expert_intermediate_size", null, "HRN0203", "shared_expert_intermediate_size")]
    [TestCase("qwen2_moe", "shared_expert_intermediate_size", 19, "HRN0206", "shared_expert.gate_proj")]
    [TestCase("qwen2_moe", "qkv_bias", false, "HRN0204", "qkv_bias")]
    [TestCase("qwen2_moe", "moe_intermediate_size", 11, "HRN0206", "experts.0.gate_proj")]
    [TestCase("qwen3_moe", "decoder_sparse_step", 2, "HRN0204", "decoder_sparse_step 2")]
    [TestCase("qwen3_moe", "mlp_only_layers", new[] { 1 }, "HRN0204", "mlp_only_layers")]
    [TestCase("qwen3_moe", "num_experts", "many", "HRN0203", "num_experts")]
    public void A_folder_of_another_mixture_is_refused_by_what_differs(
        string family, string key, object? value, string code, string culprit)
    {
        using var folder = new ScratchFolder();
        using var model = new RandomCheckpoint(MixtureModels.Config(family));
        MixtureModels.Write(folder, model, config => config[key] = value);
        AssertRefused(folder.Path, KernelCodes.All[code], culprit);
    }

    [TestCaseSource(nameof(Families))]
    public void A_missing_expert_and_one_too_many_are_refused_by_name(string family)
    {
        using var folder = new ScratchFolder();
        using var model = new RandomCheckpoint(MixtureModels.Config(family));
        string? gone = null;
        MixtureModels.Write(folder, model, editTensors: tensors =>
        {
            WrittenTensor[] all = [.. tensors];
            gone = all.Last(tensor => tensor.Name.Contains("experts.4", StringComparison.Ordinal)).Name;
            return all.Where(tensor => tensor.Name != gone);
        });
        AssertRefused(folder.Path, KernelCodes.TensorMissing, gone!);
        MixtureModels.Write(folder, model, editTensors: tensors =>
        {
            WrittenTensor[] all = [.. tensors];
            return [.. all, all.First(tensor => tensor.Name == gone) with { Name = gone!.Replace("experts.4", "experts.5") }];
        });
        AssertRefused(folder.Path, KernelCodes.ArchitectureUnsupported, "experts.5");
    }

    [TestCase("num_local_experts"), TestCase("num_experts")]
    public void Experts_in_a_dense_family_are_refused(string key)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, config => config[key] = 8);
        AssertRefused(folder.Path, KernelCodes.ArchitectureUnsupported, key);
        TinyModels.WriteFolder(folder, config => config[key] = 0);
        ModelFiles.Open(folder.Path).Dispose();
    }

    [Test]
    public void A_mixtral_without_a_base_of_rotation_has_that_of_transformers()
    {
        using var folder = new ScratchFolder();
        using var model = new RandomCheckpoint(MixtureModels.Config("mixtral"));
        MixtureModels.Write(folder, model, config => config.Remove("rope_theta"));
        using Checkpoint read = ModelFiles.Open(folder.Path);
        Assert.That(read.Config.RopeTheta, Is.EqualTo(1e6f));
    }

    [TestCase("mixtral", "llama.expert_used_count", 6u, "HRN0203", "6 active experts")]
    [TestCase("mixtral", "llama.expert_count", 4u, "HRN0206", "ffn_gate_exps.weight is [5, 12, 16], its model needs [4, 12, 16]")]
    [TestCase("mixtral", "llama.expert_gating_func", 2u, "HRN0204", "expert_gating_func 2")]
    [TestCase("mixtral", "llama.expert_feed_forward_length", 11u, "HRN0204", "expert_feed_forward_length 11")]
    [TestCase("mixtral", "llama.interleave_moe_layer_step", 2u, "HRN0204", "interleave_moe_layer_step 2")]
    [TestCase("qwen2_moe", "qwen2moe.expert_shared_feed_forward_length", 21u, "HRN0206", "ffn_gate_shexp")]
    [TestCase("qwen2_moe", "qwen2moe.expert_count", 0u, "HRN0203", "0 experts")]
    [TestCase("qwen3_moe", "qwen3moe.expert_feed_forward_length", 13u, "HRN0206", "ffn_gate_exps")]
    [TestCase("qwen3_moe", "qwen3moe.leading_dense_block_count", 1u, "HRN0204", "leading_dense_block_count 1")]
    public void A_gguf_of_another_mixture_is_refused_by_what_differs(string family, string key, uint value, string code, string culprit)
    {
        using var folder = new ScratchFolder();
        GgufWriter writer = Converted(folder, family);
        AssertRefused(folder.Write("m.gguf", writer.WithoutKey(key).Add(key, value).ToBytes()), KernelCodes.All[code], culprit);
    }

    [Test]
    public void Metadata_that_states_other_weights_of_experts_is_refused()
    {
        using var folder = new ScratchFolder();
        AssertRefused(
            folder.Write("m.gguf", Converted(folder, "qwen2_moe").Add("qwen2moe.expert_weights_norm", true).ToBytes()),
            KernelCodes.ArchitectureUnsupported, "expert_weights_norm");
        AssertRefused(
            folder.Write("m.gguf", Converted(folder, "qwen3_moe").Add("qwen3moe.expert_weights_scale", 2.5f).ToBytes()),
            KernelCodes.ArchitectureUnsupported, "expert_weights_scale 2.5");
        byte[] asIs = Converted(folder, "qwen3_moe").Add("qwen3moe.expert_weights_norm", true).ToBytes();
        ModelFiles.Open(folder.Write("m.gguf", asIs)).Dispose();
    }

    static GgufWriter Converted(ScratchFolder folder, string family)
    {
        using var model = new RandomCheckpoint(MixtureModels.Config(family));
        MixtureModels.Write(folder, model);
        return GgufConversion.Of(model, folder.Path, "smollm");
    }

    static void AssertSame(Checkpoint read, RandomCheckpoint model)
    {
        Assert.That(read.Config, Is.EqualTo(model.Config));
        foreach (NeededTensor tensor in TensorLayout.Of(model.Config))
        {
            float[] values = new float[tensor.Rows * tensor.Columns];
            read.ReadRows(tensor.Name, 0, values);
            Assert.That(values, Is.EqualTo(model[tensor.Name]), tensor.Name);
        }
    }

    static List<float[]> Logits(Checkpoint checkpoint, Precision precision, int[] text)
    {
        using CpuLanguageModel model = CpuLanguageModel.Load(checkpoint, precision, new Placement { Threads = 2 });
        List<float[]> logits = [];
        model.Evaluate(text, (_, row) => logits.Add(row.ToArray()));
        return logits;
    }
}
