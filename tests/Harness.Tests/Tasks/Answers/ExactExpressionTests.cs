using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

[TestFixture]
sealed class ExactExpressionTests
{
    [TestCase("(1 + 2) * 8 * 1", 24, "1 2 8 1"), TestCase("8/(3-8/3)", 24, "8 3 8 3"), TestCase("2 - 3 - 4", -5, "2 3 4")]
    [TestCase("24 / 4 / 2", 3, "24 4 2"), TestCase("2 + 3 * 4", 14, "2 3 4"), TestCase("-(2 - 26)", 24, "2 26"), TestCase("7", 7, "7")]
    [TestCase("9999999 * 9999999 * 0", 0, "9999999 9999999 0")]
    public void An_expression_is_worked_out_exactly(string text, int value, string numbers)
    {
        ExactExpression expression = ExactExpression.Parse(text)!;
        Assert.That(expression.IsEqualTo(value), Is.True);
        Assert.That(expression.IsEqualTo(value + 1), Is.False);
        Assert.That(string.Join(' ', expression.Numbers), Is.EqualTo(numbers));
    }

    [TestCase("1 / (3 - 3)"), TestCase("0 * (1 / 0)"), TestCase("1 / (1 / 0)")]
    public void A_division_by_zero_has_no_value(string text)
    {
        ExactExpression expression = ExactExpression.Parse(text)!;
        Assert.That(expression.Value, Is.Null);
        Assert.That(expression.IsEqualTo(0), Is.False);
    }

    [TestCase(""), TestCase("1 +"), TestCase("(1 + 2"), TestCase("1 2"), TestCase("1 + 2)"), TestCase("1 ! 2"), TestCase("none")]
    [TestCase("1.5 + 2"), TestCase("99999999999 + 1")]
    public void What_is_no_expression_is_none(string text) => Assert.That(ExactExpression.Parse(text), Is.Null);

    [Test]
    public void A_text_that_nests_too_deeply_is_none() =>
        Assert.That(ExactExpression.Parse(new string('(', 100_000) + "1" + new string(')', 100_000)), Is.Null);

    [Test]
    public void Equal_expressions_are_written_alike()
    {
        Assert.That(ExactExpression.Parse(" (6-4)*5 /1 ")!.ToString(), Is.EqualTo("(6 - 4) * 5 / 1"));
        Assert.That(ExactExpression.Parse("( 06 - 4 ) * 5/1")!.ToString(), Is.EqualTo("(6 - 4) * 5 / 1"));
    }
}
