using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class AllMistakesTests
{
    [Test]
    public void All_mistakes_are_said_at_once_in_the_order_of_their_places()
    {
        string[] codes = Codes(ScratchExperiment.Demo
            .Replace("<Title>What", "<Titel>What").Replace("sums</Title>", "sums</Titel>")
            .Replace("<Seed>7<", "<Seed>x<")
            .Replace("Problems=\"6\" Samples=\"4\"", "Problems=\"0\" Samples=\"four\"")
            .Replace("\"coverage\"", "\"coverag\"").Replace("Include=\"greedy\" Pool=\"greedy\"", "Include=\"greedy\" Pool=\"greedi\""));
        Assert.That(codes, Is.EqualTo(new[] { "HRN0001 3", "HRN0007 5", "HRN0007 8", "HRN0007 8", "HRN0004 11", "HRN0006 12" }));
    }

    [TestCase("Task=\"sum\" Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\"", "Taks=\"sum\" Problms=\"6\" Samples=\"4\"",
        "HRN0003 8;HRN0003 8")]
    [TestCase("<Pool Include=\"sums\"", "<Pol Include=\"sums\"", "HRN0002 8"),
        TestCase("Include=\"sums\" Task", "Include=\"su/ms\" Task", "HRN0007 8")]
    [TestCase("<Model>model.bin</Model>", "<Modle>model.bin</Modle>", "HRN0001 4")]
    public void What_follows_from_a_mistake_is_not_another(string right, string wrong, string expected) =>
        Assert.That(Codes(ScratchExperiment.Demo.Replace(right, wrong)), Is.EqualTo(expected.Split(';')));

    [Test]
    public void An_absent_model_and_a_wrong_prompt_are_said_together()
    {
        using ScratchExperiment scratch =
            new(ScratchExperiment.Demo.Replace("model.bin", "absent.gguf").Replace("Prompt=\"direct\"", "Prompt=\"dierct\""));
        ManifestException mistakes = Assert.Throws<ManifestException>(() => scratch.Resolve(new ScriptedEngine()))!;
        Assert.That(mistakes.Mistakes.Select(mistake => mistake.Diagnostic.Code), Is.EqualTo(new[] { "HRN0201", "HRN0304", "HRN0304" }));
    }

    [Test]
    public void A_wrong_value_an_absent_model_and_a_wrong_prompt_of_another_pool_are_said_together()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("model.bin", "absent.gguf")
            .Replace("Samples=\"1\"", "Samples=\"x\"").Replace("Prompt=\"direct\"", "Prompt=\"dierct\""));
        ManifestException mistakes = Assert.Throws<ManifestException>(() => scratch.Resolve(new ScriptedEngine(), overrides: ["Seed"]))!;
        Assert.That(mistakes.Mistakes.Select(mistake => $"{mistake.Diagnostic.Code} {mistake.Line}"),
            Is.EqualTo(new[] { "HRN0201 4", "HRN0304 8", "HRN0007 9" }), "of the pool with the wrong value nothing more is said");
    }

    [Test]
    public void A_check_says_all_mistakes_but_what_is_absent()
    {
        using ScratchExperiment scratch =
            new(ScratchExperiment.Demo.Replace("model.bin", "absent.gguf").Replace("Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\" "
                + "Samples=\"4\"", "Prompt=\"dierct\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\""));
        HarnessException mistake =
            Assert.Throws<HarnessException>(() => ResolvedExperiment.Check(scratch.Raw(), new ScriptedEngine().Registered))!;
        Assert.That((mistake.Diagnostic.Code, mistake.Line), Is.EqualTo(("HRN0304", 8)));
        scratch.Write(ScratchExperiment.Demo.Replace("model.bin", "absent.gguf"));
        Assert.That(() => ResolvedExperiment.Check(scratch.Raw(), new ScriptedEngine().Registered), Throws.Nothing);
    }

    [Test]
    public void What_MSBuild_found_is_said_in_the_same_order_and_what_follows_from_it_is_not()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("\"coverage\"", "\"coverag\"")
            .Replace("Task=\"sum\" Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\"",
                "Task=\"\" Prompt=\"direct\" Samples=\"4\""));
        RawManifest raw = scratch.Raw() with
        {
            Places = new Dictionary<string, string> { ["Pool[0].Task"] = $"{scratch.Project}(8,27)" },
            Mistakes =
            [
                Mistake("HRN0015", "Task of Pool 'sums' reads $(Nowhere)", 8, 27), Mistake("HRN0001", "'Smaples' is not known", 1, 1),
            ],
        };
        ManifestException mistakes =
            Assert.Throws<ManifestException>(() => ResolvedExperiment.Resolve(raw, new ScriptedEngine().Registered))!;
        Assert.That(mistakes.Mistakes.Select(mistake => $"{mistake.Diagnostic.Code} {mistake.Line}"),
            Is.EqualTo(new[] { "HRN0001 1", "HRN0008 8", "HRN0015 8", "HRN0004 11" }), "the HRN0008 is of Problems, which is missing");

        RawMistake Mistake(string code, string message, int line, int column) =>
            new() { Code = code, Message = message, Place = $"{scratch.Project}({line},{column})" };
    }

    [Test]
    public void A_pool_that_MSBuild_dropped_is_not_missed_by_the_strategies_that_name_it()
    {
        using ScratchExperiment scratch =
            new(ScratchExperiment.Demo.Replace("    <Pool Include=\"greedy\"", "    <_Pool Include=\"gree*\""));
        RawManifest raw = scratch.Raw() with
        {
            Mistakes = [new() { Code = "HRN0015", Message = "Include of Pool is 'gree*'", Place = $"{scratch.Project}(9,11)" }],
        };
        HarnessException mistake =
            Assert.Throws<HarnessException>(() => ResolvedExperiment.Resolve(raw, new ScriptedEngine().Registered))!;
        Assert.That((mistake.Diagnostic.Code, mistake.Line), Is.EqualTo(("HRN0015", 9)));
    }

    [Test]
    public void A_place_of_the_resolved_manifest_is_preferred_to_the_projects_own_XML()
    {
        using ScratchExperiment scratch =
            new(ScratchExperiment.Demo.Replace("Problems=\"6\" Samples=\"4\"", "Problems=\"0\" Samples=\"4\""));
        RawManifest raw = scratch.Raw() with
        {
            Places = new Dictionary<string,
            string>
            { ["Pool[0].Problems"] = "/shared/more.props(3,7)" }
        };
        HarnessException mistake = Assert.Throws<HarnessException>(() => ManifestReader.Read(raw, Registered.All))!;
        Assert.That((mistake.File, mistake.Line, mistake.Column), Is.EqualTo(("/shared/more.props", 3, 7)));
    }

    [Test]
    public void A_line_with_a_project_always_has_a_place_and_ends_with_it()
    {
        Assert.That(Harness.Diagnostics.Codes.Cancelled.With("stopped").ToCanonicalLine("/r/x.proj"),
            Is.EqualTo("/r/x.proj(1,1): error HRN0404: stopped [/r/x.proj]"));
        Assert.That(Harness.Diagnostics.Codes.BadValue.With("wrong", "/r/x.proj", 3, 4).ToCanonicalLine("/r/x.proj"),
            Is.EqualTo("/r/x.proj(3,4): error HRN0007: wrong [/r/x.proj]"));
        Assert.That(Harness.Diagnostics.Codes.Cancelled.With("stopped").ToCanonicalLine(), Is.EqualTo("harness: error HRN0404: stopped"));
    }

    /// <summary>The pattern with which GitHub's setup-dotnet finds errors in a log (csc.json).</summary>
    [TestCase("/r/x.proj", 3), TestCase("/r/data.jsonl", 0), TestCase(null, 0)]
    public void A_line_with_a_project_is_found_by_GitHub(string? file, int line) => Assert.That(
        Harness.Diagnostics.Codes.BadValue.With("wrong: (here) [there]", file, line).ToCanonicalLine("/r/x.proj"),
        Does.Match(@"^([^\s].*)\((\d+)(?:,\d+|,\d+,\d+)?\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d+):\s*(.*?)\s+\[(.*?)\]$"));

    /// <summary>Code and line of each mistake.</summary>
    static string[] Codes(string xml)
    {
        using ScratchExperiment scratch = new(xml);
        Exception mistakes = Assert.Catch(() => ManifestReader.Read(scratch.Raw(), Registered.All))!;
        IReadOnlyList<HarnessException> all = mistakes is ManifestException several ? several.Mistakes : [(HarnessException)mistakes];
        return [.. all.Select(mistake => $"{mistake.Diagnostic.Code} {mistake.Line}")];
    }
}
