using Harness.Diagnostics;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class RewardsTests
{
    const string Searches = """
        <Project DefaultTargets="Build">
          <PropertyGroup>
            <Title>What an exact checker buys on searches</Title>
            <Model>model.bin</Model>
            <Seed>7</Seed>
          </PropertyGroup>
          <ItemGroup>
            <Pool Include="searches" Task="countdown" Prompt="direct" Difficulty="3;4" Problems="6" Samples="4" Temperature="1" />
            <Strategy Include="best-of-n" Pool="searches" Multipliers="1;2;4" Verifier="exact-checker" />
            <Strategy Include="coverage" Pool="searches" Multipliers="1;2;4" />
          </ItemGroup>
        </Project>
        """;

    static readonly IReadOnlyList<Problem> Problems =
        TaskRegistry.Find("countdown").Create(new TaskSettings { Seed = 7, Problems = 6, Difficulties = [3, 4] }).Problems;

    [Test]
    public void A_verifier_of_texts_gives_each_sample_its_reward_in_a_file_that_run_json_vouches_for()
    {
        using ScratchExperiment scratch = new(Searches);
        scratch.Run(new ScriptedEngine { Alter = RightInSome });
        IReadOnlyList<SampleRow> samples = SampleTable.Csv.Read(scratch.Result("samples.csv"));
        IReadOnlyList<RewardRow> rewards = RewardTable.Csv.Read(scratch.Result("rewards.csv"));
        IEnumerable<int> right = samples.GroupBy(row => row.Problem).Select(problem => problem.Sum(row => row.Correct));
        Assert.That(right, Is.EqualTo(new[] { 0, 1, 2, 3, 4, 0 }));
        Assert.That(rewards, Is.EqualTo(samples.Select(row => new RewardRow
        {
            Pool = "searches",
            Problem = row.Problem,
            Sample = row.Sample,
            Verifier = "exact-checker",
            Reward = row.Correct,
        })));
        Assert.That(RunJson.OutputsOf(RunJson.Read(scratch.Result("run.json"))), Does.ContainKey("rewards.csv"));
    }

    [Test]
    public void The_best_of_n_by_the_tasks_own_checker_is_coverage()
    {
        using ScratchExperiment scratch = new(Searches);
        scratch.Run(new ScriptedEngine { Alter = RightInSome });
        ILookup<string, AccuracyRow> rows = AccuracyTable.Csv.Read(scratch.Result("accuracy.csv")).ToLookup(row => row.Strategy);
        AccuracyRow[] best = [.. rows["best-of-n"]], coverage = [.. rows["coverage"]];
        Assert.That(best.Select(row => row.Multiplier), Is.EqualTo(coverage.Select(row => row.Multiplier)));
        Assert.That(best.Select(row => row.Accuracy), Is.EqualTo(coverage.Select(row => row.Accuracy)).Within(1e-12));
        AccuracyRow all = coverage.First(row => row is { Multiplier: 4, Difficulty: AccuracyRow.AllDifficulties });
        Assert.That(all.Accuracy, Is.EqualTo(4.0 / 6).Within(1e-6));
        Assert.That(best.Concat(coverage).Select(row => row.IsUpperBound), Is.All.False, "the checker knows no answer: it can be deployed");
    }

    [Test]
    public void Without_such_a_verifier_there_is_no_file()
    {
        using ScratchExperiment scratch = new();
        scratch.Run(new ScriptedEngine());
        Assert.That(scratch.Results().Keys, Does.Contain("samples.csv").And.Not.Contain("rewards.csv"));
    }

    [Test]
    public void A_checker_that_knows_the_right_answer_is_refused_at_its_attribute()
    {
        string sums = Searches.Replace("Task=\"countdown\"", "Task=\"sum\"");
        using ScratchExperiment scratch = new(sums);
        HarnessException refused = Assert.Throws<HarnessException>(() => scratch.Run(new ScriptedEngine()))!;
        string[] lines = sums.Split('\n');
        int line = Array.FindIndex(lines, text => text.Contains("Verifier=", StringComparison.Ordinal));
        int column = lines[line].IndexOf("Verifier=", StringComparison.Ordinal);
        Assert.That((refused.Diagnostic, refused.Line, refused.Column), Is.EqualTo((Codes.BadValue, line + 1, column + 1)));
        Assert.That(refused.Message, Does.Contain("'exact-checker'").And.Contain("'sum' compares with it"));
    }

    /// <summary>The last samples of a problem are right: none of the first problem's, one of the second's and so on up to all.</summary>
    static Generation RightInSome(Generation generation)
    {
        if (4 - generation.Sample > generation.Problem % 5)
            return generation;
        int[] tokens = [.. Problems[generation.Problem].Answer.Select(letter => (int)letter), 0];
        return new Generation(generation.Problem, generation.Sample, tokens, [.. tokens.Select(_ => -0.5f)], FinishReason.Stop);
    }
}
