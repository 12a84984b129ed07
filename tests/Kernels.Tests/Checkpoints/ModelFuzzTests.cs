using System.Buffers.Binary;
using System.Text;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Shared;
using Kernels.Tests.ChatTemplates;

namespace Kernels.Tests.Checkpoints;

/// <summary>
/// Seeded mutations of real files: whatever is done to them, opening, reading, tokenizing and rendering end well or with a code.
/// </summary>
sealed class ModelFuzzTests
{
    const string Template =
        "{% for m in messages %}{{ loop.index0 ~ m.role + m['content'] | trim }}{% if loop.last %}{{ bos_token }}{% endif %}{% endfor %}";

    static readonly string[] Folders =
        [
            "models/tiny", "reference/tiny/llama-tied", "reference/tiny/llama3-rope-untied", "reference/tiny/mistral",
            "reference/tiny/qwen2", "reference/tiny/qwen3",
        ];

    static readonly ChatMessage[] Messages = [new("system", "s "), new("user", "hi é"), new("assistant", "\n")];

    [Test]
    public void Mutated_gguf_files_end_well_or_with_a_code()
    {
        using var folder = new ScratchFolder();
        byte[] original = TinyModels.Gguf().Add("tokenizer.chat_template", Template).Add("rope_freqs.weight", [2], [1f, 2f]).ToBytes();

        Fuzz.Run("model.gguf", original, Mutation.Or(GgufMutation.Of), bytes => ModelFiles.Open(folder.Write("m.gguf", bytes)), Use);
    }

    [TestCaseSource(typeof(ReferenceFiles), nameof(ReferenceFiles.TinyNames))]
    public void Mutated_conversions_of_real_models_end_well_or_with_a_code(string name)
    {
        using var folder = new ScratchFolder();
        string path = Repository.Data($"reference/tiny/{name}");
        using Checkpoint model = ModelFiles.Open(path);
        byte[] original = GgufConversion.Of(
            model,
            path,
            name is "llama-tied" ? "smollm" : name.StartsWith("qwen", StringComparison.Ordinal) ? "qwen2" : "llama-bpe").ToBytes();

        Fuzz.Run($"{name}.gguf", original, Mutation.Or(GgufMutation.Of), bytes => ModelFiles.Open(folder.Write("m.gguf", bytes)), Use);
    }

    [Test]
    public void Mutated_tensors_of_every_block_type_end_well_or_with_a_code()
    {
        using var folder = new ScratchFolder();
        byte[] original = File.ReadAllBytes(Repository.Data("reference/every-block-type.gguf"));

        Fuzz.Run("every-block-type.gguf", original, Mutation.Or(GgufMutation.Of), bytes =>
            GgufFile.Open(folder.Write("m.gguf", bytes)), file =>
        {
            using (file)
            {
                foreach (StoredTensor tensor in file.Tensors)
                    tensor.ReadRows(tensor.Rows - 1, new float[tensor.Columns]);
            }
        });
    }

    [Test]
    public void Mutated_folders_of_the_tests_own_model_end_well_or_with_a_code()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        FuzzFolder(folder, "own");
    }

    [TestCaseSource(typeof(MixtureModels), nameof(MixtureModels.Families))]
    public void Mutated_mixtures_of_experts_end_well_or_with_a_code(string family)
    {
        using var folder = new ScratchFolder();
        using var model = new RandomCheckpoint(MixtureModels.Config(family));
        MixtureModels.Write(folder, model);
        byte[] gguf = GgufConversion.Of(model, folder.Path, "smollm").ToBytes();
        FuzzFolder(folder, family);
        Fuzz.Run($"{family}.gguf", gguf, Mutation.Or(GgufMutation.Of), bytes => ModelFiles.Open(folder.Write("m.gguf", bytes)), Use);
    }

    [TestCaseSource(nameof(Folders))]
    public void Mutated_folders_end_well_or_with_a_code(string name)
    {
        using var folder = new ScratchFolder();
        folder.CopyFrom(Repository.Data(name));
        File.Delete(Path.Combine(folder.Path, "reference.json"));
        FuzzFolder(folder, Path.GetFileName(name));
    }

    [Test]
    public void Mutated_templates_are_rendered_or_refused()
    {
        Fuzz.Run("template.jinja", Encoding.UTF8.GetBytes(Template
            + Template), Mutation.Or(TemplateMutation.Of), Encoding.UTF8.GetString, text =>
            new JinjaChatTemplate(text, new Dictionary<string, string> { ["bos_token"] = "<s>" })
                .Render(Messages, addGenerationPrompt: true));
    }

    static void FuzzFolder(ScratchFolder folder, string name)
    {
        foreach (string path in Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal))
        {
            // One shard stands for all.
            if (path.Contains("-of-00006", StringComparison.Ordinal) && !path.Contains("00001-of", StringComparison.Ordinal))
                continue;
            byte[] original = File.ReadAllBytes(path);
            Mutator mutate = Path.GetExtension(path) switch
            {
                ".safetensors" => Mutation.Or(Header),
                ".jinja" => Mutation.Or(TemplateMutation.Of),
                _ => Mutation.Or(JsonMutation.Of),
            };
            Fuzz.Run($"{name}/{Path.GetFileName(path)}", original, mutate, bytes =>
            {
                File.WriteAllBytes(path, bytes);
                return ModelFiles.Open(folder.Path);
            }, Use);
            File.WriteAllBytes(path, original);
        }
    }

    /// <summary>Changes the JSON of a safetensors header; mostly with its length put right.</summary>
    static byte[] Header(byte[] original, Random random)
    {
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(original);
        byte[] header = JsonMutation.Of(original[8..(8 + length)], random);
        byte[] stated = original[..8];
        BinaryPrimitives.WriteUInt64LittleEndian(
            stated, random.Next(5) == 0 ? Mutation.Numbers[random.Next(Mutation.Numbers.Length)] : (ulong)header.Length);
        return [.. stated, .. header, .. original[(8 + length)..]];
    }

    static void Use(Checkpoint model)
    {
        using (model)
        {
            foreach (NeededTensor tensor in TensorLayout.Of(model.Config))
            {
                var row = new float[tensor.Columns];
                model.ReadRows(tensor.Name, tensor.Rows - 1, row);
            }
            int[] ids = [];
            try
            {
                ids = model.Tokenizer!.Encode("sum 3 + 4 = the <|im_end|>\n é");
            }
            catch (HarnessException error) when (error.Diagnostic == KernelCodes.WordOutsideVocabulary)
            {
                ids = [0, 1, 2];
            }
            Assert.That(ids, Has.All.InRange(0, model.Config.Vocabulary - 1));
            model.Tokenizer!.Decode(ids, keepSpecial: false);
            model.ChatTemplate?.Render(Messages, true);
        }
    }
}
