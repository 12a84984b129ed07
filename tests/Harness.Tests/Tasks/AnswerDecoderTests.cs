using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Decoding;
using Harness.Kernels.Tokenizers;
using Harness.Tasks;
using Harness.Tasks.Answers;
using Harness.Tests.Commands;
using Harness.Tests.Shared;

namespace Harness.Tests.Tasks;

/// <summary>Over a copy of the committed model whose tokenizer has the tags of thinking as special tokens.</summary>
[NonParallelizable]
public class AnswerDecoderTests
{
    ScratchFolder folder = null!;
    Checkpoint model = null!;

    [OneTimeSetUp]
    public void OpenModel()
    {
        folder = new ScratchFolder();
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "results", "base-model", "model")))
            folder.Write(Path.GetFileName(file), File.ReadAllBytes(file));
        string path = Path.Combine(folder.Path, "tokenizer.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        MakeSpecial(json, "97", "<think>");
        MakeSpecial(json, "98", "</think>");
        MakeSpecial(json, "99", "<|end_of_turn|>");
        folder.Write("tokenizer.json", json.ToJsonString());
        model = ModelFiles.Open(folder.Path);
    }

    [OneTimeTearDown]
    public void CloseModel()
    {
        model.Dispose();
        folder.Dispose();
    }

    static void MakeSpecial(JsonNode json, string word, string content)
    {
        JsonObject vocabulary = json["model"]!["vocab"]!.AsObject();
        int id = vocabulary[word]!.GetValue<int>();
        vocabulary.Remove(word);
        vocabulary[content] = id;
        json["added_tokens"]!.AsArray().Add(JsonNode.Parse(
            $$"""
            {"id": {{id}}, "content": "{{content}}", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
             "special": true}
            """));
    }

    Generation Written(string text, FinishReason finish)
    {
        int[] ids = model.Tokenizer!.Encode(text);
        return new Generation(0, 0, ids, new float[ids.Length], finish);
    }

    AnswerDecoder Decoder(string? template = null) => new(model.Tokenizer!, ThinkTags.Of(template));

    [TestCase("<think> 1 + 2 = 3 </think> # 3 <|end_of_turn|>", FinishReason.Stop, "<think> 1 + 2 = 3 </think> # 3")]
    [TestCase("<think> 1 + 2 <|end_of_turn|> = 3", FinishReason.Length, "<think> 1 + 2 = 3")]
    [TestCase("# 3 <|endoftext|> 4", FinishReason.Length, "# 3 4")]
    public void tags_of_thinking_stay_in_the_text_and_other_special_tokens_do_not(string written, FinishReason finish, string text)
    {
        Tokenizer tokenizer = model.Tokenizer!;
        Assert.That(tokenizer.IsSpecial(tokenizer.Encode("<think>").Single()));
        Assert.That(Decoder().TextOf(Written(written, finish)), Is.EqualTo(text));
    }

    [Test]
    public void what_is_thought_between_special_tokens_is_no_answer()
    {
        Gold gold = Gold.Read("5", AnswerComparison.Numeric, '.')!;
        AnswerReader reader = new();

        GeneratedText thought = Decoder().Judged(Written("<think> # 5 # 5", FinishReason.Length));
        GeneratedText answered = Decoder().Judged(Written("<think> 5 </think> 6 <|end_of_turn|>", FinishReason.Stop));

        Assert.That((reader.Extract(thought, gold), thought.CutOff), Is.EqualTo(((string?)null, true)));
        Assert.That((reader.Extract(answered, gold), answered.CutOff), Is.EqualTo(("6", false)));
    }

    [TestCase(null, "# 5")]
    [TestCase("{{ '<|end_of_turn|>' }}", "# 5")]
    [TestCase("{{ message.split('</of_thought>') }}", "# 5")]
    public void a_special_token_that_no_template_has_as_a_tag_is_left_out(string? template, string text) =>
        Assert.That(Decoder(template).TextOf(Written("# <|end_of_turn|> 5", FinishReason.Length)), Is.EqualTo(text));

    [Test]
    public void generate_prints_the_tags()
    {
        (int status, string output, string error) = CommandLine.Invoke(
            "generate", folder.Path, "--prompt", "sum 1 + 2 = think", "-n", "8", "--temperature", "100", "--device", "cpu", "--json");

        Assert.That(status, Is.Zero, error);
        int[] tags = [.. new[] { "<think>", "</think>" }.Select(tag => model.Tokenizer!.Encode(tag).Single())];
        int drawn = 0;
        foreach (JsonElement sample in JsonDocument.Parse(output).RootElement.EnumerateArray())
        {
            int count = sample.GetProperty("tokens").EnumerateArray().Count(token => tags.Contains(token.GetInt32()));
            drawn += count;
            string text = sample.GetProperty("text").GetString()!;
            Assert.That(text.Split(' ').Count(word => word is "<think>" or "</think>"), Is.EqualTo(count), text);
            Assert.That(text, Does.Not.Contain("<|"));
        }
        Assert.That(drawn, Is.Positive, "the random texts hold tags");
    }
}
