using Harness.Tasks;
using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Answers;

public class AnswerReaderTests
{
    static Gold Number(string gold) => Gold.Read(gold, AnswerComparison.Numeric, '.')!;

    [TestCase("50", "50%", true)]
    [TestCase("0.5", "50%", false, Description = "the hundredth only where the data's answer has a percent")]
    [TestCase("50%", "50%", true)]
    [TestCase("50%", "50", true)]
    [TestCase("50%", "0.5", true)]
    [TestCase("50%", "1/2", true)]
    [TestCase("50%", "0.5%", false)]
    [TestCase("50%", "5", false)]
    [TestCase("150%", "1.5", true)]
    [TestCase("150%", "1.5%", false)]
    [TestCase("0.5%", "0.5", true)]
    [TestCase("0.5%", "0.005", true)]
    [TestCase("0%", "0%", true)]
    public void a_percent_equals_its_number(string gold, string text, bool correct)
    {
        string? answer = new AnswerReader().Extract(new GeneratedText($"#### {text}"), Number(gold));
        Assert.That(AnswerReader.IsCorrect(answer, Number(gold)), Is.EqualTo(correct), answer);
    }

    [Test]
    public void equal_values_vote_together()
    {
        string[] texts = ["#### 1/2", "so \\boxed{0.50}", "The answer is ½.", "5e-1", "\\frac{1}{2}"];
        Assert.That(texts.Select(text => new AnswerReader().Extract(new GeneratedText(text), Number("3"))), Is.All.EqualTo("0.5"));
    }

    [TestCase("<think>#### 5</think>\n#### 18", "18")]
    [TestCase("#### 5</think>\n#### 18", "18", Description = "the prompt opened it")]
    [TestCase("<think>It is 5", null)]
    [TestCase("The answer is 7. <think>Is it? #### 8", "7")]
    [TestCase("<think>5</think>\nThe answer is 7.", "7")]
    [TestCase("5 </thinking> 6", "6")]
    [TestCase("5 </Reasoning> 6", "6")]
    [TestCase("5 <|end_of_thought|> 6", "6")]
    [TestCase("<think>5</think> #### 7 <think>6</think> #### 8", "8")]
    [TestCase("<think>5</think> #### 7 <think>6</think>\n", "7", Description = "nothing follows the last block")]
    [TestCase("<think> a </think> is mentioned, 5 </think> #### 7", "7")]
    [TestCase("5 </deep_thought> 6", "6", "{{ '</deep_thought>' }}")]
    [TestCase("I </think> therefore", null)]
    public void what_is_thought_is_no_answer(string text, string? answer, string? template = null)
    {
        GeneratedText written = new(text) { Thinking = ThinkTags.Of(template) };
        Assert.That(new AnswerReader().Extract(written, Number("3")), Is.EqualTo(answer));
    }

    [TestCase("<|assistant|>\n<think>\n", true)]
    [TestCase("<|assistant|>\n<think>\n\n</think>\n\n", false)]
    [TestCase("<|assistant|>\n", false)]
    [TestCase("Use <think> tags.\n<|assistant|>\n", false)]
    public void a_prompt_that_opens_thinking_leaves_it_open(string prompt, bool opens)
    {
        Assert.That(ThinkTags.Common.LeavesOpen(prompt), Is.EqualTo(opens));
        GeneratedText text = new("so it is 18") { BeginsInThinking = ThinkTags.Common.LeavesOpen(prompt) };
        Assert.That(new AnswerReader().Extract(text, Number("3")), Is.EqualTo(opens ? null : "18"));
    }

    [TestCase(@"Total: (.*)", "Total: 18 dollars", "18")]
    [TestCase(@"Total: (.*)", "Total: 7^2", null)]
    [TestCase(@"Total: (.*)", "18", null)]
    public void a_pattern_finds_what_is_then_read(string pattern, string text, string? answer)
    {
        AnswerReader reader = new() { Pattern = new AnswerPattern(pattern) };
        Assert.That(reader.Extract(new GeneratedText(text), Number("3")), Is.EqualTo(answer));
    }
}
