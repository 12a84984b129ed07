using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Kernels.Tests.Training;

namespace Kernels.Tests.Checkpoints;

public class HuggingFaceWriterTests
{
    static readonly SpecialTokens Tokens = new(2, 0, 1);

    [TestCaseSource(typeof(TrainingShapes), nameof(TrainingShapes.Models))]
    public void A_written_model_is_read_back_to_the_bit(ModelConfig config)
    {
        using var scratch = new ScratchFolder();
        string folder = Path.Combine(scratch.Path, "model");
        using var model = new RandomCheckpoint(config);
        HuggingFaceWriter.Write(folder, model, Tokens, Files(config));
        using Checkpoint read = ModelFiles.Open(folder);
        Assert.That(read.Config, Is.EqualTo(config));
        foreach (NeededTensor tensor in TensorLayout.Of(config))
        {
            float[] values = new float[tensor.Rows * tensor.Columns];
            read.ReadRows(tensor.Name, 0, values);
            Assert.That(values, Is.EqualTo(model[tensor.Name]), tensor.Name);
        }
    }

    [Test]
    public void Folder_is_replaced_as_a_whole_with_the_same_bytes_for_the_same_model()
    {
        using var scratch = new ScratchFolder();
        string folder = Path.Combine(scratch.Path, "model"), again = Path.Combine(scratch.Path, "again");
        ModelConfig config = TrainingShapes.Grouped;
        using var model = new RandomCheckpoint(config);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "left-over.txt"), "");
        Directory.CreateDirectory(folder + ".partial");
        HuggingFaceWriter.Write(folder, model, Tokens, Files(config));
        HuggingFaceWriter.Write(again + "/", model, Tokens, Files(config));
        string[] names =
            [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.That(names, Is.EqualTo(new[] { "config.json", "generation_config.json", "model.safetensors", "tokenizer.json" }));
        foreach (string name in names)
            Assert.That(File.ReadAllBytes(Path.Combine(again, name)), Is.EqualTo(File.ReadAllBytes(Path.Combine(folder, name))), name);
        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        Assert.That(written.RootElement.GetProperty("eos_token_id").GetInt32(), Is.Zero);
    }

    [Test]
    public void A_mixture_of_experts_is_written_as_a_mixtral()
    {
        using var scratch = new ScratchFolder();
        string folder = Path.Combine(scratch.Path, "model");
        ModelConfig config = TrainingShapes.Mixture;
        using var model = new RandomCheckpoint(config);
        HuggingFaceWriter.Write(folder, model, Tokens, Files(config), balanceLoss: 0.02);
        using JsonDocument written = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        JsonElement root = written.RootElement;
        Assert.That(root.GetProperty("architectures")[0].GetString(), Is.EqualTo("MixtralForCausalLM"));
        Assert.That(root.GetProperty("model_type").GetString(), Is.EqualTo("mixtral"));
        Assert.That(root.GetProperty("num_local_experts").GetInt32(), Is.EqualTo(5));
        Assert.That(root.GetProperty("num_experts_per_tok").GetInt32(), Is.EqualTo(2));
        Assert.That(root.GetProperty("intermediate_size").GetInt32(), Is.EqualTo(35));
        Assert.That(root.GetProperty("router_aux_loss_coef").GetDouble(), Is.EqualTo(0.02));
        Assert.That(root.GetProperty("sliding_window").ValueKind, Is.EqualTo(JsonValueKind.Null));
        HuggingFaceWriter.Write(folder, model, Tokens, Files(config), loops: 2);
        using Checkpoint looped = ModelFiles.Open(folder);
        Assert.That(looped.Config, Is.EqualTo(config with { Layers = 4 }), "passed twice");
        float[] row = new float[config.Width];
        looped.ReadRows(TensorNames.InLayer(3, TensorNames.OfExpert(4, "up")), 0, row);
        Assert.That(row, Is.EqualTo(model[TensorNames.InLayer(1, TensorNames.OfExpert(4, "up"))][..config.Width]));
    }

    [Test]
    public void Mixtures_that_mixtral_can_not_say_are_refused()
    {
        ModelConfig config = TrainingShapes.Mixture;
        foreach (ExpertShape experts in new[]
            { config.Experts! with { Normalised = false }, config.Experts! with { SharedFeedForward = 8 } })
        {
            using var model = new RandomCheckpoint(config with { Experts = experts });
            Assert.That(
                () => HuggingFaceWriter.Write("/nowhere", model, Tokens, Files(config)),
                Throws.InstanceOf<HarnessException>().With.Message.Contains("mixtral"));
        }
    }

    [Test]
    public void Architectures_without_such_a_form_are_refused()
    {
        using var model = new RandomCheckpoint(RandomCheckpoint.Shape() with { Architecture = "qwen2" });
        HarnessException error = Assert.Throws<HarnessException>(
            () => HuggingFaceWriter.Write("/nowhere", model, Tokens, new Dictionary<string, ReadOnlyMemory<byte>>()))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ArchitectureUnsupported));
    }

    static Dictionary<string, ReadOnlyMemory<byte>> Files(ModelConfig config) => new()
    {
        ["tokenizer.json"] = JsonSerializer.SerializeToUtf8Bytes(TrainingTokenizer.Words(config.Vocabulary)),
    };
}
