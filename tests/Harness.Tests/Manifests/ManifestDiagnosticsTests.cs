using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class ManifestDiagnosticsTests
{
    // Lines of ScratchExperiment.Demo: Title 3, Model 4, Seed 5, pools 8 and 9, strategies 10 to 12.
    static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case("<Seed>7</Seed>", "<Sede>7</Sede>", 1, 5, 6, "did you mean 'Seed'?");
        yield return Case("<Seed>7</Seed>", "<Learning>7</Learning>", 1, 5, 6, "valid: Title, Model");
        yield return Case("<Pool Include=\"greedy\"", "<Pol Include=\"greedy\"", 2, 9, 6, "did you mean 'Pool'?");
        yield return Case("Samples=\"4\"", "Smaples=\"4\"", 3, 8, 83, "did you mean 'Samples'?");
        yield return Case("Multipliers=\"1;4\"", "Multiplier=\"1;4\"", 3, 11, 46, "did you mean 'Multipliers'?");
        yield return Case("\"majority-vote\"", "\"majorty-vote\"", 4, 10, 15, "did you mean 'majority-vote'?");
        yield return Case("Include=\"sums\" Task=\"sum\"", "Include=\"sums\" Task=\"summ\"", 5, 8, 26, "did you mean 'sum'?");
        yield return Case("Pool=\"greedy\"", "Pool=\"greedi\"", 6, 12, 32, "did you mean 'greedy'?");
        yield return Case("<Seed>7</Seed>", "<Seed>-7</Seed>", 7, 5, 6, "Seed is '-7'");
        yield return Case("<Seed>7</Seed>", "<Precision>fp16</Precision>", 7, 5, 6, "one of f32, w8a8");
        yield return Case("<Seed>7</Seed>", "<Precision>BF16</Precision>", 14, 5, 6, "whose results are measured");
        yield return Case("Problems=\"6\" Samples=\"4\"", "Problems=\"0\" Samples=\"4\"", 7, 8, 70, "Problems of pool 'sums' is '0'");
        yield return Case("Samples=\"4\"", "Samples=\"four\"", 7, 8, 83, "Samples of pool 'sums' is 'four'");
        yield return Case("Temperature=\"1\"", "Temperature=\"NaN\"", 7, 8, 95, "Temperature of pool 'sums' is 'NaN'");
        yield return Case("Temperature=\"1\"", "Date=\"26.7.2024\"", 7, 8, 95, "a date, such as 2024-07-26");
        yield return Case("Temperature=\"1\"", "Date=\"2024-07-26\"", 7, 8, 95, "through no chat template");
        yield return Case("Temperature=\"1\"", "TopP=\"0\"", 7, 8, 95, "above 0 up to 1");
        yield return Case("\"3;4\" Problems=\"6\" Samples=\"4\"", "\"3;x\" Problems=\"6\" Samples=\"4\"", 7, 8, 53,
            "Difficulty of pool 'sums' is 'x'");
        yield return Case("Multipliers=\"1;4\"", "Multipliers=\"1;1\"", 7, 11, 46, "listed once");
        yield return Case("Multipliers=\"1;4\"", "Verifier=\"orm\"", 7, 11, 46, "one of mean-logprob");
        yield return Case("Multipliers=\"1;4\"", "Verifier=\"mean-logprob\"", 7, 11, 46, "reads no verifier");
        yield return Case("Multipliers=\"1;4\"", "Laws=\"coverige\"", 7, 11, 46, "did you mean 'coverage'?");
        yield return Case("Multipliers=\"1;4\"", "Laws=\"chinchilla\"", 7, 11, 46, "is not a law of a pool's samples");
        yield return Case("Multipliers=\"1;4\"", "Laws=\"coverage; Coverage\"", 7, 11, 46, "lists 'coverage' twice");
        yield return Case("Include=\"coverage\" Pool=\"sums\" Multipliers=\"1;4\"",
            "Include=\"majority-limit\" Pool=\"sums\" Multipliers=\"2\"", 7, 11, 52, "leave Multipliers out");
        yield return Case("Pool=\"greedy\" />", "Pool=\"greedy\" Laws=\"coverage\" />", 7, 12, 46, "law 'coverage' is of coverage");
        yield return Case("Include=\"greedy\" Pool=\"greedy\"", "Include=\"greedy\" Pool=\"sums\"", 7, 12, 32,
            "needs a pool at Temperature 0");
        yield return Case("Include=\"sums\" Task=\"sum\"", "Include=\"su/ms\" Task=\"sum\"", 7, 8, 11, "letters, digits");
        yield return Case("<Model>model.bin</Model>", "", 8, 0, 0, "Model is missing");
        yield return Case(" Problems=\"6\" Samples=\"4\"", " Samples=\"4\"", 8, 8, 6, "Problems of pool 'sums' is missing");
        yield return Case("Include=\"greedy\" Task", "Include=\"sums\" Task", 9, 9, 11, "two pools are named 'sums'");
        yield return Case("\"coverage\"", "\"majority-vote\"", 9, 11, 15, "majority-vote over sums");
        yield return Case("Multipliers=\"1;4\"", "Multipliers=\"1;8\"", 10, 11, 46, "multiplier 8");
        yield return Case("Include=\"sums\" Task=\"sum\"", "Include=\"sums\" Task=\"countdown\"", 11, 10, 15, "counts equal answers");
        yield return Case("<Model>model.bin</Model>", "<Model>absent.gguf</Model>", 201, 4, 6, "absent.gguf");
        yield return Case("Include=\"sums\" Task=\"sum\" Prompt=\"direct\"", "Include=\"sums\" Task=\"sum\" Prompt=\"dierct\"", 304, 8, 37,
            "did you mean 'direct'?");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_one_line_with_its_code_place_and_cure(string right, string wrong, int code, int line, int column,
        string message)
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace(right, wrong));
        ScriptedEngine host = new();
        HarnessException mistake = Assert.Throws<HarnessException>(() => scratch.Run(host))!;
        Assert.That(mistake.ToCanonicalLine(), Does.Contain(message));
        string place = line == 0 ? scratch.Project : $"{scratch.Project}({line},{column})";
        Assert.That(mistake.ToCanonicalLine(), Does.StartWith($"{place}: error HRN{code:0000}: "));
        Assert.That((host.Generators, scratch.Results().Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Names_of_the_authors_own_are_allowed()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo
            .Replace("<Seed>7</Seed>", "<_Half>3</_Half><Width>6</Width><Seed Condition=\"'$(Width)' == ''\">7</Seed>")
            .Replace("Temperature=\"0\"", "Temperature=\"0\" Condition=\"true\""));
        Assert.That(() => ManifestReader.Read(scratch.Raw(), Registered.All),
            Throws.Exception.With.Message.Contains("'Condition' is not a known attribute"),
            "the stand-in for MSBuild passes Condition on as a value");
        scratch.Write(ScratchExperiment.Demo.Replace("<Seed>7</Seed>",
            "<_Half>3</_Half><Width>6</Width><Seed Condition=\"'$(Width)' == ''\">7</Seed>"));
        Assert.That(ManifestReader.Read(scratch.Raw(), Registered.All).Seed, Is.EqualTo(7));
    }

    [Test]
    public void A_wrong_placement_has_its_own_code()
    {
        using ScratchExperiment scratch = new();
        HarnessException wrong = Assert.Throws<HarnessException>(() =>
            scratch.Resolve(new ScriptedEngine(), new() { ["Threads"] = "many" }))!;
        Assert.That(wrong.Diagnostic, Is.EqualTo(KernelCodes.BadPlacement));
    }

    [Test]
    public void Multipliers_beyond_a_pool_made_smaller_on_the_command_line_are_left_out()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("Samples=\"4\"", "Samples=\"2\""));
        Manifest manifest = ManifestReader.Read(scratch.Raw(overrides: ["Samples"]), Registered.All);
        Assert.That(manifest.Strategies.Select(strategy => string.Join(' ', strategy.Multipliers)), Is.EqualTo(new[] { "1 2", "1", "1" }));
    }

    [Test]
    public void Samples_that_are_not_stated_are_those_of_the_largest_multiplier()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace(" Samples=\"4\"", "").Replace("1;2;4", "1;32"));
        Assert.That(ManifestReader.Read(scratch.Raw(), Registered.All).Pools[0].Samples, Is.EqualTo(32));
    }

    [TestCase("4096", 4096), TestCase("1.5 GB", 1610612736), TestCase("800mb", 838860800), TestCase("2GiB", 2147483648)]
    public void Memory_is_read_with_its_unit(string text, long bytes)
    {
        using ScratchExperiment scratch = new();
        Assert.That(ManifestReader.Read(scratch.Raw(new() { ["Memory"] = text }), Registered.All).Placement.MemoryBytes, Is.EqualTo(bytes));
    }

    static TestCaseData Case(string right, string wrong, int code, int line, int column, string message) =>
        new TestCaseData(right, wrong, code, line, column, message).SetArgDisplayNames($"HRN{code:0000} {message}");
}
