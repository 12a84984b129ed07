using Harness.Comparison;
using Harness.Reports;
using Harness.Tests.Comparison.Fakes;
using static Harness.Tests.Comparison.Fakes.ResultFiles;

namespace Harness.Tests.Comparison;

/// <summary>What a person reads of a comparison.</summary>
sealed class ComparisonReportTests
{
    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    string[] Lines(ResultFiles[] before, ResultFiles[] after, double margin = 0)
    {
        string first = repository.Commit(before);
        return [.. TerminalReport.Lines(ComparisonReport.Of(Compared.Of(repository.Root, first, repository.Commit(after), margin)))];
    }

    [Test]
    public void The_first_line_counts_all_experiments_and_rows()
    {
        ResultFiles tokens = Of("tokens", ("greedy", Repeat((20, "0")))), judged = Of("judged", ("think", "10 11")),
            schema = Of("schema", ("greedy", "1")), same = Of("same", ("greedy", "0 1"));
        string[] lines = Lines(
            [tokens, judged, schema, same, Of("old", ("greedy", "1"))],
            [
                tokens.Answering("greedy", Repeat((10, "1"), (10, "0"))),
                judged.With("think", 0, 1, row => row with { Answer = Gold(0), Correct = 1 }),
                schema with { Text = (file, text) => text.Replace("generated_tokens", "tokens") }, same, Of("new", ("greedy", "1")),
            ]);
        Assert.That(lines[0], Does.StartWith("A: ").And.Contain(", B: "));
        Assert.That(lines[2], Is.EqualTo("4 experiments compared: 2 moved (tokens: tokens moved, judged: the same tokens judged "
            + "otherwise), 1 in the schema only, 1 identical; 1 only in A, 1 only in B. "
            + "Accuracy, 5 rows: 2 identical, 1 changed, 0 the same, 2 cannot tell."));
        Assert.That(lines[5], Does.StartWith("tokens ").And.Contain("+0.500").And.Contain("changed"));
        Assert.That(lines, Does.Contain("Identical in all that was compared").And.Contain("same"));
        Assert.That(lines, Does.Contain("Only in A").And.Contain("old").And.Contain("Only in B").And.Contain("new"));
        Assert.That(lines, Does.Contain("tokens: tokens moved"));
        Assert.That(lines, Does.Contain("greedy: 10 of 20 samples differ in their tokens, the first in problem 0, sample 0: 7 tokens, "
            + "'wrong', wrong, in A; 7 tokens, 'answer 0', right, in B."));
        Assert.That(lines, Does.Contain("1 sample of the same tokens judged otherwise:"));
        Assert.That(lines, Does.Contain("think        0       1  'wrong', wrong  'answer 0', right"));
        Assert.That(lines, Does.Contain("Columns of accuracy.csv: only in A generated_tokens; only in B tokens."));
        Assert.That(Array.FindIndex(lines, line => line == "tokens: tokens moved"),
            Is.LessThan(Array.FindIndex(lines, line => line.StartsWith("judged: ", StringComparison.Ordinal))));
    }

    [Test]
    public void What_cannot_be_told_says_about_how_many_problems_would()
    {
        ResultFiles before = Of("demo", ("greedy", Repeat((50, "1"), (50, "0"))));
        string[] lines = Lines([before], [before.Answering("greedy", Repeat((52, "1"), (48, "0")))]);
        string row = lines.First(line => line.StartsWith("demo ", StringComparison.Ordinal));
        Assert.That(row, Does.Match(@" \+0\.020 \(.* cannot tell  about \d\d0 problems$"));
        Assert.That(lines, Has.Some.Contains("No margin is stated").And.Contains("adjusted by Holm's method for 1 test."));
    }

    [Test]
    public void An_estimate_of_problems_that_nobody_asks_is_not_written_out()
    {
        string wrong = new('0', 64);
        ResultFiles before = Of("demo", ("think", Repeat((20, wrong))));
        ResultFiles after = before.Answering("think", Repeat((1, "1" + wrong[1..]), (19, wrong)));
        string[] lines = Lines([before], [after]);
        Assert.That(lines.First(line => line.Contains(" single ", StringComparison.Ordinal)), Does.EndWith("  over a million problems"));
    }

    [Test]
    public void A_row_that_is_not_tested_says_why()
    {
        ResultFiles before = Of("demo", ("greedy", "0 0 1"));
        string[] lines = Lines([before], [before.Answering("greedy", "1 1 1").WithRun(run => run["manifest"]!["seed"] = 2)]);
        Assert.That(lines[2], Does.EndWith("Accuracy, 1 row: 0 identical, 0 changed, 0 the same, 0 cannot tell, 1 not tested."));
        Assert.That(lines, Does.Contain("greedy single 1x: the problems are others: seed changed."));
        Assert.That(lines, Has.Some.Match(@"^manifest\.seed +1 +2$"));
    }

    [Test]
    public void Long_lists_are_cut_and_say_so()
    {
        ResultFiles before = Of("demo", ("greedy", Repeat((12, "0"))));
        ResultFiles after = before with { Samples = [.. before.Samples.Select(row => row with { Answer = "other" })] };
        string[] lines = Lines([before], [after]);
        Assert.That(lines, Does.Contain("12 samples of the same tokens judged otherwise (the first 10):"));
        Assert.That(lines.Count(line => line.EndsWith("'wrong', wrong  'other', wrong", StringComparison.Ordinal)), Is.EqualTo(10));
    }
}
