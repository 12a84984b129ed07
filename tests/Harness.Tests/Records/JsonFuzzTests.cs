using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.ModelChecks;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Records;

/// <summary>Seeded mutations of the JSON that the program reads: it ends well or with a code.</summary>
public class JsonFuzzTests
{
    [Test]
    public void Mutated_manifests_are_read_or_refused()
    {
        using ScratchExperiment scratch = new();
        string path = Path.Combine(scratch.Root, "manifest.json");

        Fuzz.Run("manifest.json", JsonSerializer.SerializeToUtf8Bytes(scratch.Raw()), Mutation.Or(JsonMutation.Of), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            return ManifestFile.Read(path);
        }, Resolve);
    }

    [TestCase("reference/every-block-type.json", "reference/every-block-type.gguf")]
    [TestCase("reference/smollm2-135m-q4_1.json", "reference/tiny/llama-tied")]
    [TestCase("reference/smollm2-gsm8k-greedy.json", "reference/tiny/llama-tied")]
    [TestCase("models/tiny/reference.json", "models/tiny")]
    [TestCase("reference/tiny/llama-tied/reference.json", "reference/tiny/llama-tied")]
    [TestCase("reference/tiny/qwen3/reference.json", "reference/tiny/qwen3")]
    public void Mutated_references_are_compared_or_refused(string reference, string model)
    {
        using ScratchExperiment scratch = new();
        string path = Path.Combine(scratch.Root, "reference.json");
        // SmolLM2 itself takes seconds: its references are held against a small model, from which they differ.
        string opened = Repository.Data(model);
        JsonNode original = JsonNode.Parse(File.ReadAllBytes(Repository.Data(reference)))!;
        Shorten(original);

        Fuzz.Run(reference, Encoding.UTF8.GetBytes(original.ToJsonString()), Mutation.Or(JsonMutation.Of), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }, written => ReferenceCheck.Run(opened, written, Precision.F32, new Placement { Threads = 1, MemoryBytes = 1 << 27 }));
    }

    /// <summary>Several mistakes are refused as one would be.</summary>
    static void Resolve(RawManifest raw)
    {
        try
        {
            ResolvedExperiment.Resolve(raw, new ScriptedEngine().Registered);
        }
        catch (ManifestException several)
        {
            throw several.Mistakes[0];
        }
    }

    /// <summary>Leaves two entries of each list of problems, prompts and cases, and four tokens of each answer.</summary>
    static void Shorten(JsonNode reference)
    {
        foreach (string key in new[] { "problems", "logits", "cases", "tokenizer", "sets" })
        {
            if (reference[key] is not JsonArray entries)
                continue;
            Cut(entries, 2);
            foreach (JsonNode? entry in entries)
            {
                if (entry!["problems"] is JsonArray problems)
                    Cut(problems, 2);
                foreach (string answer in new[] { "greedy_ids", "greedy_margin" })
                {
                    if (entry[answer] is JsonArray tokens)
                        Cut(tokens, 4);
                }
            }
        }
    }

    static void Cut(JsonArray list, int most)
    {
        while (list.Count > most)
            list.RemoveAt(list.Count - 1);
    }
}
