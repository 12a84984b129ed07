using Harness.Analysis;
using Harness.Diagnostics;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Strategies;

namespace Harness.Tests.Analysis;

[TestFixture]
sealed class HeadlineTests
{
    static readonly IReadOnlyList<Problem> Sums =
        TaskRegistry.Find("sum").Create(new TaskSettings { Seed = 7, Problems = 12, Difficulties = [3, 4] }).Problems;

    static string Twelve => ScratchExperiment.Demo.Replace("Problems=\"6\"", "Problems=\"12\"");

    [Test]
    public void The_manifest_names_it()
    {
        using ScratchExperiment scratch = new(Named("majority-vote@2 over sums"));
        (Headline? headline, string readme) = Run(scratch);
        Assert.That((headline!.Pools.Single().Name, headline.Strategy), Is.EqualTo(("sums", "majority-vote with 2 samples")));
        Assert.That(headline.IsChosen, Is.False);
        AccuracyRow row = AccuracyTable.Csv.Read(scratch.Result("accuracy.csv"))
            .First(row => row is { Strategy: "majority-vote", Multiplier: 2, Difficulty: AccuracyRow.AllDifficulties });
        Assert.That(headline.Accuracy, Is.EqualTo(row.Accuracy).Within(1e-6));
        Assert.That(readme, Does.Contain("On 6 problems of sums, majority-vote with 2 samples is right on"));
        Assert.That(readme, Does.Contain("greedy decoding on 100.0 %"));
    }

    [Test]
    public void Two_votes_are_no_better_than_one_sample_and_the_sentence_says_so()
    {
        using ScratchExperiment scratch = new(Named("majority-vote@2 over sums"));
        (Headline? headline, string readme) = Run(scratch);
        Assert.That(headline!.Difference, Is.Zero.Within(1e-12));
        Assert.That(headline.Differs, Is.False);
        Assert.That(readme, Does.Contain("no difference from one sample").And.Not.Contain("points more than one sample"));
    }

    /// <summary>A vote of four costs more than one sample, whether a row says what that costs or not.</summary>
    [Test]
    public void What_it_costs_is_that_of_one_sample_though_no_row_has_one()
    {
        using ScratchExperiment whole = new(Named("majority-vote@4 over sums"));
        string without = Named("majority-vote@4 over sums").Replace("Multipliers=\"1;2;4\"", "Multipliers=\"4\"")
            .Replace("Multipliers=\"1;4\"", "Multipliers=\"4\"");
        using ScratchExperiment bare = new(without);
        double times = Run(whole).Headline!.TimesTheCost;
        Assert.That(times, Is.GreaterThan(1.1));
        Assert.That(Run(bare).Headline!.TimesTheCost, Is.EqualTo(times).Within(1e-5));
    }

    [Test]
    public void Where_none_is_named_it_is_chosen_on_other_problems()
    {
        using ScratchExperiment scratch = new(Twelve);
        (Headline? headline, string readme) = Run(scratch, RightInThree);
        Assert.That((headline!.Strategy, headline.IsChosen), Is.EqualTo(("majority-vote with 4 samples", true)));
        Assert.That((headline.Accuracy, headline.OneSample, headline.Differs), Is.EqualTo((1.0, 0.75, true)));
        Assert.That(readme, Does.Contain("chosen on one half of the problems and judged on the other"));
        Assert.That(readme, Does.Contain("25.0 points more than one sample"));
    }

    [Test]
    public void Coverage_is_not_chosen_though_it_is_always_right_where_the_task_compares_with_the_right_answer()
    {
        using ScratchExperiment scratch = new(Twelve);
        (Headline? headline, string readme) = Run(scratch, RightInOne);
        Assert.That(readme, Does.Contain("| sums | coverage (upper bound) |"));
        Assert.That(headline!.Strategy, Does.StartWith("majority-vote"));
        Assert.That(headline.Accuracy, Is.EqualTo(0.25).Within(1e-12));
    }

    [Test]
    public void A_strategy_that_is_worse_than_one_sample_has_fewer_points()
    {
        const string Vote = "<Headline>majority-vote@4 over sums</Headline></PropertyGroup>";
        using ScratchExperiment scratch = new(Twelve.Replace("</PropertyGroup>", Vote));
        (Headline? headline, string readme) = Run(scratch, RightInOne);
        Assert.That((headline!.Accuracy, headline.OneSample, headline.Differs), Is.EqualTo((0.0, 0.25, true)));
        Assert.That(readme, Does.Contain("25.0 points less than one sample ("));
        Assert.That(readme, Does.Contain("but the interval reaches 0"), "the test and the interval seem to say different things");
    }

    [Test]
    public void Coverage_alone_is_no_headline_where_the_task_compares_with_the_right_answer()
    {
        string[] lines = [.. ScratchExperiment.Demo.Split('\n').Where(line => !line.Contains("majority-vote", StringComparison.Ordinal))];
        using ScratchExperiment scratch = new(string.Join('\n', lines));
        (Headline? headline, string readme) = Run(scratch);
        Assert.That(headline, Is.Null);
        Assert.That(readme, Does.Contain("On 6 problems of greedy, greedy is right on 100.0 %"));
    }

    [Test]
    public void A_measure_stands_in_the_table_and_is_neither_headline_nor_compared()
    {
        const string Stable = """
            <Strategy Include="g-pass" Pool="sums" Multipliers="1;2;4" Threshold="75" />
            <Strategy Include="greedy"
            """;
        using ScratchExperiment scratch = new(Twelve.Replace("<Strategy Include=\"greedy\"", Stable));
        (Headline? headline, string readme) = Run(scratch, RightInThree);
        Assert.That(headline!.Strategy, Does.StartWith("majority-vote"));
        IReadOnlyList<AccuracyRow> rows = AccuracyTable.Csv.Read(scratch.Result("accuracy.csv"));
        Assert.That(rows.Where(row => row.Strategy == "g-pass" && row.Difficulty == AccuracyRow.AllDifficulties)
            .Select(row => (row.Multiplier, row.Accuracy)), Is.EqualTo(new[] { (1, 0.75), (2, 0.5), (4, 1.0) }),
            "three of four are right: both of two in half of the pairs, three of four surely");
        Assert.That(readme, Does.Contain("| sums | g-pass |").And.Contain("g-pass, Threshold 75: at least Threshold per cent"));
        Assert.That(File.ReadAllText(scratch.Result("comparisons.csv")), Does.Not.Contain("g-pass"));
    }

    [Test]
    public void A_measure_alone_is_said_to_be_none()
    {
        string[] lines = [.. ScratchExperiment.Demo.Split('\n').Where(line => !line.Contains("majority-vote", StringComparison.Ordinal)
            && !line.Contains("Include=\"greedy\" Pool", StringComparison.Ordinal))];
        using ScratchExperiment scratch = new(string.Join('\n', lines).Replace("\"coverage\"", "\"g-pass\"", StringComparison.Ordinal));
        (Headline? headline, string readme) = Run(scratch);
        Assert.That(headline, Is.Null);
        Assert.That(readme, Does.Contain("No strategy of the experiment returns an answer"));
    }

    [Test]
    public void Coverage_is_the_headline_of_a_task_that_checks_without_the_right_answer()
    {
        string countdown = Named("coverage@4 over sums").Replace("Task=\"sum\"", "Task=\"countdown\"");
        using ScratchExperiment scratch = new(countdown.Replace("majority-vote", "best-of-n"));
        Assert.That(Run(scratch).Headline!.Strategy, Is.EqualTo("coverage with 4 samples"));
    }

    [TestCase("coverage@4 over sums"), TestCase("majority-vote@3 over sums"), TestCase("majority-vote over greedy")]
    [TestCase("majority-vote@x"), TestCase("vote")]
    public void A_wrong_name_is_refused_at_its_line_with_the_right_ones(string written)
    {
        using ScratchExperiment scratch = new(Named(written));
        HarnessException wrong = Assert.Throws<HarnessException>(() => ManifestReader.Read(scratch.Raw(), Registered.All))!;
        Assert.That((wrong.Diagnostic, wrong.Line, wrong.Column), Is.EqualTo((Codes.BadValue, 6, 6)));
        const string Valid = "majority-vote@4 over sums, greedy@1 over greedy";
        Assert.That(wrong.Message, Does.Contain($"Headline is '{written}'; expected one of {Valid}"));
    }

    [TestCase("majority-vote", 4), TestCase("majority-vote over sums", 4), TestCase("majority-vote@1", 1)]
    public void What_the_name_leaves_out_is_the_largest_multiplier_and_the_only_pool(string written, int multiplier)
    {
        using ScratchExperiment scratch = new(Named(written));
        HeadlineManifest named = ManifestReader.Read(scratch.Raw(), Registered.All).Headline!;
        Assert.That((named.Strategy.Name, named.Strategy.Pool.Name, named.Multiplier), Is.EqualTo(("majority-vote", "sums", multiplier)));
    }

    [Test]
    public void The_best_is_looked_for_in_all_pools_that_ask_the_same_problems()
    {
        Headline headline = OfTwoPools((pool, _) => pool == "wide")!;
        Assert.That(headline.Pools.Select(pool => pool.Name), Is.EqualTo(new[] { "wide" }));
        Assert.That((headline.Strategy, headline.Accuracy, headline.OneSample), Is.EqualTo(("majority-vote with 4 samples", 1.0, 0.75)));
        Assert.That(headline.Greedy, Is.Null, "greedy decoding has another prompt");
    }

    [Test]
    public void Where_the_halves_choose_strategies_of_two_pools_both_are_named_and_each_is_set_against_its_own_sample()
    {
        // Difficulties alternate, and even and odd are counted within each: problems 0 and 1 of every four are the even half.
        Headline headline = OfTwoPools((pool, problem) => pool == "wide" == problem % 4 < 2)!;
        Assert.That(headline.Pools.Select(pool => pool.Name), Is.EqualTo(new[] { "wide", "sums" }));
        Assert.That(headline.Strategy, Is.EqualTo("majority-vote with 4 samples of wide or majority-vote with 4 samples of sums"));
        Assert.That((headline.Accuracy, headline.OneSample), Is.EqualTo((0.0, 0.25)), "each is judged where the other pool is better");
    }

    /// <summary>Two pools of one task: three of four samples are right where <paramref name="isGood"/> says so, else one of four.</summary>
    static Headline? OfTwoPools(Func<string, int, bool> isGood)
    {
        using ScratchExperiment scratch = new(Twelve.Replace("<Strategy Include=\"greedy\"", """
            <Pool Include="wide" Task="sum" Prompt="think" Difficulty="3;4" Problems="12" Samples="4" Temperature="1" />
            <Strategy Include="majority-vote" Pool="wide" Multipliers="4" />
            <Strategy Include="greedy"
            """));
        Manifest manifest = ManifestReader.Read(scratch.Raw(), Registered.All);
        Dictionary<PoolManifest, PoolEstimates> pools = manifest.Pools.ToDictionary(pool => pool, pool => new PoolEstimates(
            [.. Sums.Index().Select(problem => Judged(problem.Index, problem.Item.Difficulty, isGood(pool.Name, problem.Index)))], 7));
        return Headline.Of(manifest, Estimates.Of(manifest, SamplePools.Model, pools), pools, SamplePools.Model);
    }

    static ProblemSamples Judged(int problem, int difficulty, bool isGood) =>
        new(problem, difficulty, 9, [.. Enumerable.Range(0, 4).Select(i =>
            i == 0 == isGood ? new PooledSample("wrong", false, 5, -1) : new PooledSample("right", true, 5, -1))])
        {
            Gold = "right",
        };

    static string Named(string headline) =>
        ScratchExperiment.Demo.Replace("<Seed>7</Seed>", $"<Seed>7</Seed>\n    <Headline>{headline}</Headline>");

    /// <summary>The headline of what a run committed, computed again from its files, and the run's README.md.</summary>
    static (Headline? Headline, string Readme) Run(ScratchExperiment scratch, Func<Generation, Generation>? alter = null)
    {
        ScriptedEngine engine = new() { Alter = alter ?? (generation => generation) };
        scratch.Run(engine);
        Manifest manifest = scratch.Resolve(engine).Manifest;
        IReadOnlyList<AccuracyRow> accuracy = AccuracyTable.Csv.Read(scratch.Result("accuracy.csv"));
        IReadOnlyDictionary<PoolManifest, PoolEstimates> pools = Estimates
            .PoolsOf(manifest, SampleFiles.Read(scratch.Folder), ModelRecord.None.Judges)
            .ToDictionary(pool => pool.Key, pool => new PoolEstimates(pool.Value, manifest.Seed));
        return (Headline.Of(manifest, accuracy, pools, ScriptedModel.SomeShape), File.ReadAllText(scratch.Result("README.md")));
    }

    /// <summary>All of a problem's samples but one are right.</summary>
    static Generation RightInThree(Generation generation) => Answered(generation, isRight: generation.Sample != generation.Problem % 4);

    /// <summary>One of a problem's samples is right, and the others agree on the same wrong answer.</summary>
    static Generation RightInOne(Generation generation) => Answered(generation, isRight: generation.Sample == generation.Problem % 4);

    static Generation Answered(Generation generation, bool isRight)
    {
        int answer = int.Parse(Sums[generation.Problem].Answer) + (isRight ? 0 : 1);
        int[] tokens = [.. $"# {answer}".Select(letter => (int)letter), 0];
        return new Generation(generation.Problem, generation.Sample, tokens, [.. tokens.Select(_ => -0.5f)], FinishReason.Stop);
    }
}
