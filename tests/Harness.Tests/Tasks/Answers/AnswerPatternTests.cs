using Harness.Diagnostics;
using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

public class AnswerPatternTests
{
    [TestCase(@"answer: (\d+)", "answer: 1, answer: 22", "22")]
    [TestCase(@"answer: \d+", "answer: 1, answer: 22", "answer: 22")]
    [TestCase(@"a(\d)|b(\d)", "a1 b2", "2")]
    [TestCase(@"\\boxed\{([^}]*)\}", @"so \boxed{ x+1 }.", "x+1")]
    [TestCase(@"(?<=is )(\w+)", "it is so", "so", Description = "a lookbehind needs the backtracking engine")]
    [TestCase(@"answer: (\d*)", "answer: ", null)]
    [TestCase(@"answer: (\d+)", "none", null)]
    public void a_pattern_gives_the_first_group_of_its_last_match(string pattern, string text, string? answer) =>
        Assert.That(new AnswerPattern(pattern).Find(text), Is.EqualTo(answer));

    [Test]
    public void a_pattern_that_is_no_regular_expression_is_a_wrong_value() =>
        Expect.Failure(Codes.BadValue, () => _ = new AnswerPattern("a("));

    [Test]
    public void nested_repetition_runs_in_linear_time() =>
        Assert.That(new AnswerPattern("^(a+)+$").Find(new string('a', 50_000) + "!"), Is.Null);

    [Test]
    public void backtracking_without_end_has_a_code() =>
        Expect.Failure(Codes.BadValue, () => new AnswerPattern("(?=x?)^(a+)+$").Find(new string('a', 5_000) + "!"));
}
