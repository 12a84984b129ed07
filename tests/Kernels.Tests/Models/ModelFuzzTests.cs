using System.Globalization;
using System.Text;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models.ChatTemplates;
using Harness.Kernels.Models.Checkpoints;
using Harness.Tests.Shared;

namespace Harness.Kernels.Tests.Models;

/// <summary>
/// Seeded mutations of real files: whatever is done to them, opening, reading, tokenizing and rendering end well or with a code.
/// HARNESS_FUZZ_CASES runs more cases a file, HARNESS_FUZZ_SEED other ones.
/// </summary>
sealed class ModelFuzzTests
{
    static readonly int Cases = Setting("HARNESS_FUZZ_CASES", 250);
    static readonly int Seed = Setting("HARNESS_FUZZ_SEED", 1);

    static readonly string[] FolderFiles =
        ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja", "model.safetensors", "model.safetensors.index.json"];

    [Test]
    public void Mutated_gguf_files_end_well_or_with_a_code()
    {
        using var folder = new ScratchFolder();
        byte[] original = TinyModels.Gguf().Add("tokenizer.chat_template", "{% for m in messages %}{{ m.role + m.content | trim }}{% endfor %}").ToBytes();

        Fuzz("model.gguf", original, bytes => Use(ModelFiles.Open(folder.Write("m.gguf", bytes))));
    }

    [Test]
    public void Mutated_tensors_of_every_block_type_end_well_or_with_a_code()
    {
        using var folder = new ScratchFolder();
        byte[] original = File.ReadAllBytes(Repository.Data("reference/every-block-type.gguf"));

        Fuzz("every-block-type.gguf", original, bytes =>
        {
            using GgufFile file = GgufFile.Open(folder.Write("m.gguf", bytes));
            foreach (StoredTensor tensor in file.Tensors)
                tensor.ReadRows(tensor.Rows - 1, new float[tensor.Columns]);
        });
    }

    [Test]
    public void Mutated_folders_of_the_tests_own_model_end_well_or_with_a_code()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        FuzzFolder(folder);
    }

    [TestCase("models/tiny")]
    [TestCase("reference/tiny/llama3-rope-untied")]
    [TestCase("reference/tiny/qwen2")]
    public void Mutated_folders_end_well_or_with_a_code(string name)
    {
        using var folder = new ScratchFolder();
        folder.CopyFrom(Repository.Data(name));
        FuzzFolder(folder);
    }

    static void FuzzFolder(ScratchFolder folder)
    {
        foreach (string file in FolderFiles)
        {
            string path = Path.Combine(folder.Path, file);
            if (!File.Exists(path))
                continue;
            byte[] original = File.ReadAllBytes(path);
            Fuzz(path, original, bytes =>
            {
                File.WriteAllBytes(path, bytes);
                Use(ModelFiles.Open(folder.Path));
            });
            File.WriteAllBytes(path, original);
        }
    }

    static void Fuzz(string name, byte[] original, Action<byte[]> use)
    {
        int refused = 0;
        for (int i = 0; i < Cases; i++)
        {
            var random = new Random(HashCode(name, i));
            byte[] mutated = Mutation.Of(original, random);
            try
            {
                use(mutated);
            }
            catch (HarnessException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"{Path.GetFileName(name)}, seed {Seed}, case {i}: {error}");
            }
        }
        Assert.That(refused, Is.GreaterThan(0), $"no mutation of {name} was noticed");
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
            catch (HarnessException error) when (error.Diagnostic == Codes.WordOutsideVocabulary)
            {
                ids = [0, 1, 2];
            }
            Assert.That(ids, Has.All.InRange(0, model.Config.Vocabulary - 1));
            model.Tokenizer!.Decode(ids, keepSpecial: false);
            model.ChatTemplate?.Render([new ChatMessage("user", "hi")], true);
        }
    }

    /// <summary>The same on every machine, unlike System.HashCode.</summary>
    static int HashCode(string name, int index) =>
        Encoding.UTF8.GetBytes(Path.GetFileName(name)).Aggregate(Seed * 1_000_003 + index, (hash, value) => unchecked(hash * 31 + value));

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
