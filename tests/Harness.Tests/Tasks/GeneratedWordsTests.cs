using System.Text.Json.Nodes;
using Harness.Kernels.Tokenizers;
using Harness.Tasks;
using Harness.Tests.Shared;

namespace Harness.Tests.Tasks;

[TestFixture]
sealed class GeneratedWordsTests
{
    /// <summary>Weights of every model that was trained mean these words by these ids.</summary>
    [TestCase("<|endoftext|>", 0), TestCase("<|pad|>", 1), TestCase("<|bos|>", 2), TestCase("0", 3), TestCase("99", 102)]
    [TestCase("countdown", 103), TestCase("sum", 104), TestCase("think", 105), TestCase("direct", 106)]
    [TestCase("+", 107), TestCase("-", 108), TestCase("*", 109), TestCase("/", 110), TestCase("=", 111), TestCase("->", 112)]
    [TestCase(";", 113), TestCase("#", 114), TestCase("search", 115), TestCase("back", 116), TestCase("wait", 117), TestCase("judge", 118)]
    [TestCase("yes", 119), TestCase("no", 120), TestCase("good", 121), TestCase("bad", 122)]
    [TestCase("reserved-1", 123), TestCase("reserved-5", 127)]
    public void A_word_keeps_its_id(string word, int id) =>
        Assert.That(GeneratedWords.Vocabulary.Tokenizer.Encode(word), Is.EqualTo(new[] { id }));

    [Test]
    public void There_are_128() => Assert.That(GeneratedWords.Vocabulary.Count, Is.EqualTo(128));

    [Test]
    public void The_words_of_the_model_that_came_before_have_the_ids_that_it_gave_them()
    {
        string path = Repository.Data("models/tiny/tokenizer.json");
        JsonObject vocabulary = JsonNode.Parse(File.ReadAllText(path))!["model"]!["vocab"]!.AsObject();
        Tokenizer tokenizer = GeneratedWords.Vocabulary.Tokenizer;
        Assert.That(
            vocabulary.Select(word => tokenizer.Encode(word.Key).Single()), Is.EqualTo(vocabulary.Select(word => (int)word.Value!)));
    }
}
