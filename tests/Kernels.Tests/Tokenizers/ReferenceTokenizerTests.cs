using System.Text.Json;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Tokenizers;
using Harness.Tests.Shared;
using Kernels.Tests.Checkpoints;

namespace Kernels.Tests.Tokenizers;

/// <summary>Ids, texts and chats of the reference files, which tokenizers and transformers wrote.</summary>
sealed class ReferenceTokenizerTests
{
    [Test]
    public void SmolLM2_gives_the_ids_and_texts_of_its_reference()
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data(ReferenceFiles.SmolLm2));

        foreach (JsonElement text in ReferenceFiles.Read("reference/smollm2-135m-q4_1.json").GetProperty("tokenizer").EnumerateArray())
            AssertCase(model.Tokenizer!, text);
    }

    [Test]
    public void SmolLM2_ends_where_llama_cpp_ends_and_adds_no_begin_token()
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data(ReferenceFiles.SmolLm2));

        Assert.Multiple(() =>
        {
            Assert.That(model.Tokenizer!.EndTokens, Is.EqualTo(new[] { 0, 2, 4 }));
            Assert.That(model.Tokenizer.BeginOfSequence, Is.EqualTo(1));
            Assert.That(model.Tokenizer.AddsBeginOfSequence, Is.False);
            Assert.That(model.Tokenizer.IsSpecial(2), Is.True);
            Assert.That(model.Tokenizer.VocabularySize, Is.EqualTo(49152));
        });
    }

    [Test]
    public void SmolLM2s_chat_template_writes_the_prompts_of_its_references()
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data(ReferenceFiles.SmolLm2));
        JsonElement logits = ReferenceFiles.Read("reference/smollm2-135m-q4_1.json").GetProperty("logits");
        (string? System, string User)[] chats =
        [
            (null, "What is the capital of France? Answer in one sentence."),
            ("You are a careful mathematician.", Between(ReferenceFiles.Text(logits[1], "text"), "<|im_start|>user\n", "<|im_end|>")),
        ];

        for (int i = 0; i < chats.Length; i++)
        {
            ChatMessage[] messages = chats[i].System is { } system
                ? [new("system", system), new("user", chats[i].User)]
                : [new("user", chats[i].User)];
            string text = model.ChatTemplate!.Render(messages, addGenerationPrompt: true);
            Assert.That(text, Is.EqualTo(ReferenceFiles.Text(logits[i], "text")));
            Assert.That(model.Tokenizer!.Encode(text), Is.EqualTo(ReferenceFiles.Ids(logits[i])));
        }
    }

    [TestCaseSource(typeof(ReferenceFiles), nameof(ReferenceFiles.TinyNames))]
    public void Random_models_give_the_ids_and_texts_of_their_reference(string name)
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data($"reference/tiny/{name}"));

        foreach (JsonElement text in ReferenceFiles.Read($"reference/tiny/{name}/reference.json").GetProperty("cases").EnumerateArray())
            AssertCase(model.Tokenizer!, text);
    }

    [TestCaseSource(typeof(ReferenceFiles), nameof(ReferenceFiles.TinyNames))]
    public void Random_models_write_the_chat_of_their_reference(string name)
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data($"reference/tiny/{name}"));
        JsonElement chat = ReferenceFiles.Read($"reference/tiny/{name}/reference.json").GetProperty("chat");
        ChatMessage[] messages =
        [
            .. chat.GetProperty("messages").EnumerateArray()
                .Select(message => new ChatMessage(ReferenceFiles.Text(message, "role"), ReferenceFiles.Text(message, "content"))),
        ];

        string text = model.ChatTemplate!.Render(messages, addGenerationPrompt: true);

        Assert.That(text, Is.EqualTo(ReferenceFiles.Text(chat, "text")));
        Assert.That(model.Tokenizer!.Encode(text), Is.EqualTo(ReferenceFiles.Ids(chat)));
    }

    [Test]
    public void The_trained_tiny_model_gives_the_ids_of_its_reference_after_its_begin_token()
    {
        using Checkpoint model = ModelFiles.Open(Repository.Data("models/tiny"));
        Tokenizer tokenizer = model.Tokenizer!;

        Assert.That(tokenizer.AddsBeginOfSequence, Is.True);
        foreach (JsonElement item in ReferenceFiles.Read("models/tiny/reference.json").GetProperty("cases").EnumerateArray())
        {
            int[] ids = [tokenizer.BeginOfSequence!.Value, .. tokenizer.Encode(ReferenceFiles.Text(item, "text"))];
            Assert.That(ids, Is.EqualTo(ReferenceFiles.Ids(item)));
            Assert.That(tokenizer.Decode(ids, keepSpecial: false), Is.EqualTo(ReferenceFiles.Text(item, "text")));
        }
    }

    static void AssertCase(Tokenizer tokenizer, JsonElement item)
    {
        string text = ReferenceFiles.Text(item, "text");
        int[] ids = tokenizer.Encode(text);
        Assert.That(ids, Is.EqualTo(ReferenceFiles.Ids(item)), text);
        Assert.That(tokenizer.Decode(ids, keepSpecial: true), Is.EqualTo(ReferenceFiles.Text(item, "decoded")));
    }

    static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
