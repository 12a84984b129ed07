using Harness.Records;
using Harness.Tests.Shared;

namespace Harness.Tests.Records;

/// <summary>Rows that a program of schema 1 wrote are read by today's tables.</summary>
[TestFixture]
sealed class Schema1Tests
{
    static string Fixture(string name) => Path.Combine(Repository.Root, "tests", "Harness.Tests", "Records", "Schema1", name);

    [Test]
    public void Samples_are_read_without_their_reward()
    {
        IReadOnlyList<SampleRow> rows = SampleTable.Csv.Read(Fixture("samples.csv"));
        Assert.That(rows, Has.Count.EqualTo(21));
        Assert.That(rows[4], Is.EqualTo(new SampleRow
        {
            Pool = "sum-think",
            Problem = 0,
            Sample = 18,
            Difficulty = 3,
            PromptTokens = 9,
            Tokens = 15,
            Finish = "stop",
            Answer = "37",
            Correct = 0,
            Logprob = -3.758227004042652,
            TokensHash = "f7e15b656b309273",
        }));
        Assert.That(rows.Count(row => row.Finish == SampleRow.CutOff), Is.EqualTo(2));
        Assert.That(rows.Count(row => row.Answer.Length == 0), Is.EqualTo(2));
        Assert.That(SampleTable.Csv.Columns, Does.Not.Contain("reward"));
    }

    [Test]
    public void Columns_in_another_order_are_read_by_their_names()
    {
        string turned = Path.GetTempFileName();
        try
        {
            IEnumerable<string> lines = File.ReadLines(Fixture("samples.csv")).Select(line => string.Join(',', line.Split(',').Reverse()));
            File.WriteAllText(turned, string.Join('\n', lines) + "\n");
            Assert.That(SampleTable.Csv.Read(turned), Is.EqualTo(SampleTable.Csv.Read(Fixture("samples.csv"))));
        }
        finally
        {
            File.Delete(turned);
        }
    }

    [Test]
    public void Accuracy_has_its_tokens_and_says_that_the_rest_is_unknown()
    {
        IReadOnlyList<AccuracyRow> rows = AccuracyTable.Csv.Read(Fixture("accuracy.csv"));
        Assert.That(rows, Has.Count.EqualTo(24));
        AccuracyRow row = rows[6];
        Assert.That((row.Pool, row.Strategy, row.Multiplier), Is.EqualTo(("sum-think", "weighted-vote", 2)));
        Assert.That((row.Difficulty, row.Problems), Is.EqualTo(("7", 100)));
        Assert.That((row.Accuracy, row.CiLow, row.CiHigh), Is.EqualTo((0.6915999999999998, 0.6572994999999999, 0.7259024999999997)));
        Assert.That((row.Tokens, row.Flops, row.MonteCarloError), Is.EqualTo((78.0103125, 88680206.88, 0.0018946539525728702)));
        Assert.That(
            new[]
            {
                row.Chance, row.CutOff, row.NoAnswer, row.PromptTokens, row.VerifierTokens, row.PrunedTokens, row.CriticalTokens,
                row.PromptFlops, row.GeneratedFlops, row.VerifierFlops, row.PrunedFlops,
            },
            Is.All.NaN);
        Assert.That((row.ChanceNote, row.IsUpperBound), Is.EqualTo(("", false)));
    }

    [Test]
    public void Comparisons_have_no_adjusted_value_and_no_verdict()
    {
        IReadOnlyList<ComparisonRow> rows = ComparisonTable.Csv.Read(Fixture("comparisons.csv"));
        Assert.That(rows, Has.Count.EqualTo(14));
        ComparisonRow row = rows[0];
        Assert.That((row.FirstPool, row.SecondPool, row.Problems, row.Test), Is.EqualTo(("sum-think", "sum-direct", 300, "permutation")));
        Assert.That((row.Difference, row.PValue), Is.EqualTo((0.63734375, 0.0004997501249375312)));
        Assert.That(new[] { row.AdjustedPValue, row.DetectableEffect }, Is.All.NaN);
        Assert.That((row.Verdict, row.Reason), Is.EqualTo(("", "")));
    }
}
