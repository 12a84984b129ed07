using Harness.Diagnostics;
using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

public class AnswerTests
{
    [TestCase("18", "18")]
    [TestCase("1,450,000", "1450000")]
    [TestCase("$1,450.00", "1450")]
    [TestCase("50%", "50")]
    [TestCase("18.", "18")]
    [TestCase("18.50.", "18.5")]
    [TestCase("007", "7")]
    [TestCase("-0.0", "0")]
    [TestCase("-.50", "-0.5")]
    [TestCase("-$5", "-5")]
    [TestCase("$-5", "-5")]
    [TestCase("+3", "3")]
    [TestCase("\u22123", "-3")]
    [TestCase("1e3", "1000")]
    [TestCase("12.5E-3", "0.0125")]
    [TestCase("1.50e1", "15")]
    [TestCase("10-5", "5")]
    [TestCase("x = (3)-4", "4")]
    [TestCase("10 -5", "-5")]
    [TestCase("1,2,3", "3")]
    [TestCase("12,34", "34")]
    [TestCase("3 eggs, 4 hens", "4")]
    [TestCase("is 5,", "5")]
    [TestCase("\u0664", null, Description = "digits of other scripts")]
    [TestCase("none", null)]
    [TestCase("", null)]
    public void numbers_have_one_canonical_form(string text, string? canonical) => Assert.That(AnswerNumber.Last(text), Is.EqualTo(canonical));

    [Test]
    public void a_million_digits_stay_exact()
    {
        string digits = new('9', 1_000_000);
        Assert.That(AnswerNumber.First($"{digits}.0"), Is.EqualTo(digits));
        Assert.That(AnswerNumber.First($"{digits[1..]}8"), Is.Not.EqualTo(digits));
    }

    [TestCase("so 3\n#### 18\n#### 20", "18")]
    [TestCase("#### $1,000 dollars", "1000")]
    [TestCase("####18", "18")]
    [TestCase("3 + 4 = 7, so 7 eggs.", "7")]
    [TestCase("7 eggs ####", "7")]
    [TestCase("#### none", null)]
    [TestCase("no digits", null)]
    public void the_final_number_follows_the_first_mark_or_comes_last(string text, string? answer) =>
        Assert.That(FinalAnswer.Number(text), Is.EqualTo(answer));

    [TestCase("#### B", "B")]
    [TestCase("#### (c)", "C")]
    [TestCase("A long way. The answer is (D). I hope so.", "D")]
    [TestCase("The answer is a robe, so B", "B")]
    [TestCase("Answer: 2", "2")]
    [TestCase("It is (b), the answer is (b).", "B")]
    [TestCase("It must be C.", "C")]
    [TestCase("Janet's eggs", null)]
    [TestCase("", null)]
    public void the_choice_is_marked_or_named_or_a_capital_alone(string text, string? label) =>
        Assert.That(FinalAnswer.Choice(text), Is.EqualTo(label));

    [TestCase("thinking\n#### Paris \nmore", "Paris")]
    [TestCase("thinking\n\nParis\n\n", "Paris")]
    [TestCase("Paris\n####", "Paris")]
    [TestCase("so\n####\nParis\nmore", "Paris")]
    [TestCase(" \n", null)]
    public void the_line_is_the_marked_one_or_the_last(string text, string? line) => Assert.That(FinalAnswer.Line(text), Is.EqualTo(line));

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
    public void a_pattern_that_is_no_regular_expression_is_a_wrong_value() => Expect.Failure(Codes.BadValue, () => _ = new AnswerPattern("a("));

    [Test]
    public void nested_repetition_runs_in_linear_time() =>
        Assert.That(new AnswerPattern("^(a+)+$").Find(new string('a', 50_000) + "!"), Is.Null);

    [Test]
    public void backtracking_without_end_has_a_code() =>
        Expect.Failure(Codes.BadValue, () => new AnswerPattern("(?=x?)^(a+)+$").Find(new string('a', 5_000) + "!"));
}
