using System.Text.Json.Nodes;
using Harness.Gates;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Tests.Comparison.Fakes;
using Harness.Tests.Measurement.Fakes;

namespace Harness.Tests.Gates;

sealed class GateCheckTests
{
    static readonly (int, string)[] Half = [(100, "1"), (100, "0")];

    ScratchRepository repository = null!;

    [SetUp]
    public void Begin() => repository = new ScratchRepository();

    [TearDown]
    public void End() => repository.Dispose();

    static ResultFiles Demo(params (int, string)[] problems) => ResultFiles.Of("demo", ("sums", ResultFiles.Repeat(problems)));

    /// <summary>The gates of a manifest over pool sums, each as its attributes with one space between them.</summary>
    static IReadOnlyList<GateOutcome> Judge(
        string root, int problems, string[] gates, string? baseline = null, string[]? overrides = null,
        string strategy = "Include=single Pool=sums", int samples = 1)
    {
        Manifest manifest = Read(root, problems, gates, overrides, strategy, samples);
        return GateCheck.Of(manifest, ExperimentPaths.Of(manifest, Path.Combine(root, "artifacts", "demo")), baseline);
    }

    static Manifest Read(string root, int problems, string[] gates, string[]? overrides, string strategy, int samples)
    {
        RawManifest raw = new()
        {
            Schema = 1,
            Name = "demo",
            Project = Path.Combine(root, "results", "demo", "demo.proj"),
            Properties = new Dictionary<string, string> { ["Model"] = "model" },
            Pools =
            [
                Attributes($"Include=sums Task=sum Prompt=direct Difficulty=3 Problems={problems} Samples={samples} Temperature=1"),
            ],
            Strategies = [Attributes(strategy)],
            Gates = [.. gates.Select(Attributes)],
            Placement = new Dictionary<string, string>(),
            Overrides = overrides ?? [],
        };
        return ManifestReader.Read(raw, Registered.All);
    }

    string Key(int problems) => ExperimentKey.OfManifest(Read(repository.Root, problems, [], null, "Include=single Pool=sums", 1));

    static Dictionary<string, string> Attributes(string text) =>
        text.Split(' ').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    GateOutcome JudgeOne(int problems, string gate, string? baseline = null) =>
        Judge(repository.Root, problems, ["Include=g " + gate], baseline).Single();

    /// <summary>The interval of accuracy.csv is from .25 to .75.</summary>
    [TestCase("Min=0.2", GateVerdict.Passes), TestCase("Min=0.25", GateVerdict.Passes), TestCase("Min=0.3", GateVerdict.CannotTell)]
    [TestCase("Min=0.76", GateVerdict.Fails), TestCase("Max=0.75", GateVerdict.Passes), TestCase("Max=0.7", GateVerdict.CannotTell)]
    [TestCase("Max=0.2", GateVerdict.Fails), TestCase("Min=0.2 Max=0.8", GateVerdict.Passes)]
    [TestCase("Min=0.3 Max=0.8", GateVerdict.CannotTell), TestCase("Min=20%", GateVerdict.Passes)]
    public void A_bound_on_accuracy_is_judged_by_the_whole_interval(string bound, GateVerdict verdict)
    {
        repository.Write(Demo(Half));
        Assert.That(JudgeOne(200, $"Metric=accuracy Pool=sums Strategy=single {bound}").Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void What_would_tell_is_the_number_of_problems_whose_interval_ends_at_the_bound()
    {
        repository.Write(Demo(Half));
        // From .5 down to .25 on 200 problems; .4 is .1 away, so (.25 / .1) squared as many.
        GateOutcome outcome = JudgeOne(200, "Metric=accuracy Pool=sums Strategy=single Min=0.4");
        Assert.That(outcome.Text, Is.EqualTo("gate 'g' cannot tell: accuracy of single@1 over sums is 0.500 (0.250 to 0.750) on 200 "
            + "problems; asked at least 0.4; about 1250 problems would tell, were the value as it was seen"));
        Assert.That(JudgeOne(200, "Metric=accuracy Pool=sums Strategy=single Min=0.5").WouldTell, Does.Contain("no number of problems"));
    }

    [TestCase("Metric=tokens Pool=sums Strategy=single Max=7", GateVerdict.Passes)]
    [TestCase("Metric=tokens Pool=sums Strategy=single Max=6.9", GateVerdict.Fails)]
    [TestCase("Metric=flops Pool=sums Strategy=single Min=1001", GateVerdict.Fails)]
    [TestCase("Metric=cut_off Pool=sums Max=0", GateVerdict.Passes)]
    public void What_is_counted_has_no_interval(string gate, GateVerdict verdict)
    {
        repository.Write(Demo(Half));
        Assert.That(JudgeOne(200, gate).Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void Identical_samples_are_as_good_as_they_were()
    {
        repository.Commit(Demo(Half));
        GateOutcome outcome = JudgeOne(200, "Metric=accuracy Pool=sums Strategy=single MaxRegression=0.01");
        Assert.That((outcome.Verdict, outcome.Found.Contains("identical")), Is.EqualTo((GateVerdict.Passes, true)));
    }

    /// <summary>400 problems; of those that were wrong before so many are right now, and the other way round.</summary>
    [TestCase(0, 100, "MaxRegression=0.05", GateVerdict.Passes, Description = "gains are no regression")]
    [TestCase(0, 100, "EquivalentTo=HEAD Margin=0.05", GateVerdict.Fails, Description = "gains are not equivalent")]
    [TestCase(100, 0, "MaxRegression=0.05", GateVerdict.Fails), TestCase(1, 1, "EquivalentTo=HEAD Margin=0.05", GateVerdict.Passes)]
    [TestCase(1, 1, "MaxRegression=0.05", GateVerdict.Passes), TestCase(20, 2, "MaxRegression=0.05", GateVerdict.CannotTell)]
    [TestCase(60, 60, "EquivalentTo=HEAD Margin=0.02", GateVerdict.CannotTell)]
    public void A_difference_on_the_same_problems_is_judged_by_its_interval(int lost, int won, string condition, GateVerdict verdict)
    {
        ResultFiles before = Demo((200, "1"), (200, "0"));
        repository.Commit(before);
        repository.Write(before.Answering(
            "sums", ResultFiles.Repeat((lost, "0"), (200 - lost, "1"), (won, "1"), (200 - won, "0"))));
        GateOutcome outcome = JudgeOne(400, $"Metric=accuracy Pool=sums Strategy=single {condition}");
        Assert.That(outcome.Verdict, Is.EqualTo(verdict), outcome.Text);
    }

    /// <summary>The same samples, of which one strategy asks that half are right and the other that all are.</summary>
    [Test]
    public void Identical_samples_that_are_read_otherwise_are_judged_by_what_they_come_to()
    {
        ResultFiles half = ResultFiles.Of("demo", ("sums", ResultFiles.Repeat((150, "10"), (50, "11"))));
        ResultFiles With(int threshold) => half.WithRun(run => run["manifest"]!["strategies"]!.AsArray().Add(new JsonObject
        {
            ["multipliers"] = new JsonArray(2),
            ["name"] = "g-pass",
            ["options"] = new JsonObject { ["Threshold"] = threshold },
            ["pool"] = "sums",
            ["verifier"] = null,
        })) with
        {
            Estimate = rows => rows.Append(rows.First() with { Strategy = "g-pass", Multiplier = 2 }),
        };
        repository.Commit(With(50));
        repository.Write(With(100));
        GateOutcome outcome = Judge(
            repository.Root, 200, ["Include=g Metric=accuracy Pool=sums Strategy=g-pass MaxRegression=0.05"],
            strategy: "Include=g-pass Pool=sums Multipliers=2 Threshold=100", samples: 2).Single();
        Assert.That(outcome.Verdict, Is.EqualTo(GateVerdict.Fails), outcome.Text);
        repository.Write(With(50));
        Assert.That(JudgeOne(200, "Metric=accuracy Pool=sums Strategy=single MaxRegression=0.05").Verdict, Is.EqualTo(GateVerdict.Passes));
    }

    [TestCase(20, GateVerdict.Passes), TestCase(19.99, GateVerdict.Fails)]
    public void A_count_that_has_grown_by_what_is_allowed_passes(double percent, GateVerdict verdict)
    {
        ResultFiles Of(double tokens) => Demo(Half) with { Estimate = rows => rows.Select(row => row with { Tokens = tokens }) };
        repository.Commit(Of(5));
        repository.Write(Of(6));
        string allowed = percent.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(JudgeOne(200, $"Metric=tokens Pool=sums Strategy=single MaxRegression={allowed}%").Verdict, Is.EqualTo(verdict));
    }

    [Test]
    public void The_baseline_of_the_command_line_takes_the_place_of_the_manifest_s()
    {
        ResultFiles before = Demo((200, "1"), (200, "0"));
        string good = repository.Commit(before);
        repository.Commit(before.Answering("sums", ResultFiles.Repeat((100, "0"), (100, "1"), (200, "0"))));
        const string gate = "Metric=accuracy Pool=sums Strategy=single MaxRegression=0.05";
        Assert.That((JudgeOne(400, gate).Verdict, JudgeOne(400, gate, good).Verdict),
            Is.EqualTo((GateVerdict.Passes, GateVerdict.Fails)));
    }

    [Test]
    public void A_baseline_without_the_experiment_cannot_tell()
    {
        repository.Commit(ResultFiles.Of("other", ("sums", "1 0")));
        Demo(Half).WriteTo(repository.Results("demo"));
        GateOutcome outcome = JudgeOne(200, "Metric=accuracy Pool=sums Strategy=single MaxRegression=0.05");
        Assert.That((outcome.Verdict, outcome.Found), Is.EqualTo((GateVerdict.CannotTell,
            $"HEAD ({repository.Git("rev-parse", "HEAD")[..7]}) holds no results of demo")));
    }

    [Test]
    public void A_baseline_that_a_shallow_clone_lacks_is_a_code_that_names_the_fetch_depth()
    {
        string first = repository.Commit(Demo(Half));
        repository.Commit(Demo((100, "1"), (99, "0"), (1, "1")));
        string clone = repository.Beside("clone");
        repository.Git("clone", "--quiet", "--depth", "1", "--no-tags", $"file://{repository.Root}", clone);
        HarnessException refused = Assert.Throws<HarnessException>(() => Judge(
            clone, 200, [$"Include=g Metric=accuracy Pool=sums Strategy=single EquivalentTo={first} Margin=0.05"]))!;
        Assert.That(refused.ToCanonicalLine(), Does.Contain("HRN0514").And.Contain("gate 'g'").And.Contain("fetch-depth: 0"));
    }

    /// <summary>95 to 105 tokens/s before.</summary>
    [TestCase(100, 98, 103, "MaxRegression=10%", GateVerdict.Passes), TestCase(80, 79, 81, "MaxRegression=10%", GateVerdict.Fails)]
    [TestCase(92, 90, 94, "MaxRegression=10%", GateVerdict.CannotTell), TestCase(150, 149, 151, "MaxRegression=10%", GateVerdict.Passes)]
    [TestCase(150, 149, 151, "EquivalentTo=HEAD Margin=10%", GateVerdict.Fails)]
    [TestCase(100, 95, 105, "MaxRegression=10%", GateVerdict.CannotTell, Description = "nothing was measured again")]
    [TestCase(92, 90, 94, "Min=90", GateVerdict.Passes), TestCase(92, 90, 94, "Min=91", GateVerdict.CannotTell)]
    [TestCase(92, 90, 94, "Min=95", GateVerdict.Fails)]
    public void A_speed_is_judged_by_all_runs_of_both(double median, double low, double high, string condition, GateVerdict verdict)
    {
        ResultFiles Measured(double at, double slowest, double fastest) => Demo(Half) with
        {
            Machines = new Dictionary<string, ThroughputRow[]>
            {
                ["m"] = [ThroughputRows.Of(1, 1), ThroughputRows.Of(8, at, slowest, fastest)],
            },
        };
        repository.Commit(Measured(100, 95, 105));
        repository.Write(Measured(median, low, high));
        GateOutcome outcome = JudgeOne(200, $"Metric=tokens_per_second {condition}");
        Assert.That(outcome.Verdict, Is.EqualTo(verdict), outcome.Text);
    }

    [Test]
    public void The_last_run_s_measurement_is_the_one_that_counts()
    {
        repository.Commit(Demo(Half) with
        {
            Machines = new Dictionary<string, ThroughputRow[]> { ["m"] = [ThroughputRows.Of(8, 100, 95, 105)] },
        });
        string artifacts = Path.Combine(repository.Root, "artifacts", "demo");
        Directory.CreateDirectory(artifacts);
        File.WriteAllBytes(Path.Combine(artifacts, "throughput.csv"), ThroughputTable.Csv.Write([ThroughputRows.Of(8, 50, 49, 51)]));
        File.WriteAllText(Path.Combine(artifacts, "last-run.json"), $$"""{ "key": "{{Key(200)}}", "machine": { "name": "m" } }""");
        Assert.That(JudgeOne(200, "Metric=tokens_per_second MaxRegression=5%").Verdict, Is.EqualTo(GateVerdict.Fails));
        File.WriteAllText(Path.Combine(artifacts, "last-run.json"), """{ "key": "another", "machine": { "name": "m" } }""");
        Assert.That(JudgeOne(200, "Metric=tokens_per_second MaxRegression=5%").Found, Does.Contain("nothing was measured on m since"),
            "another manifest's measurement says nothing of this one");
        File.WriteAllText(Path.Combine(artifacts, "last-run.json"), $$"""{ "key": "{{Key(200)}}", "machine": { "name": "other" } }""");
        GateOutcome foreign = JudgeOne(200, "Metric=tokens_per_second MaxRegression=5%");
        Assert.That((foreign.Verdict, foreign.Found), Is.EqualTo((GateVerdict.CannotTell,
            $"HEAD ({repository.Git("rev-parse", "HEAD")[..7]}) has no tokens_per_second of other")));
    }

    [Test]
    public void A_run_with_overrides_is_not_judged()
    {
        repository.Write(Demo(Half));
        string[] gate = ["Include=g Metric=accuracy Pool=sums Strategy=single Min=0.99"];
        Assert.That(Judge(repository.Root, 5, gate, overrides: ["Problems"]), Is.Empty);
    }

    /// <summary>Whatever the numbers are, they are another manifest's.</summary>
    [TestCase("Min=0.01"), TestCase("Min=0.9")]
    public void Stale_results_say_nothing(string bound)
    {
        repository.Write(Demo(Half));
        Manifest manifest = Read(
            repository.Root, 200, [$"Include=g Metric=accuracy Pool=sums Strategy=single {bound}"], null, "Include=single Pool=sums", 1);
        GateOutcome outcome = GateCheck.Of(
            manifest, ExperimentPaths.Of(manifest, null), stale: "manifest.seed was 1, is 2").Single();
        Assert.That((outcome.Verdict, outcome.Text), Is.EqualTo((GateVerdict.CannotTell, "gate 'g' cannot tell: the results are stale: "
            + "manifest.seed was 1, is 2; `dotnet build results/demo` first")));
        Assert.That(outcome.Judged(strict: true).Verdict, Is.EqualTo(GateVerdict.Fails));
    }

    [Test]
    public void A_gate_that_must_tell_fails_where_it_cannot()
    {
        repository.Write(Demo(Half));
        const string gate = "Metric=accuracy Pool=sums Strategy=single Min=0.4";
        GateOutcome lenient = JudgeOne(200, gate), strict = JudgeOne(200, gate + " Strict=true");
        Assert.That(lenient.Judged(strict: false).Verdict, Is.EqualTo(GateVerdict.CannotTell));
        Assert.That(lenient.Judged(strict: true).Verdict, Is.EqualTo(GateVerdict.Fails));
        Assert.That(strict.Judged(strict: false).Verdict, Is.EqualTo(GateVerdict.Fails));
    }
}
