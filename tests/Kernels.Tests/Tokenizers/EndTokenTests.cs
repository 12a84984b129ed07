using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Tokenizers;
using Kernels.Tests.Checkpoints;
using static Kernels.Tests.Checkpoints.Refusals;

namespace Kernels.Tests.Tokenizers;

/// <summary>Where answers end, where texts begin, and which words are special, in both formats.</summary>
sealed class EndTokenTests
{
    const int Begin = 259, Turn = 260, First = 261;

    [TestCase("<|endoftext|>")]
    [TestCase("<|end_of_text|>")]
    [TestCase("<|eom_id|>")]
    [TestCase("<|eot_id|>")]
    [TestCase("<|end|>")]
    [TestCase("<end_of_turn>")]
    [TestCase("</s>")]
    [TestCase("<\uFF5Cend\u2581of\u2581sentence\uFF5C>")]
    [TestCase("<|fim_pad|>")]
    [TestCase("<|repo_name|>")]
    [TestCase("<reponame>")]
    [TestCase("<|file_sep|>")]
    public void A_gguf_ends_at_the_words_at_which_llama_cpp_ends_whatever_their_type(string word)
    {
        foreach (int type in new[] { 1, 3, 4 })
        {
            Tokenizer tokenizer = Gguf([word, "<other>"], type);

            Assert.That(tokenizer.EndTokens, Is.EqualTo(new[] { Turn, First }), $"type {type}");
            Assert.That(tokenizer.IsSpecial(First), Is.True);
            Assert.That(tokenizer.Encode(word), Is.EqualTo(new[] { First }));
            Assert.That(tokenizer.Decode([First, 257], keepSpecial: false), Is.EqualTo("the"));
        }
    }

    [TestCase("eos")]
    [TestCase("eot")]
    [TestCase("eom")]
    [TestCase("fim_pad")]
    [TestCase("fim_rep")]
    [TestCase("fim_sep")]
    public void A_gguf_ends_at_the_tokens_that_its_metadata_names(string name)
    {
        Tokenizer tokenizer = Gguf(["<a>"], 3, writer =>
        {
            writer.WithoutKey("tokenizer.ggml.eos_token_id");
            return writer.Add($"tokenizer.ggml.{name}_token_id", (uint)First);
        });

        Assert.That(tokenizer.EndTokens, Is.EqualTo(new[] { Turn, First }), "<|im_end|> is known by its word");
        using var folder = new ScratchFolder();
        string key = $"tokenizer.ggml.{name}_token_id";
        byte[] bytes = TinyModels.Gguf().WithoutKey(key).Add(key, 300u).ToBytes();
        AssertRefused(folder.Write("m.gguf", bytes), KernelCodes.TokenizerCorrupt, $"{name} token 300");
    }

    [Test]
    public void A_mark_of_code_completion_that_the_metadata_names_is_the_only_one()
    {
        Tokenizer tokenizer = Gguf(["<|repo_name|>", "<reponame>"], 3, writer => writer.Add("tokenizer.ggml.fim_rep_token_id", 262u));

        Assert.That(tokenizer.EndTokens, Is.EqualTo(new[] { Turn, 262 }));
    }

    [Test]
    public void Words_that_end_only_a_part_of_an_answer_are_passed_over()
    {
        Assert.That(Gguf(["<|end|>", "<|return|>", "<|call|>"], 3).EndTokens, Is.EqualTo(new[] { Turn, 262, 263 }));
        Assert.That(Gguf(["<|end|>", "<|calls|>", "<|flush|>"], 3).EndTokens, Is.EqualTo(new[] { Turn, 262, 263 }));
        Assert.That(Gguf(["<|end|>", "<|return|>"], 3).EndTokens, Is.EqualTo(new[] { Turn, 261, 262 }));
        Assert.That(Gguf(["</s>", "<|tool_response>"], 3).EndTokens, Is.EqualTo(new[] { Turn, 262 }));
    }

    [Test]
    public void A_folder_ends_at_every_id_that_its_configurations_list()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, config => config["eos_token_id"] = 5);
        folder.Write("generation_config.json", """{"eos_token_id":[7,260]}""");
        Assert.That(Ends(folder), Is.EqualTo(new[] { 5, 7, Turn }));

        folder.Write("generation_config.json", """{"eos_token_id":[7,300]}""");
        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, "300");
        folder.Write("generation_config.json", """{"eos_token_id":["7"]}""");
        AssertRefused(folder.Path, KernelCodes.ModelCorrupt, "eos_token_id");
    }

    [TestCase("\"the\"")]
    [TestCase("""{"content":"the","lstrip":false}""")]
    public void An_eos_that_is_a_plain_word_ends_an_answer_and_is_special(string eos)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, config => config["eos_token_id"] = null, AddsNothing);
        folder.Write("tokenizer_config.json", $$"""{"eos_token":{{eos}}}""");
        Tokenizer tokenizer = Open(folder);

        Assert.That(tokenizer.EndTokens, Is.EqualTo(new[] { 257 }));
        Assert.That(tokenizer.IsSpecial(257), Is.True);
        Assert.That(tokenizer.Encode("bathe"), Is.EqualTo(new[] { Byte('b'), Byte('a'), 257 }), "matched before words are cut");
    }

    [Test]
    public void An_eos_that_is_no_token_is_refused_where_nothing_else_ends_an_answer()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, config => config["eos_token_id"] = null, AddsNothing);
        folder.Write("tokenizer_config.json", """{"eos_token":"<none>"}""");
        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, "<none>");

        TinyModels.WriteFolder(folder, config => config["eos_token_id"] = 5, AddsNothing);
        Assert.That(Ends(folder), Is.EqualTo(new[] { 5 }));
        folder.Write("tokenizer_config.json", """{"eos_token":{"lstrip":true}}""");
        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, "eos_token");
    }

    [Test]
    public void Tokens_that_only_the_tokenizers_configuration_names_are_added_and_go_before_the_others()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        WriteSettings(folder, new Dictionary<string, object>
        {
            ["262"] = new { content = "<x>", special = true },
            ["261"] = new { content = "<y>", rstrip = true },
            ["259"] = new { content = "<|im_start|>", special = true, rstrip = true },
        }, ("eos_token", "<x>"));
        Tokenizer tokenizer = Open(folder);

        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Encode("the<x><y> the"), Is.EqualTo(new[] { 257, 262, First, 257 }));
            Assert.That(tokenizer.Encode("<|im_start|> the"), Is.EqualTo(new[] { Begin, 257 }));
            Assert.That((tokenizer.IsSpecial(262), tokenizer.IsSpecial(First)), Is.EqualTo((true, false)));
            Assert.That(tokenizer.EndTokens, Is.EqualTo(new[] { Turn, 262 }));
        });
    }

    [TestCase("260", "<x>", "another word")]
    [TestCase("262", "<|im_end|>", "260")]
    [TestCase("262", "the", "257")]
    [TestCase("300", "<x>", "300")]
    [TestCase("262", "", "262")]
    [TestCase("one", "<x>", "one")]
    public void A_token_of_the_configuration_that_contradicts_the_tokenizer_is_refused(string id, string content, string culprit)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        WriteSettings(folder, new Dictionary<string, object> { [id] = new { content } });

        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, culprit);
    }

    [Test]
    public void Words_that_are_listed_as_special_are_special()
    {
        foreach (string key in new[] { "additional_special_tokens", "extra_special_tokens" })
        {
            using var folder = new ScratchFolder();
            TinyModels.WriteFolder(folder);
            folder.Write("tokenizer_config.json", $$"""{"{{key}}":["the",{"content":"th"},"<none>"]}""");
            Tokenizer tokenizer = Open(folder);

            bool[] special = [.. new[] { 257, 256, 258 }.Select(tokenizer.IsSpecial)];
            Assert.That(special, Is.EqualTo(new[] { true, true, false }), key);
        }
    }

    [TestCase("true", false, true)]
    [TestCase("true", true, true)]
    [TestCase("false", true, false)]
    [TestCase("null", true, true)]
    [TestCase("null", false, false)]
    public void A_stated_add_bos_token_goes_before_the_post_processor(string stated, bool template, bool adds)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, editTokenizer: tokenizer => tokenizer["post_processor"] = template ? BeginTemplate() : null);
        folder.Write("tokenizer_config.json", $$"""{"add_bos_token":{{stated}},"bos_token":"<|im_start|>","add_eos_token":false}""");
        Tokenizer tokenizer = Open(folder);

        Assert.That((tokenizer.AddsBeginOfSequence, tokenizer.BeginOfSequence), Is.EqualTo((adds, Begin)));
    }

    [Test]
    public void A_begin_that_no_token_is_and_an_end_after_every_text_are_refused()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, config => config["bos_token_id"] = Begin);
        folder.Write("tokenizer_config.json", """{"add_bos_token":true}""");
        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, "add_bos_token");
        folder.Write("tokenizer_config.json", """{"add_eos_token":true}""");
        AssertRefused(folder.Path, KernelCodes.TokenizerUnsupported, "add_eos_token");
        folder.Write("tokenizer_config.json", """{"add_bos_token":"yes"}""");
        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, "add_bos_token");
    }

    static void AddsNothing(Dictionary<string, object?> tokenizer) => tokenizer["added_tokens"] = Array.Empty<object>();

    static Dictionary<string, object> BeginTemplate() => new()
    {
        ["type"] = "TemplateProcessing",
        ["single"] = new object[] { new { SpecialToken = new { id = "<|im_start|>" } }, new { Sequence = new { id = "A" } } },
    };

    static void WriteSettings(ScratchFolder folder, Dictionary<string, object> added, params (string Name, object Value)[] more)
    {
        var settings = more.ToDictionary(entry => entry.Name, entry => entry.Value);
        settings["added_tokens_decoder"] = added;
        folder.Write("tokenizer_config.json", JsonSerializer.Serialize(settings));
    }

    static Tokenizer Gguf(string[] more, int type, Func<GgufWriter, GgufWriter>? edit = null)
    {
        using var folder = new ScratchFolder();
        GgufWriter writer = TinyModels.Gguf().WithoutKey("tokenizer.ggml.tokens").WithoutKey("tokenizer.ggml.token_type")
            .Add("tokenizer.ggml.tokens", [.. TinyModels.Words, .. more])
            .Add("tokenizer.ggml.token_type",
                [.. TinyModels.Words.Select(word => word.StartsWith("<|", StringComparison.Ordinal) ? 3 : 1), .. more.Select(_ => type)]);
        using Checkpoint model = ModelFiles.Open(folder.Write("m.gguf", (edit?.Invoke(writer) ?? writer).ToBytes()));
        return model.Tokenizer!;
    }

    static Tokenizer Open(ScratchFolder folder)
    {
        using Checkpoint model = ModelFiles.Open(folder.Path);
        return model.Tokenizer!;
    }

    static IReadOnlyList<int> Ends(ScratchFolder folder) => Open(folder).EndTokens;

    static int Byte(char letter) => Array.IndexOf(TinyModels.Words, letter.ToString());
}
