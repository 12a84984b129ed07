using Harness.Diagnostics;
using Harness.Engines;
using Harness.Experiments;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

/// <summary>A manifest that names an engine which opens no checkpoint: no weights, no shape, no limit of context.</summary>
[TestFixture]
sealed class NamedEngineTests
{
    static readonly string Named =
        ScratchExperiment.Demo.Replace("<Model>model.bin</Model>", "<Model>scripted:adder</Model><Engine>Scripted</Engine>");

    ScratchExperiment scratch = null!;

    static ScriptedEngine Engine => new() { IsDefault = false, Shape = null, ContextLength = null, GivesLogits = false };

    [SetUp]
    public void Create() => scratch = new ScratchExperiment(Named);

    [TearDown]
    public void Remove() => scratch.Dispose();

    [Test]
    public void The_main_flow_runs_over_it()
    {
        Assert.That(scratch.Run(Engine), Does.Contain("30 samples to generate"));
        Assert.That(SampleTable.Csv.Read(scratch.Result("samples.csv")).Where(row => row.Pool == "greedy").Select(row => row.Correct),
            Is.EqualTo(Enumerable.Repeat(1, 6)));
        IReadOnlyList<AccuracyRow> rows = AccuracyTable.Csv.Read(scratch.Result("accuracy.csv"));
        Assert.That(
            rows.Select(row => (row.Flops, row.PromptFlops, row.GeneratedFlops)), Is.All.EqualTo((double.NaN, double.NaN, double.NaN)));
        Assert.That(rows.Select(row => row.Tokens), Is.All.GreaterThan(0));
        Assert.That(File.ReadAllText(scratch.Result("README.md")), Does.Contain(" times the tokens").And.Not.Contain("NaN times"));
        Assert.That(scratch.Results().Keys, Does.Contain("accuracy.svg").And.Not.Contain("accuracy-flops.svg"));
        Assert.That(RunJson.Read(scratch.Result("run.json"))["manifest"]!["engine"]!.ToString(), Is.EqualTo("scripted"));
        Assert.That(
            ThroughputTable.Csv.Read(Path.Combine(scratch.Artifacts, "throughput.csv")).Select(row => row.FlopsPerSecond), Is.All.Null);
        Assert.That(scratch.Run(Engine), Does.Contain("up to date"));
    }

    [Test]
    public void What_it_gave_is_verified_and_planned_and_analysed_again()
    {
        scratch.Run(Engine);
        Assert.That(Verify(Engine), Is.Empty);
        ScriptedEngine planner = Engine;
        using IEngineModel model = planner.Open("scripted:adder");
        ExperimentPlan plan = ExperimentPlan.Create(scratch.Resolve(planner), model);
        Assert.That((plan.Flops, plan.WeightBytes, plan.SampleBytes, PlanCost.Estimate(plan, model, default).MemoryBytes),
            Is.EqualTo(((double?)null, (double?)null, (double?)null, (double?)null)));

        scratch.Write(Named.Replace("Multipliers=\"1;4\"", "Multipliers=\"1;2;4\""));
        ScriptedEngine analyst = Engine;
        Assert.That(scratch.Run(analyst), Does.Contain("no samples to generate"));
        Assert.That(analyst.Generators, Is.Zero);
        Assert.That(File.ReadAllText(scratch.Result("accuracy.csv")), Does.Contain("sums,coverage,2,"));
    }

    [Test]
    public void A_difference_is_told_without_logits_by_an_engine_that_has_none()
    {
        scratch.Run(Engine);
        ScriptedEngine changed = Engine;
        changed.Alter = generation => generation.Sample == 0
            ? generation with { Tokens = [.. generation.Tokens[..2], '9', .. generation.Tokens[3..]] }
            : generation;
        Assert.That(Verify(changed)[0].Message,
            Does.Contain("first diverging token 2: was").And.Contains("is 57 '9' (engine 'scripted' gives no logits)"));
    }

    [Test]
    public void A_misspelt_name_is_refused_at_its_place_with_the_nearest()
    {
        scratch.Write(Named.Replace("<Engine>Scripted<", "<Engine>scriptd<"));
        HarnessException refused = Assert.Throws<HarnessException>(() => scratch.Run(Engine))!;
        Assert.That(refused.ToCanonicalLine(), Does.StartWith($"{scratch.Project}(4,").And.Contain("error HRN0016: 'scriptd' is not a "
            + "registered engine; did you mean 'scripted'?"));
    }

    [Test]
    public void An_engine_of_one_machine_is_refused_at_its_name()
    {
        ScriptedEngine measured = new() { IsDefault = false, GivesExactResults = false };
        HarnessException refused = Assert.Throws<HarnessException>(() => scratch.Run(measured))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.EngineUnable));
        Assert.That(refused.ToCanonicalLine(), Does.StartWith($"{scratch.Project}(4,").And.Contain("engine 'scripted'"));
        Assert.That(measured.Opened, Is.Zero);
    }

    [Test]
    public void The_default_engine_is_named_in_no_key_even_where_the_manifest_names_it()
    {
        (string unnamed, string named) = (Described(ScratchExperiment.Demo),
            Described(ScratchExperiment.Demo.Replace("<Seed>", "<Engine>kernels</Engine><Seed>")));
        Assert.That(named, Is.EqualTo(unnamed).And.Not.Contain("engine"));
        Assert.That(Described(Named), Does.Contain("\"engine\":\"scripted\""));
    }

    [Test]
    public void Results_of_another_engine_do_not_stand_in_for_a_model_that_is_absent()
    {
        scratch.Write(Named.Replace("scripted:adder", "model.bin"));
        scratch.Run(Engine);
        File.Delete(Path.Combine(scratch.Folder, "model.bin"));
        Assert.That(scratch.Run(Engine), Does.Contain("up to date; nothing could be generated here"));
        scratch.Write(ScratchExperiment.Demo);
        HarnessException absent = Assert.Throws<HarnessException>(() => scratch.Resolve(Engine))!;
        Assert.That(absent.Diagnostic, Is.EqualTo(KernelCodes.ModelNotFound));
    }

    IReadOnlyList<HarnessException> Verify(ScriptedEngine engine)
    {
        using RunConsole console = new(TextWriter.Null, live: false);
        return new ExperimentVerify(scratch.Resolve(engine), console, 1).Execute(default);
    }

    static string Described(string xml)
    {
        using ScratchExperiment scratch = new(xml);
        Manifest manifest = ManifestReader.Read(scratch.Raw(), Engine.Registered);
        return ManifestKeys.OfPools(manifest, "model").ToJsonString();
    }
}
