using Harness.Experiments;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

/// <summary>Whether committed numbers are those of the manifest, on a machine with and without the model.</summary>
[TestFixture]
sealed class StaleNumbersTests
{
    ScratchExperiment scratch = null!;
    ScriptedEngine host = null!;

    [SetUp]
    public void Run()
    {
        scratch = new ScratchExperiment();
        host = new ScriptedEngine();
        scratch.Run(host);
    }

    [TearDown]
    public void TearDown() => scratch.Dispose();

    string? Found() => Staleness.OfNumbers(scratch.Raw(), host.Registered);

    void LoseModel(bool isLost)
    {
        if (isLost)
            File.Delete(scratch.Result("model.bin"));
    }

    void Change(string old, string now)
    {
        string text = File.ReadAllText(scratch.Project);
        Assert.That(text, Does.Contain(old));
        scratch.Write(text.Replace(old, now));
    }

    [Test]
    public void Results_of_the_manifest_are_not([Values] bool isModelLost)
    {
        LoseModel(isModelLost);
        Assert.That(Found(), Is.Null);
    }

    [TestCase("<Seed>7</Seed>", "<Seed>8</Seed>", "manifest.seed was 7, is 8")]
    [TestCase("Temperature=\"1\"", "Temperature=\"0.5\"", "manifest.pools[0].temperature was 1, is 0.5")]
    [TestCase("Pool=\"sums\" Multipliers=\"1;4\"", "Pool=\"sums\" Multipliers=\"1;2\"", "manifest.strategies[")]
    [TestCase("model.bin", "other.bin", "manifest.model was \"model.bin\", is \"other.bin\"")]
    public void Those_of_another_manifest_are_whether_or_not_the_model_is_here(string old, string now, string reason)
    {
        Change(old, now);
        if (!now.EndsWith(".bin", StringComparison.Ordinal))
            Assert.That(Found(), Does.StartWith(reason));
        LoseModel(isLost: true);
        Assert.That(Found(), Does.StartWith(reason));
    }

    [Test]
    public void Those_of_another_model_are()
    {
        File.WriteAllBytes(scratch.Result("model.bin"), [3, 2, 1]);
        Assert.That(Found(), Does.StartWith("inputs.model was "));
    }

    /// <summary>A gate, a title, a plot or words: no number follows from them.</summary>
    [Test]
    public void What_no_number_follows_from_makes_none_stale([Values] bool isModelLost)
    {
        Change("What a vote buys on sums", "Another title");
        Change("</ItemGroup>", "<Gate Include=\"g\" Metric=\"accuracy\" Pool=\"greedy\" Strategy=\"greedy\" Min=\"0.1\" /></ItemGroup>");
        File.AppendAllText(scratch.Result("README.md"), "more\n");
        File.AppendAllText(scratch.Result("accuracy.svg"), "<!-- -->\n");
        LoseModel(isModelLost);
        Assert.That(Found(), Is.Null);
        Assert.That(Staleness.Of(scratch.Resolve(host)), Is.Not.Null, "a build writes them anew");
    }

    [TestCase("accuracy.csv"), TestCase("samples.csv")]
    public void A_table_that_was_edited_is_stale(string table)
    {
        File.AppendAllText(scratch.Result(table), "\n");
        Assert.That(Found(), Is.EqualTo($"{table} is not what run.json says"));
    }

    [Test]
    public void Without_results_there_is_nothing_to_say()
    {
        scratch.DeleteResults();
        Assert.That(Found, Throws.InstanceOf<HarnessException>().With.Message.Contains("has not been run"));
    }
}
