using System.Text.Json;
using Harness.Comparison.References;
using Harness.Experiments;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
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
        }, raw => ResolvedExperiment.Resolve(raw, new FakeModelHost()));
    }

    [TestCase("reference/every-block-type.json", "reference/every-block-type.gguf")]
    [TestCase("reference/smollm2-135m-q4_1.json", "")]
    [TestCase("reference/smollm2-gsm8k-greedy.json", "")]
    public void Mutated_references_are_compared_or_refused(string reference, string model)
    {
        using ScratchExperiment scratch = new();
        string path = Path.Combine(scratch.Root, "reference.json");
        // A model that opens at once: these files' own is large, and what is wrong with them is seen before it runs.
        string opened = model.Length > 0 ? Repository.Data(model) : Path.Combine(Repository.Root, "results/quickstart/model");
        byte[] original = File.ReadAllBytes(Repository.Data(reference));

        Fuzz.Run(Path.GetFileName(reference), original, Mutation.Or(JsonMutation.Of), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }, written => Check(opened, written));
    }

    [TestCase("llama-tied")]
    [TestCase("qwen3")]
    public void Mutated_cases_are_compared_or_refused(string name)
    {
        using ScratchExperiment scratch = new();
        string path = Path.Combine(scratch.Root, "reference.json");
        string model = Repository.Data($"reference/tiny/{name}");
        byte[] original = File.ReadAllBytes(Path.Combine(model, "reference.json"));

        Fuzz.Run($"{name}/reference.json", original, Mutation.Or(JsonMutation.Of), bytes =>
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }, written => Check(model, written));
    }

    static void Check(string model, string reference)
    {
        try
        {
            ReferenceCheck.Run(model, reference, Precision.F32, new Placement { Threads = 1, MemoryBytes = 1 << 27 });
        }
        catch (HarnessException refused) when (refused.Diagnostic == Codes.WordOutsideVocabulary)
        {
            // Texts of another model.
        }
    }
}
