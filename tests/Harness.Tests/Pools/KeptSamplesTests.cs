using System.Text.RegularExpressions;
using Harness.Experiments;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Pools;

[TestFixture]
sealed partial class KeptSamplesTests
{
    const string Amounts = "Problems=\"6\" Samples=\"4\"";

    [TestCase("Problems=\"4\" Samples=\"4\"", "Problems", 0), TestCase("Problems=\"6\" Samples=\"3\"", "Samples", 0)]
    [TestCase("Problems=\"8\" Samples=\"5\"", "Problems", 16), TestCase(Amounts + " MinP=\"0.1\"", "MinP", 24)]
    public void An_overridden_run_draws_only_what_no_other_has_drawn(string changed, string name, int drawn)
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        byte[] log = File.ReadAllBytes(scratch.Log("sums"));

        // The greedy pool is as it was, so that none of it is drawn again.
        Assert.That(Overridden(scratch, changed, name), Is.EqualTo(drawn));
        Assert.That(File.ReadAllBytes(scratch.Log("sums")), Is.EqualTo(log), "the plain run's log is only read");
    }

    [Test]
    public void Samples_of_another_override_are_used_too_and_end_with_the_same_bytes()
    {
        using ScratchExperiment scratch = new(), alone = new();
        Overridden(scratch, "Problems=\"5\" Samples=\"4\"", "Problems");
        int drawn = Overridden(scratch, Amounts + " TopK=\"0\"", "TopK");
        Assert.That(drawn, Is.EqualTo(4), "problem 5 of the sums alone is new, the greedy pool is kept");
        Overridden(alone, Amounts + " TopK=\"0\"", "TopK");
        string samples = Directory.GetFiles(alone.Artifacts, "samples.csv", SearchOption.AllDirectories).Single();
        Assert.That(Directory.GetFiles(scratch.Artifacts, "samples.csv", SearchOption.AllDirectories).Select(File.ReadAllText),
            Has.One.EqualTo(File.ReadAllText(samples)));
    }

    [Test]
    public void A_rebuild_draws_all_of_them()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        Assert.That(Overridden(scratch, "Problems=\"6\" Samples=\"3\"", "Samples", rebuild: true), Is.EqualTo(24));
    }

    /// <summary>Returns how many samples were to be drawn.</summary>
    static int Overridden(ScratchExperiment scratch, string changed, string name, bool rebuild = false)
    {
        scratch.Write(ScratchExperiment.Demo.Replace(Amounts, changed).Replace("1;2;4", "1").Replace("1;4", "1"));
        using StringWriter output = new();
        using (RunConsole console = new(output, live: false))
            new ExperimentRun(scratch.Resolve(new ScriptedEngine(), overrides: [name]), console, new RunOptions(rebuild))
                .Execute(CancellationToken.None);
        return int.Parse(ToGenerate().Match(output.ToString()).Groups[1].Value);
    }

    [GeneratedRegex(@"(\d+) samples to generate")]
    private static partial Regex ToGenerate();
}
