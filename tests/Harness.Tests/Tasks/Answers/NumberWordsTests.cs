using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

public class NumberWordsTests
{
    [TestCase("The answer is seven.", "7")]
    [TestCase("There are 3 apples and 4 pears. So the answer is: **seven**", "7")]
    [TestCase("#### Negative five", "-5")]
    [TestCase("#### minus forty-two", "-42")]
    [TestCase("12 apples\n#### Answer: twelve", "12")]
    [TestCase("3 + 4\n\\boxed{\\text{seven}}", "7")]
    [TestCase("<answer>Seven</answer>", "7")]
    [TestCase("She bought 5 and ate 5. The answer is zero.", "0")]
    [TestCase("The answer is ninety nine.", "99")]
    [TestCase("#### Three hundred and five dollars", "305")]
    [TestCase("The answer is one thousand, two hundred thirty-four.", "1234")]
    [TestCase("The answer is two hundred thousand.", "200000")]
    [TestCase("The answer is three million.", "3000000")]
    [TestCase("The answer is a hundred.", "100")]
    [TestCase("The answer is one.", "1")]
    [TestCase("The answer is one hour.", "1")]
    [TestCase("The answer is one of the 3 numbers.", "3")]
    [TestCase("The answer is two thirds.", "2/3")]
    [TestCase("The answer is one half.", "0.5")]
    [TestCase("#### half", "0.5")]
    [TestCase("The answer is two and a half hours.", "2.5")]
    [TestCase("The answer is three and three quarters.", "3.75")]
    [TestCase("The answer is fifty percent.", "50")]
    [TestCase("The answer is a dozen.", "12")]
    [TestCase("The answer is two dozen.", "2")]
    [TestCase("Twelve is the answer.", "12")]
    [TestCase("So twelve eggs is the answer.", "12")]
    [TestCase("Seven.", "7")]
    [TestCase("She had 3 apples and 4 pears. So she has seven fruits in total.", "7")]
    [TestCase("She had 3 apples and ate 2. Now only one hundred are left.", "100")]
    [TestCase("Tom ran 3 miles on Monday and 4 on Tuesday, so he ran seven miles in all.", "7")]
    [TestCase("There were 10 birds, 4 flew away, so only six remain.", "6")]
    [TestCase("She has 3 cats and 4 dogs, which makes seven animals.", "7")]
    [TestCase("She has 3 cats and 4 dogs. There are seven animals.", "7")]
    [TestCase("She has 3 cats and 4 dogs.\nSeven.", "7")]
    [TestCase("10 - 4 leaves six.", "6")]
    [TestCase("10 birds minus 4 birds is six birds.", "6")]
    [TestCase("#### one and three quarters", "1.75")]
    [TestCase("She needs 18 eggs for the three cakes.", "18")]
    [TestCase("She needs 18 eggs for three cakes.", "18")]
    [TestCase("The answer is seven or eight.", null)]
    [TestCase("The answer is seven times six.", null)]
    [TestCase("The answer is half of 70.", null)]
    [TestCase("The answer is not seven.", null)]
    [TestCase("The answer is at least seven.", null)]
    [TestCase("She worked 5 days. The answer is Monday.", null)]
    [TestCase("He is the twenty-fifth. 9 of them are here.", "9")]
    [TestCase("7 is shared by the two of them.", "7")]
    [TestCase("She has 7. So the two of them are happy.", "7")]
    [TestCase("She has 7. One of them is red.", "7")]
    [TestCase("She has 7. This one is it.", "7")]
    [TestCase("She has 7. So no one knows.", "7")]
    [TestCase("So it is a five-year plan of 9.", "9")]
    [TestCase("The answer is a two-step one: 9.", "9")]
    [TestCase("First, add the two numbers: 3 + 4 = 7", "7")]
    [TestCase("#### Step two: add\n#### 18", "18")]
    [TestCase("The answer is 18, which is two more than sixteen.", "18")]
    [TestCase("#### 18 eggs in three boxes", "18")]
    public void number_in_words(string text, string? number) =>
        Assert.That(FinalNumber.Find(text, cutOff: false, '.')?.Canonical(), Is.EqualTo(number));

    [TestCase("The answer is twenty", null)]
    [TestCase("The answer is twenty-two.", "22")]
    [TestCase("So she has seven.", null)]
    public void number_in_words_of_a_text_that_was_cut_off(string text, string? number) =>
        Assert.That(FinalNumber.Find(text, cutOff: true, '.')?.Canonical(), Is.EqualTo(number));

    /// <summary>Every number below a million, as English writes it, against a writer of its own.</summary>
    [Test]
    public void every_number_is_read_as_it_is_written()
    {
        for (int number = 0; number < 1_000_000; number += number < 2_000 ? 1 : 997)
        {
            string written = Written(number);
            Assert.That(
                NumberWords.AsDigits($"The answer is {written}.", cutOff: false), Is.EqualTo($"The answer is {number}."), written);
        }
    }

    static readonly string[] Small = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        + "sixteen seventeen eighteen nineteen").Split(' ');

    static readonly string[] Tens = "twenty thirty forty fifty sixty seventy eighty ninety".Split(' ');

    static string Written(int number) => number switch
    {
        < 20 => Small[number],
        < 100 => Tens[(number / 10) - 2] + (number % 10 == 0 ? "" : $"-{Small[number % 10]}"),
        < 1000 => $"{Small[number / 100]} hundred" + (number % 100 == 0 ? "" : $" and {Written(number % 100)}"),
        _ => $"{Written(number / 1000)} thousand" + (number % 1000 == 0 ? "" : $", {Written(number % 1000)}"),
    };
}
