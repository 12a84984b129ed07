using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.ModelChecks;
using Harness.Tests.Shared;

namespace Harness.Tests.ModelChecks;

/// <summary>The models against the values that other programs computed for them, and the check against planted errors.</summary>
public class ReferenceCheckTests
{
    const string SmolLM2 = "models/SmolLM2-135M-Instruct.Q4_1.gguf";

    static readonly string[] Families = ["llama-tied", "llama3-rope-untied", "mistral", "qwen2", "qwen3"];

    [TestCase("models/tiny", "models/tiny/reference.json", Precision.F32)]
    [TestCase("models/tiny", "models/tiny/reference.json", Precision.W8A8)]
    [TestCase(SmolLM2, "reference/smollm2-135m-q4_1.json", Precision.F32)]
    [TestCase(SmolLM2, "reference/smollm2-135m-q4_1.json", Precision.W8A8)]
    [TestCase(SmolLM2, "reference/smollm2-gsm8k-greedy.json", Precision.F32)]
    [TestCase("reference/every-block-type.gguf", "reference/every-block-type.json", Precision.F32)]
    public void A_model_agrees_with_its_reference(string model, string reference, Precision precision) =>
        AssertAgrees(ReferenceCheck.Run(Repository.Data(model), Repository.Data(reference), precision, new Placement()));

    [Test]
    public void Every_family_agrees_with_its_reference(
        [ValueSource(nameof(Families))] string family, [Values(Precision.F32, Precision.W8A8)] Precision precision)
    {
        string folder = Repository.Data($"reference/tiny/{family}");
        AssertAgrees(ReferenceCheck.Run(folder, Path.Combine(folder, "reference.json"), precision, new Placement()));
    }

    [TestCase("ids", "token ids")]
    [TestCase("decoded", "decoded text")]
    [TestCase("last_logits", "last logits")]
    [TestCase("argmax_each_position", "best token of each position")]
    [TestCase("nll_each_token", "loss of each token")]
    public void A_changed_value_of_the_reference_is_found(string field, string item)
    {
        string folder = Repository.Data("reference/tiny/llama-tied");
        JsonObject reference = (JsonObject)JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")))!;
        JsonObject one = reference["cases"]![1]!.AsObject();
        if (field == "decoded")
            one[field] = "x" + one[field]!.GetValue<string>();
        else
            one[field]!.AsArray()[2] = field is "last_logits" or "nll_each_token" ? one[field]![2]!.GetValue<double>() + 0.01 : 7;
        CheckReport report = Run(folder, reference);
        Assert.That(report.Passed, Is.False);
        Assert.That(report.Items.Single(entry => entry.Name == item).Differences.Single(), Does.StartWith("cases[1]"));
    }

    [TestCase("{}")]
    [TestCase("[1]")]
    [TestCase("{\"cases\": [{\"text\": 3}]}")]
    [TestCase("{\"cases\": [{}]}")]
    [TestCase("not JSON")]
    [TestCase("{\"cases\": []}")]
    [TestCase("{\"cases\": [{\"text\": \"1 2\", \"ids\": [1, 2, 3], \"argmax_each_position\": [1]}]}")]
    [TestCase("{\"cases\": [{\"text\": \"1 2\", \"ids\": [1, 2, 3], \"nll_each_token\": [0.5]}]}")]
    [TestCase("{\"logits\": [{\"text\": \"1 2\", \"ids\": [1, 2], \"last_top20\": [[1]]}]}")]
    [TestCase("{\"logits\": [{\"text\": \"1 2\", \"ids\": [1, 2], \"last_top20\": [[1000000, 0.5]]}]}")]
    public void An_unreadable_reference_is_refused_with_its_name(string text)
    {
        using TemporaryFile file = new(text);
        var error = Assert.Throws<HarnessException>(() =>
            ReferenceCheck.Run(Path.Combine(Repository.Root, "results/base-model/model"), file.Path, Precision.F32, new Placement()));
        Assert.That(error!.Diagnostic, Is.EqualTo(Codes.ReferenceUnreadable));
        Assert.That(error.File, Is.EqualTo(file.Path));
    }

    [Test]
    public void Without_anything_to_compare_an_item_is_not_listed()
    {
        string folder = Repository.Data("reference/tiny/llama-tied");
        JsonObject reference = (JsonObject)JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")))!;
        foreach (JsonNode? one in reference["cases"]!.AsArray())
            one!.AsObject().Remove("decoded");
        Assert.That(Run(folder, reference).Items.Select(item => item.Name),
            Has.None.EqualTo("decoded text").And.Some.EqualTo("token ids"));
    }

    static void AssertAgrees(CheckReport report)
    {
        Assert.That(report.Items.SelectMany(item => item.Differences.Select(difference => $"{item.Name}: {difference}")), Is.Empty);
        Assert.That(report.Items, Is.Not.Empty);
        Assert.That(report.Items.Where(item => item.Compared == 0).Select(item => item.Name), Is.Empty, "items with nothing compared");
    }

    static CheckReport Run(string model, JsonNode reference)
    {
        using TemporaryFile file = new(reference.ToJsonString(new JsonSerializerOptions()));
        return ReferenceCheck.Run(model, file.Path, Precision.F32, new Placement());
    }

    sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(string text)
        {
            Path = System.IO.Path.GetTempFileName();
            File.WriteAllText(Path, text);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
