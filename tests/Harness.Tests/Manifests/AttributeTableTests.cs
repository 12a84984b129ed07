using System.Text.Json.Nodes;
using System.Xml.Linq;
using Harness.Identity;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class AttributeTableTests
{
    const string Sums = "Include=\"sums\" Task=\"sum\" Prompt=\"direct\" Difficulty=\"3;4\" Problems=\"6\" Samples=\"4\" Temperature=\"1\"";
    const string Votes = "<Strategy Include=\"majority-vote\" Pool=\"sums\" Multipliers=\"1;2;4\" />";

    const string Counted = "Include=\"counts\" Recorded=\"log.csv\" Format=\"csv\" Problems=\"6\" Samples=\"4\"";
    const string Replayed = "<Project><ItemGroup><Pool " + Counted + " /></ItemGroup></Project>";

    const string Data = "Include=\"d\" Task=\"sum\"";
    const string Train = "Include=\"m\" Shape=\"d=16;layers=1;heads=2;ffn=32\" Tokens=\"100k\" LearningRate=\"1e-3\"";
    const string Trained = "<Project><ItemGroup><Data " + Data + " /><Train " + Train + " /></ItemGroup></Project>";
    const string FileData = "Include=\"d\" File=\"pairs.jsonl\" PromptField=\"p\" AnswerField=\"a\"";

    /// <summary>An attribute with what it says otherwise; those of recorded pools are changed in <see cref="Replayed"/>.</summary>
    static readonly (AttributeDefinition Attribute, string Right, string Wrong)[] Changes =
    [
        (ExperimentAttributes.Title, "What a vote buys on sums", "Another"),
        (ExperimentAttributes.Model, "<Model>model.bin<", "<Model>other.bin<"),
        (ExperimentAttributes.Engine, "<Seed>7<", "<Engine>scripted</Engine><Seed>7<"),
        (ExperimentAttributes.Precision, "<Seed>7<", "<Precision>w8a8</Precision><Seed>7<"),
        (ExperimentAttributes.Seed, "<Seed>7<", "<Seed>8<"),
        (ExperimentAttributes.Headline, "<Seed>7<", "<Headline>majority-vote@2</Headline><Seed>7<"),
        (ExperimentAttributes.Margin, "<Seed>7<", "<Margin>2%</Margin><Seed>7<"),
        (PlacementAttributes.Device, "", "cpu"), (PlacementAttributes.Threads, "", "3"), (PlacementAttributes.Batch, "", "5"),
            (PlacementAttributes.Isa, "", "portable"),
        (PlacementAttributes.Memory, "", "1GB"), (PlacementAttributes.HarnessData, "", "elsewhere"),
            (PlacementAttributes.Record, "", "true"), (PlacementAttributes.Redraw, "", "true"),
        (PlacementAttributes.StopAfter, "", "20"),
        (PoolAttributes.Name, Sums, Sums.Replace("\"sums\"", "\"adds\"")),
        (PoolAttributes.Task, Sums, Sums.Replace("\"sum\"", "\"gsm8k\"")),
        (PoolAttributes.Prompt, Sums, Sums.Replace("direct", "think")),
        (PoolAttributes.Difficulty, Sums, Sums.Replace("3;4", "3;5")),
        (PoolAttributes.Problems, Sums, Sums.Replace("Problems=\"6\"", "Problems=\"5\"")),
        (PoolAttributes.Samples, Sums, Sums.Replace("Samples=\"4\"", "Samples=\"5\"")),
        (PoolAttributes.Temperature, Sums, Sums.Replace("Temperature=\"1\"", "Temperature=\"0.5\"")),
        (PoolAttributes.TopK, Sums, Sums + " TopK=\"5\""),
        (PoolAttributes.TopP, Sums, Sums + " TopP=\"0.5\""),
        (PoolAttributes.MinP, Sums, Sums + " MinP=\"0.1\""),
        (PoolAttributes.MaxTokens, Sums, Sums + " MaxTokens=\"9\""),
        (PoolAttributes.StopStrings, Sums, Sums + " StopStrings=\"x\""),
        (PoolAttributes.Chat, Sums, Sums + " Chat=\"false\""),
        (PoolAttributes.Date, Sums, Sums + " Date=\"2024-07-26\""),
        (RecordingAttributes.Recorded, Counted, Counted.Replace("log.csv", "other.csv")),
        (RecordingAttributes.Format, Counted, Counted.Replace("\"csv\"", "\"jsonl\"")),
        (RecordingAttributes.RecordedPool, Counted.Replace("\"csv\"", "\"samples\""),
            Counted.Replace("\"csv\"", "\"samples\"") + " RecordedPool=\"x\""),
        (RecordingAttributes.FirstProblem, Counted, Counted + " FirstProblem=\"900\""),
        .. RecordingAttributes.Fields.Select(field => (field, Counted, $"{Counted} {field.Name}=\"x\"")),
        (StrategyAttributes.Name, "\"coverage\"", "\"weighted-vote\""),
        (StrategyAttributes.Pool, "\"coverage\" Pool=\"sums\" Multipliers=\"1;4\"", "\"coverage\" Pool=\"greedy\" Multipliers=\"1\""),
        (StrategyAttributes.Multipliers, "Multipliers=\"1;4\"", "Multipliers=\"1;2\""),
        (StrategyAttributes.Verifier, Votes, Votes.Replace("majority-vote", "best-of-n")),
        (StrategyAttributes.Reward, Votes, Votes.Replace("majority-vote", "best-of-n").Replace(
            " />", " Verifier=\"../a/prm\" Reward=\"min\" />")),
        (StrategyAttributes.Interval, "Multipliers=\"1;4\"", "Multipliers=\"1;4\" Interval=\"bayes\""),
        (StrategyAttributes.Laws, "Multipliers=\"1;4\"", "Multipliers=\"1;4\" Laws=\"coverage\""),
    ];

    /// <summary>The same of an experiment that trains.</summary>
    static readonly (AttributeDefinition Attribute, string Right, string Wrong)[] OfTraining =
    [
        (DataAttributes.Name, Data, Data.Replace("\"d\"", "\"e\"")),
        (DataAttributes.Task, Data, Data.Replace("\"sum\"", "\"countdown\"")),
        (DataAttributes.Difficulty, Data, Data + " Difficulty=\"2;4\""),
        (DataAttributes.Prompt, Data, Data + " Prompt=\"direct\""),
        (DataAttributes.File, Data, "Include=\"d\" File=\"text.txt\""),
        (DataAttributes.PromptField, Data, FileData),
        (DataAttributes.AnswerField, Data, FileData),
        (DataAttributes.Share, Data, Data + " Share=\"3\""),
        (DataAttributes.For, Data, Data + " For=\"m\""),
        (TrainAttributes.Name, Train, Train.Replace("\"m\"", "\"n\"")),
        (TrainAttributes.Shape, Train, Train.Replace("ffn=32", "ffn=48")),
        (TrainAttributes.BalanceLoss, Train, Train.Replace("ffn=32", "ffn=32;experts=4;active=2") + " BalanceLoss=\"0.1\""),
        (TrainAttributes.Loops, Train, Train + " Loops=\"2\""),
        (TrainAttributes.UnrolledAt, Train, Train + " Loops=\"2\" UnrolledAt=\"2\""),
        (TrainAttributes.Tokens, Train, Train.Replace("100k", "200k")),
        (TrainAttributes.BatchTokens, Train, Train + " BatchTokens=\"9k\""),
        (TrainAttributes.LearningRate, Train, Train.Replace("1e-3", "2e-3")),
        (TrainAttributes.Warmup, Train, Train + " Warmup=\"5\""),
        (TrainAttributes.Decay, Train, Train + " Decay=\"0.5\""),
        (TrainAttributes.WeightDecay, Train, Train + " WeightDecay=\"0\""),
        (TrainAttributes.Beta1, Train, Train + " Beta1=\"0.8\""),
        (TrainAttributes.Beta2, Train, Train + " Beta2=\"0.9\""),
        (TrainAttributes.ClipNorm, Train, Train + " ClipNorm=\"2\""),
        (TrainAttributes.Loss, Train, Train + " Loss=\"all\""),
        (TrainAttributes.Seed, Train, Train + " Seed=\"2\""),
        (TrainAttributes.ValidationTokens, Train, Train + " ValidationTokens=\"5k\""),
        (TrainAttributes.ValidateEvery, Train, Train + " ValidateEvery=\"3\""),
        (TrainAttributes.LogEvery, Train, Train + " LogEvery=\"3\""),
        (TrainAttributes.Commit, Train, Train + " Commit=\"false\""),
    ];

    const string Labelled = "Include=\"d\" Task=\"sum\" Labels=\"steps\" Problems=\"9\"";
    const string GoingOn = "Include=\"m\" From=\"base\" Tokens=\"100k\" LearningRate=\"1e-3\"";
    const string Judging = "<Project><PropertyGroup><Model>model.bin</Model></PropertyGroup><ItemGroup><Data " + Labelled + " /><Train "
        + GoingOn + " /></ItemGroup></Project>";

    /// <summary>The same of one that makes a model which judges.</summary>
    static readonly (AttributeDefinition Attribute, string Right, string Wrong)[] OfJudging =
    [
        (DataAttributes.Labels, Labelled, Labelled.Replace("steps", "outcome")),
        (DataAttributes.Problems, Labelled, Labelled.Replace("\"9\"", "\"8\"")),
        (DataAttributes.Samples, Labelled, Labelled + " Samples=\"5\""),
        (DataAttributes.Rollouts, Labelled, Labelled + " Rollouts=\"5\""),
        (DataAttributes.Estimate, Labelled, Labelled + " Estimate=\"soft\""),
        (DataAttributes.Verdict, Labelled, Labelled + " Verdict=\"token\""),
        (DataAttributes.Temperature, Labelled, Labelled + " Temperature=\"0.5\""),
        (TrainAttributes.From, GoingOn, GoingOn.Replace("base", "other")),
        (TrainAttributes.AddLayers, GoingOn, GoingOn + " AddLayers=\"2\""),
    ];

    static IEnumerable<TestCaseData> JudgingCases =>
        OfJudging.Select(change => new TestCaseData(change.Right, change.Wrong).SetArgDisplayNames(change.Attribute.Name));

    [TestCaseSource(nameof(JudgingCases))]
    public void A_change_of_what_is_judged_moves_what_run_json_says_of_it(string right, string wrong) => Assert.That(
        OfTrainingKeys(Judging.Replace(right, wrong)), Is.Not.EqualTo(OfTrainingKeys(Judging)));

    static IEnumerable<TestCaseData> TrainingCases =>
        OfTraining.Select(change => new TestCaseData(change.Right, change.Wrong).SetArgDisplayNames(change.Attribute.Name));

    [Test]
    public void Every_attribute_of_training_is_changed_below() => Assert.That(
        OfTraining.Concat(OfJudging).Select(change => change.Attribute),
        Is.EquivalentTo((AttributeDefinition[])[.. DataAttributes.All, .. TrainAttributes.All]));

    /// <summary>But for the models that data are for, which is the same whether it is said or not.</summary>
    [TestCaseSource(nameof(TrainingCases))]
    public void A_change_of_training_moves_what_run_json_says_of_it(string right, string wrong) => Assert.That(
        OfTrainingKeys(Trained.Replace(right, wrong)), Is.Not.EqualTo(OfTrainingKeys(Trained)));

    [Test]
    public void An_unrolled_model_is_another_output_than_a_looped_one() => Assert.That(
        OfTrainingKeys(Trained.Replace(Train, Train + " Loops=\"2\"")),
        Is.Not.EqualTo(OfTrainingKeys(Trained.Replace(Train, Train + " Loops=\"2\" UnrolledAt=\"2\""))));

    [Test]
    public void Another_balance_of_experts_is_another_training_and_the_usual_one_may_be_said()
    {
        string mixture = Train.Replace("ffn=32", "ffn=32;experts=4;active=2");
        string Keys(string train) => OfTrainingKeys(Trained.Replace(Train, train));
        Assert.That(Keys(mixture + " BalanceLoss=\"0.02\""), Is.Not.EqualTo(Keys(mixture)));
        Assert.That(Keys(mixture + " BalanceLoss=\"0.01\""), Is.EqualTo(Keys(mixture)));
        Assert.That(Keys(mixture.Replace("active=2", "active=1")), Is.Not.EqualTo(Keys(mixture)));
        Assert.That(Keys(Train), Does.Not.Contain("balance").And.Not.Contain("experts"), "keys of dense models stay as they were");
    }

    const string Looped = Train + " Loops=\"2\"", Evaluated = "Include=\"e\" Task=\"sum\" Problems=\"3\"", Law = "Include=\"isoflop\"";

    /// <summary>A model that is looped and evaluated, with a law of its coverage.</summary>
    static string Evaluating(string evaluation) => Trained.Replace(Train, Looped)
        .Replace("</ItemGroup>", $"<Evaluation {evaluation} /><Law Include=\"coverage-compute\" /></ItemGroup>");

    /// <summary>A model that is evaluated and fitted to.</summary>
    static string Fitted(string law) =>
        Trained.Replace("</ItemGroup>", $"<Evaluation {Evaluated} /><Law {law} /></ItemGroup>");

    [TestCase("Problems=\"4\""), TestCase("Samples=\"2\""), TestCase("Prompt=\"direct\""), TestCase("Difficulty=\"3\"")]
    [TestCase("Temperature=\"0\""), TestCase("TopK=\"5\""), TestCase("TopP=\"0.5\""), TestCase("MinP=\"0.1\""), TestCase("MaxTokens=\"9\"")]
    [TestCase("StopStrings=\"x\""), TestCase("Split=\"validation\""), TestCase("Loops=\"1;2\"")]
    public void A_change_of_an_evaluation_moves_its_key_and_no_other(string attribute)
    {
        string name = attribute.Split('=')[0];
        string changed = Evaluated.Contains($"{name}=", StringComparison.Ordinal) ? Evaluated.Replace("Problems=\"3\"", attribute)
            : $"{Evaluated} {attribute}";
        Manifest before = Read(Evaluating(Evaluated), []), after = Read(Evaluating(changed), []);
        Assert.That(ExperimentKey.OfEvaluation(after, after.Evaluations[0], "p", ""),
            Is.Not.EqualTo(ExperimentKey.OfEvaluation(before, before.Evaluations[0], "p", "")));
        Assert.That(ManifestKeys.OfAnalysis(after).ToJsonString(), Is.EqualTo(ManifestKeys.OfAnalysis(before).ToJsonString()));
        Assert.That(ManifestKeys.OfTraining(after).Single(member => member.Key == "train").Value!.ToJsonString(),
            Is.EqualTo(ManifestKeys.OfTraining(before).Single(member => member.Key == "train").Value!.ToJsonString()));
    }

    [TestCase("Include=\"chinchilla\""), TestCase("Include=\"isoflop\" Size=\"without-embedding\"")]
    [TestCase("Include=\"isoflop\" Data=\"d\""), TestCase("Include=\"coverage-compute\"")]
    public void A_change_of_a_law_moves_the_analysis_alone(string law)
    {
        Manifest before = Read(Fitted(Law), []), after = Read(Fitted(law), []);
        Assert.That(ManifestKeys.OfAnalysis(after).ToJsonString(), Is.Not.EqualTo(ManifestKeys.OfAnalysis(before).ToJsonString()));
        Assert.That(ManifestKeys.OfTraining(after).Select(member => member.Value!.ToJsonString()),
            Is.EqualTo(ManifestKeys.OfTraining(before).Select(member => member.Value!.ToJsonString())));
    }

    static string OfTrainingKeys(string xml) =>
        string.Join('\n', ManifestKeys.OfTraining(Read(xml, [])).Select(member => member.Value!.ToJsonString()));

    static IEnumerable<TestCaseData> Cases =>
        Changes.Select(change => new TestCaseData(change.Attribute, change.Right, change.Wrong).SetArgDisplayNames(change.Attribute.Name));

    [Test]
    public void Every_attribute_is_changed_below() => Assert.That(
        Changes.Select(change => change.Attribute),
        Is.EquivalentTo((AttributeDefinition[])[.. ExperimentAttributes.All, .. PlacementAttributes.All, .. PoolAttributes.All,
            .. StrategyAttributes.All]));

    [TestCaseSource(nameof(Cases))]
    public void A_change_moves_the_key_that_the_attribute_belongs_to_and_no_other(AttributeDefinition attribute, string right, string wrong)
    {
        Dictionary<string, string> placement = right.Length == 0 ? new() { [attribute.Name] = wrong } : [];
        string demo = RecordingAttributes.All.Contains(attribute) ? Replayed.Replace(Counted, right)
            : attribute == PlacementAttributes.StopAfter ? Trained : ScratchExperiment.Demo;
        string xml = right.Length == 0 ? demo : demo.Replace(right, wrong);
        if (attribute == PoolAttributes.Name)
            xml = xml.Replace("Pool=\"sums\"", "Pool=\"adds\"");
        (string Pools, string Analysis) before = Keys(demo, []), after = Keys(xml, placement);
        Assert.That(after.Pools != before.Pools, Is.EqualTo(attribute.Key == KeyPart.Pools), after.Pools);
        // A pool that is called otherwise is called so by its strategies too.
        Assert.That(after.Analysis != before.Analysis, Is.EqualTo(attribute.Key == KeyPart.Analysis || attribute == PoolAttributes.Name),
            after.Analysis);
    }

    [Test]
    public void A_key_has_a_date_only_where_one_is_stated()
    {
        PoolManifest pool = Read(ScratchExperiment.Demo, []).Pools[0];
        Assert.That(PoolAttributes.Describe(pool).ContainsKey("date"), Is.False, "committed results have keys without it");
        JsonObject dated = PoolAttributes.DescribeSample(pool with { Date = new DateOnly(2024, 7, 26) });
        Assert.That((string?)dated["date"], Is.EqualTo("2024-07-26"));
    }

    [Test]
    public void A_sample_depends_on_all_of_its_pool_but_its_name_and_how_many_there_are()
    {
        JsonObject whole = PoolAttributes.Describe(Read(ScratchExperiment.Demo, []).Pools[0]),
            sample = PoolAttributes.DescribeSample(Read(ScratchExperiment.Demo, []).Pools[0]);
        Assert.That(whole.Select(member => member.Key).Except(sample.Select(member => member.Key)),
            Is.EquivalentTo(new[] { "name", "problems", "samples" }));
    }

    [Test]
    public void Pools_are_compared_by_what_they_ask()
    {
        IReadOnlyList<PoolManifest> pools = Read(ScratchExperiment.Demo, []).Pools;
        Assert.That(PoolAttributes.AreSame(pools[0], pools[1], PoolRole.Asks), Is.True);
        Assert.That(PoolAttributes.AreSame(pools[0], pools[1], PoolRole.Answers), Is.False, "their temperatures differ");
        Assert.That(PoolAttributes.AreSame(pools[0], pools[0] with { Problems = 5 }, PoolRole.Asks), Is.False);
    }

    /// <summary>So that a pool which says nothing is not taken for one of before there were splits.</summary>
    [Test]
    public void A_key_of_generated_problems_always_has_their_split()
    {
        const string Sum = "Task=\"sum\"";
        string silent = Keys(ScratchExperiment.Demo, []).Pools;
        Assert.That(silent, Does.Contain("\"Split\":\"test\""));
        Assert.That(Keys(ScratchExperiment.Demo.Replace(Sum, Sum + " Split=\"test\""), []).Pools, Is.EqualTo(silent));
        Assert.That(Keys(ScratchExperiment.Demo.Replace(Sum, Sum + " Split=\"all\""), []).Pools, Is.Not.EqualTo(silent));
    }

    [Test]
    public void Attributes_of_every_task_are_described() =>
        Assert.That(Registered.All.TaskOptions, Is.SubsetOf(TaskOptionAttributes.All.Select(option => option.Name)));

    [Test]
    public void Experiment_props_assigns_every_name_and_the_defaults_of_the_table()
    {
        XElement root = XElement.Load(Path.Combine(Repository.Root, "harness", "build", "Experiment.props"));
        string[][] groups = [.. root.Elements("PropertyGroup").Select(group =>
            group.Elements().Select(element => element.Name.LocalName).ToArray())];
        Assert.That(groups[0], Is.EquivalentTo(
            (string[])[.. AttributeTable.Properties, .. AttributeTable.PoolOverrides, .. AttributeTable.TrainOverrides]),
            "names that an environment variable must not set");
        Dictionary<string, string> lists = root.Elements("PropertyGroup").Elements().GroupBy(element => element.Name.LocalName)
            .ToDictionary(same => same.Key, same => same.Last().Value);
        Assert.That(lists["ExperimentPropertyNames"].Split(';'), Is.EqualTo(AttributeTable.ExperimentProperties));
        Assert.That(lists["PoolOverrideNames"].Split(';'), Is.EqualTo(AttributeTable.PoolOverrides));
        Assert.That(lists["TrainOverrideNames"].Split(';'), Is.EqualTo(AttributeTable.TrainOverrides));
        Assert.That(lists["ExperimentPlacementNames"].Split(';'), Is.EqualTo(AttributeTable.PlacementProperties));
        foreach (AttributeDefinition attribute in (AttributeDefinition[])[.. ExperimentAttributes.All, .. PlacementAttributes.All])
            Assert.That(lists[attribute.Name], Is.EqualTo(attribute.Default ?? "").Or.Empty, attribute.Name);
        XElement items = root.Element("ItemDefinitionGroup")!;
        foreach (XElement value in items.Elements().Elements())
        {
            IEnumerable<AttributeDefinition> table = value.Parent!.Name.LocalName == AttributeTable.PoolItem ? PoolAttributes.All
                : StrategyAttributes.All;
            Assert.That(value.Value, Is.EqualTo(table.First(attribute => attribute.Name == value.Name.LocalName).Default),
                value.Name.LocalName);
        }
    }

    [Test]
    public void Experiment_targets_passes_every_placement_on()
    {
        XElement root = XElement.Load(Path.Combine(Repository.Root, "harness", "build", "Experiment.targets"));
        Assert.That(root.Descendants("_ExperimentPlacement").Select(element => element.Attribute("Include")!.Value),
            Is.EquivalentTo((string[])[.. AttributeTable.PlacementProperties, .. PlacementAttributes.OfTheBuild]));
    }

    static (string Pools, string Analysis) Keys(string xml, Dictionary<string, string> placement)
    {
        Manifest manifest = Read(xml, placement);
        return (ManifestKeys.OfPools(manifest, manifest.Model).ToJsonString(), ManifestKeys.OfAnalysis(manifest).ToJsonString());
    }

    static Manifest Read(string xml, Dictionary<string, string> placement)
    {
        using ScratchExperiment scratch = new(xml);
        return ManifestReader.Read(scratch.Raw(placement), new ScriptedEngine { IsDefault = false }.Registered);
    }
}
