using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Identity;

[TestFixture]
sealed class ExperimentKeyTests
{
    [TestCase("<Seed>7</Seed>", "<Seed>8</Seed>"),
        TestCase("\"3;4\" Problems=\"6\" Samples=\"4\"", "\"3;5\" Problems=\"6\" Samples=\"4\"")]
    [TestCase("Temperature=\"1\"", "Temperature=\"0.9\""), TestCase("Temperature=\"1\"", "MinP=\"0.1\""),
        TestCase("Temperature=\"1\"", "TopK=\"5\"")]
    [TestCase("Temperature=\"1\"", "StopStrings=\"x\""), TestCase("Temperature=\"1\"", "Chat=\"false\""),
        TestCase("Temperature=\"1\"", "MaxTokens=\"9\"")]
    [TestCase("Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\"",
        "Prompt=\"think\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\"")]
    [TestCase("Multipliers=\"1;4\"", "Multipliers=\"1;2;4\""), TestCase("<Seed>7</Seed>", "<Seed>7</Seed><Precision>w8a8</Precision>")]
    public void Whatever_the_manifest_says_moves_the_key(string old, string changed)
    {
        using ScratchExperiment scratch = new();
        string key = Key(scratch);
        scratch.Write(ScratchExperiment.Demo.Replace(old, changed));
        Assert.That(Key(scratch), Is.Not.EqualTo(key));
    }

    [Test]
    public void A_title_moves_no_key_and_is_written_all_the_same()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        string key = Key(scratch);
        scratch.Write(ScratchExperiment.Demo.Replace("What a vote buys", "What votes buy"));
        Assert.That(Key(scratch), Is.EqualTo(key));
        ScriptedEngine engine = new();
        Assert.That(scratch.Run(engine), Does.Contain("no samples to generate: the title has changed"));
        Assert.That(
            (engine.Generators, File.ReadAllText(scratch.Result("README.md"))),
            Is.EqualTo((0, File.ReadAllText(scratch.Result("README.md")))));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.StartWith("# What votes buy"));
    }

    [Test]
    public void A_changed_strategy_needs_neither_model_nor_samples()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        byte[] samples = File.ReadAllBytes(scratch.Result("samples.csv"));
        File.Delete(Path.Combine(scratch.Folder, "model.bin"));
        Directory.Delete(scratch.Artifacts, recursive: true);
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("demo is up to date; nothing could be generated here: "));

        scratch.Write(ScratchExperiment.Demo.Replace("Multipliers=\"1;4\"", "Multipliers=\"1;2;4\""));
        ScriptedEngine engine = new();
        Assert.That(scratch.Run(engine), Does.Contain("no samples to generate: manifest.strategies[1]"));
        Assert.That((engine.Opened, engine.Generators), Is.EqualTo((0, 0)));
        Assert.That(File.ReadAllBytes(scratch.Result("samples.csv")), Is.EqualTo(samples));
        Assert.That(File.ReadAllText(scratch.Result("accuracy.csv")), Does.Contain("sums,coverage,2,"));

        scratch.Write(ScratchExperiment.Demo.Replace("Temperature=\"1\"", "Temperature=\"0.9\""));
        Assert.That(() => scratch.Run(new ScriptedEngine()), Throws.TypeOf<HarnessException>().With.Message.Contains("model.bin"));
    }

    [Test]
    public void A_changed_pool_leaves_the_samples_of_the_others_as_they_are_committed()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        Directory.Delete(scratch.Artifacts, recursive: true);
        scratch.Write(ScratchExperiment.Demo.Replace("Temperature=\"1\"", "Temperature=\"0.9\""));
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("24 samples to generate"));
        Assert.That(scratch.Run(new ScriptedEngine()), Does.Contain("up to date"));
    }

    [Test]
    public void Time_stamps_comments_places_and_placement_do_not()
    {
        using ScratchExperiment scratch = new(),
            elsewhere = new(ScratchExperiment.Demo.Replace("<Seed>7</Seed>", "<!-- note --> <Seed>7</Seed>"));
        string key = Key(scratch);
        File.SetLastWriteTimeUtc(Path.Combine(scratch.Folder, "model.bin"), DateTime.UtcNow.AddDays(-1));
        Assert.That(Key(scratch), Is.EqualTo(key));
        Assert.That(Key(elsewhere), Is.EqualTo(key));
        Dictionary<string, string> placement =
            new() { ["Threads"] = "3", ["Batch"] = "5", ["Memory"] = "1GB", ["Record"] = "true", ["Device"] = "cpu" };
        Assert.That(Keys(scratch.Resolve(new ScriptedEngine(), placement)), Is.EqualTo(key));
    }

    [Test]
    public void A_changed_model_moves_the_key_even_with_size_and_time_stamp_kept()
    {
        using ScratchExperiment scratch = new();
        string key = Key(scratch), model = Path.Combine(scratch.Folder, "model.bin");
        DateTime written = File.GetLastWriteTimeUtc(model);
        File.WriteAllBytes(model, [1, 2, 4]);
        File.SetLastWriteTimeUtc(model, written);
        Assert.That(Key(scratch), Is.Not.EqualTo(key), "a file written moments ago is hashed each time");
    }

    [Test]
    public void Changed_data_moves_the_key()
    {
        string xml = ScratchExperiment.Demo.Replace("Task=\"sum\" Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\"",
            "Task=\"jsonl\" Data=\"own.jsonl\" Problems=\"2\"");
        using ScratchExperiment scratch = new(xml);
        string data = Path.Combine(scratch.Folder, "own.jsonl");
        File.WriteAllText(data, "{\"question\": \"1 + 1\", \"answer\": \"2\"}\n{\"question\": \"1 + 2\", \"answer\": \"3\"}\n");
        string key = Key(scratch);
        File.WriteAllText(data, "{\"question\": \"1 + 1\", \"answer\": \"2\"}\n{\"question\": \"2 + 1\", \"answer\": \"3\"}\n");
        Assert.That(Key(scratch), Is.Not.EqualTo(key));
    }

    [Test]
    public void A_changed_prompt_file_moves_the_key()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("Prompt=\"direct\"", "Prompt=\"own.txt\""));
        File.WriteAllText(Path.Combine(scratch.Folder, "own.txt"), "{question}");
        string key = Key(scratch);
        File.WriteAllText(Path.Combine(scratch.Folder, "own.txt"), "Answer {question}");
        Assert.That(Key(scratch), Is.Not.EqualTo(key));
    }

    [Test]
    public void A_model_found_in_the_data_folder_has_the_same_key_wherever_that_is()
    {
        string[] keys = [.. new[] { "one", "two" }.Select(folder =>
        {
            using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("model.bin", "models/m.bin"));
            string data = Path.Combine(scratch.Root, folder);
            Directory.CreateDirectory(Path.Combine(data, "models"));
            File.WriteAllBytes(Path.Combine(data, "models", "m.bin"), [5]);
            return Keys(scratch.Resolve(new ScriptedEngine(), new() { ["HarnessData"] = data }));
        })];
        Assert.That(keys[0], Is.EqualTo(keys[1]));
    }

    [TestCase("."), TestCase("results"), TestCase("results/demo")]
    public void A_data_folder_around_the_manifest_changes_nothing(string data)
    {
        using ScratchExperiment scratch = new();
        ResolvedExperiment around = scratch.Resolve(new ScriptedEngine(), new() { ["HarnessData"] = Path.GetFullPath(data, scratch.Root) });
        Assert.That(around.Model.Name, Is.EqualTo("model.bin"));
        Assert.That(Keys(around), Is.EqualTo(Key(scratch)));
    }

    [Test]
    public void A_model_of_another_experiment_is_named_from_the_manifest()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("model.bin", "../other/m.bin"));
        Directory.CreateDirectory(Path.Combine(scratch.Root, "results", "other"));
        File.WriteAllBytes(Path.Combine(scratch.Root, "results", "other", "m.bin"), [5]);
        Assert.That(scratch.Resolve(new ScriptedEngine(), new() { ["HarnessData"] = scratch.Root }).Model.Name,
            Is.EqualTo("../other/m.bin"));
    }

    [Test]
    public void A_model_outside_the_repository_that_is_given_by_its_place_is_named_by_its_last_part()
    {
        using ScratchExperiment scratch = new(), elsewhere = new();
        scratch.Write(ScratchExperiment.Demo.Replace("model.bin", Path.Combine(elsewhere.Folder, "model.bin")));
        Assert.That(scratch.Resolve(new ScriptedEngine(), new() { ["HarnessData"] = elsewhere.Root }).Model.Name, Is.EqualTo("model.bin"));
    }

    static string Key(ScratchExperiment scratch) => Keys(scratch.Resolve(new ScriptedEngine()));

    /// <summary>The key of every pool, and that of the analysis.</summary>
    static string Keys(ResolvedExperiment experiment) => experiment.Description["keys"]!.ToJsonString();
}
