using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

public class FinalTextTests
{
    [TestCase("thinking\n#### Paris \nmore", "Paris")]
    [TestCase("thinking\n\nParis\n\n", "Paris")]
    [TestCase("Paris\n####", "Paris")]
    [TestCase("so\n####\nParis\nmore", "Paris")]
    [TestCase(" \n", null)]
    [TestCase("#### **Paris**", "Paris")]
    [TestCase("#### $x+1$", "x+1")]
    [TestCase("**Answer:** Paris", "Paris")]
    [TestCase("The answer is Paris.", "Paris")]
    [TestCase("The answer is St. Petersburg.", "St. Petersburg")]
    [TestCase("The answer is Paris. I am sure.", "Paris")]
    [TestCase("Cafe\u0301", "Caf\u00e9")]
    [TestCase("_Paris_", "Paris")]
    [TestCase("`ls`", "ls")]
    [TestCase("*a* and *b*", "*a* and *b*")]
    [TestCase("Answer: Paris\nThat is in France.", "Paris")]
    [TestCase("**Answer: Paris**", "Paris")]
    [TestCase("**The answer is Paris**", "Paris")]
    [TestCase("#### New York", "New York")]
    [TestCase("The answer is New York.", "New York")]
    [TestCase("The answer is: New York City", "New York City")]
    [TestCase("Answer: $x^2$", "x^2")]
    [TestCase("**New York**", "New York")]
    [TestCase("I think...\n\n**New York**", "New York")]
    [TestCase("The answer is \"Paris\".", "\"Paris\"")]
    [TestCase("#### yes\n#### no", "yes")]
    [TestCase("\\boxed{\\text{Paris}}", "Paris")]
    [TestCase("<answer>Paris</answer>", "Paris")]
    [TestCase("The answer is Dr. Who.", "Dr. Who")]
    [TestCase("Answer: U.S.A.", "U.S.A.")]
    [TestCase("The answer is 3.14", "3.14")]
    public void the_marked_boxed_or_stated_text_or_the_last_line(string text, string? answer) =>
        Assert.That(FinalText.Find(text, cutOff: false), Is.EqualTo(answer));

    [TestCase("The capital is\nParis", null)]
    [TestCase("#### Paris", "Paris")]
    public void of_a_text_that_was_cut_off_only_what_is_marked_counts(string text, string? answer) =>
        Assert.That(FinalText.Find(text, cutOff: true), Is.EqualTo(answer));
}
