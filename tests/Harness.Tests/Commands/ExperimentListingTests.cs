using System.Text.Json;
using Harness.Commands;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Commands;

[TestFixture]
[NonParallelizable]
public sealed class ExperimentListingTests
{
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Write() =>
        scratch = new ScratchExperiment(
            ScratchExperiment.Demo.Replace("model.bin", Path.Combine(Repository.Root, "results", "base-model", "model")));

    [TearDown]
    public void TearDown() => scratch.Dispose();

    [Test]
    public void Each_experiment_is_said_to_be_run_or_not_and_stale_or_not()
    {
        Assert.That(Listed().State, Is.EqualTo("not-run"));
        Resolve();
        Assert.That(CommandLine.Invoke("run", Path.Combine(scratch.Artifacts, "manifest.json"), "--device", "cpu").Status, Is.Zero);
        Assert.That(Listed(), Is.EqualTo(new ListedExperiment("demo", "What a vote buys on sums", "up-to-date", null)));

        scratch.Write(File.ReadAllText(scratch.Project).Replace("<Seed>7</Seed>", "<Seed>8</Seed>"));
        Resolve();
        Assert.That(Listed(), Is.EqualTo(new ListedExperiment("demo", "What a vote buys on sums", "stale", "manifest.seed was 7, is 8")));

        scratch.Write(File.ReadAllText(scratch.Project).Replace("<Seed>8</Seed>", "<Seed>7</Seed>"));
        Resolve();
        File.AppendAllText(scratch.Result("README.md"), "more\n");
        Assert.That((Listed().State, Listed().Reason), Is.EqualTo(("stale", "README.md is not what run.json says")));
    }

    [Test]
    public void An_absent_model_and_a_wrong_manifest_are_told_apart()
    {
        File.WriteAllText(scratch.Result("run.json"), "{}");
        string right = File.ReadAllText(scratch.Project);
        scratch.Write(right.Replace("base-model/model", "base-model/absent"));
        Resolve();
        Assert.That((Listed().State, Listed().Reason![..8]), Is.EqualTo(("absent", "HRN0201:")));
        scratch.Write(right.Replace("Task=\"sum\"", "Task=\"sums\""));
        Resolve();
        Assert.That((Listed().State, Listed().Reason![..8]), Is.EqualTo(("wrong", "HRN0005:")));
        scratch.Write(right.Replace("base-model/model", "base-model/absent").Replace("Task=\"sum\"", "Task=\"sums\""));
        Resolve();
        Assert.That((Listed().State, Listed().Reason![..8]), Is.EqualTo(("wrong", "HRN0005:")), "an absent model excuses no mistake");
    }

    ListedExperiment Listed() => ExperimentListing.Of(Path.Combine(scratch.Root, "results")).Single();

    /// <summary>As a build does after the manifest was edited.</summary>
    void Resolve()
    {
        Directory.CreateDirectory(scratch.Artifacts);
        string manifest = Path.Combine(scratch.Artifacts, "manifest.json");
        File.WriteAllText(manifest, JsonSerializer.Serialize(scratch.Raw()));
        File.SetLastWriteTimeUtc(manifest, File.GetLastWriteTimeUtc(scratch.Project) + TimeSpan.FromSeconds(1));
    }
}
