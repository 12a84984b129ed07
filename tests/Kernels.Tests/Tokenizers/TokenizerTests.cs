using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Tokenizers;
using Kernels.Tests.Checkpoints;
using static Kernels.Tests.Checkpoints.Refusals;

namespace Kernels.Tests.Tokenizers;

sealed class TokenizerTests
{
    const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const string Llama3 =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Qwen2 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    static readonly string[] Pieces =
    [
        " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "'", "'s", "'LL", "'Ve", "'d", "a", "Zeta", "é", "e\u0301", "日本", "ع", "1",
        "234", "٣", "Ⅷ", "½",
        "!", "?!", "_", "-", "\u200D", "€", "\u0301", "s", "re",
    ];

    [TestCase(Gpt2)]
    [TestCase(Llama3)]
    [TestCase(Qwen2)]
    public void Words_are_cut_where_the_published_regex_cuts_them(string regex)
    {
        WordPattern pattern = WordPattern.OfRegex(regex)!;
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            string[] expected = [.. Regex.Matches(text, regex, RegexOptions.CultureInvariant).Select(match => match.Value)];
            Assert.That(Cut(pattern, text), Is.EqualTo(expected), $"'{text}'");
        }
    }

    [Test]
    public void Characters_beyond_the_basic_plane_are_one_letter_or_number()
    {
        Assert.That(Cut(WordPattern.Gpt2, "\U0001D54F𠮷 🙂🙃"), Is.EqualTo(new[] { "\U0001D54F𠮷", " 🙂🙃" }));
        Assert.That(
            Cut(WordPattern.Llama3, "\U0001D7D8\U0001D7D9\U0001D7DA\U0001D7DB"),
            Is.EqualTo(new[] { "\U0001D7D8\U0001D7D9\U0001D7DA", "\U0001D7DB" }));
    }

    [Test]
    public void A_long_s_is_an_s_to_a_pattern_without_case()
    {
        Assert.That(Cut(WordPattern.Qwen2, "it'ſo"), Is.EqualTo(new[] { "it", "'ſ", "o" }));
        Assert.That(Cut(WordPattern.Gpt2, "it'ſo"), Is.EqualTo(new[] { "it", "'", "ſo" }));
    }

    [Test]
    public void Merging_gives_what_the_definition_gives_at_any_length()
    {
        var merges = new BytePairMerges();
        var ranks = new Dictionary<(int, int), (int Rank, int Merged)>();
        var random = new Random(2);
        for (int merged = 4; merged < 60; merged++)
        {
            (int left, int right) = (random.Next(merged), random.Next(merged));
            if (ranks.TryAdd((left, right), (ranks.Count, merged)))
                merges.Add(left, right, merged);
        }

        for (int round = 0; round < 400; round++)
        {
            int[] symbols = [.. Enumerable.Range(0, random.Next(1, 150)).Select(_ => random.Next(4))];
            List<int> expected = MergeByDefinition([.. symbols], ranks);
            int count = merges.Merge(symbols);
            Assert.That(symbols[..count], Is.EqualTo(expected));
        }
    }

    [Test]
    public void A_word_of_a_million_letters_is_merged_in_time()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder);
        using Checkpoint model = ModelFiles.Open(folder.Path);

        int[] ids = model.Tokenizer!.Encode(string.Concat(Enumerable.Repeat("the", 400_000)));

        Assert.That(ids, Has.Length.EqualTo(400_000));
        Assert.That(ids, Has.All.EqualTo(257));
    }

    [TestCase("e\u0301", "é")]
    [TestCase("é", "é")]
    [TestCase("a\u0323\u0307", "ạ̇")]
    [TestCase("a\u0307\u0323", "ạ̇")]
    [TestCase("\u1100\u1161\u11A8", "각")]
    [TestCase("가\u11A8", "각")]
    [TestCase("\u212B", "Å")]
    [TestCase("\u0958", "\u0915\u093C")]
    [TestCase("\u1E9B\u0323", "\u1E9B\u0323")]
    [TestCase("\u0301a", "\u0301a")]
    [TestCase("\U0001D15E", "\U0001D157\U0001D165")]
    [TestCase("a\u0315\u0300\u05AE\u0062", "\u00E0\u05AE\u0315b")]
    [TestCase("日本🙂", "日本🙂")]
    public void Text_is_normalized_to_form_C(string text, string expected)
    {
        byte[] normalized = CanonicalComposition.Normalize(Encoding.UTF8.GetBytes(text)).ToArray();

        Assert.That(Encoding.UTF8.GetString(normalized), Is.EqualTo(expected));
    }

    [Test]
    public void Special_tokens_are_text_where_they_are_not_asked_for()
    {
        Tokenizer tokenizer = Open();

        int[] parsed = tokenizer.Encode("the<|im_end|>");
        int[] plain = tokenizer.Encode("the<|im_end|>", parseSpecial: false);

        Assert.That(parsed, Is.EqualTo(new[] { 257, 260 }));
        Assert.That(plain, Does.Not.Contain(260));
        Assert.That(tokenizer.Decode(plain, keepSpecial: false), Is.EqualTo("the<|im_end|>"));
        Assert.That(tokenizer.Decode(parsed, keepSpecial: false), Is.EqualTo("the"));
        Assert.That(tokenizer.Decode(parsed, keepSpecial: true), Is.EqualTo("the<|im_end|>"));
        Assert.That(Encoding.UTF8.GetString(tokenizer.TokenBytes(260)), Is.EqualTo("<|im_end|>"));
    }

    [Test]
    public void An_added_token_that_is_matched_after_normalization_is_normalized_itself()
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, editTokenizer: tokenizer =>
        {
            tokenizer["normalizer"] = new { type = "NFC" };
            tokenizer["added_tokens"] = new[] { new { id = 270, content = "<e\u0301>", special = false, normalized = true } };
        });
        using Checkpoint model = ModelFiles.Open(folder.Path);

        Assert.That(model.Tokenizer!.Encode("a<\u00E9><e\u0301>"), Is.EqualTo(new[] { model.Tokenizer.Encode("a")[0], 270, 270 }));
    }

    [Test]
    public void Every_scalar_value_has_the_class_that_the_published_tokenizers_give_it()
    {
        var classes = new byte[0x110000];
        for (int scalar = 0; scalar < classes.Length; scalar++)
        {
            if (Rune.IsValid(scalar))
                classes[scalar] = (byte)ScalarClasses.First(Encoding.UTF8.GetBytes(new Rune(scalar).ToString()), out _);
        }

        Assert.That(Convert.ToHexStringLower(SHA256.HashData(classes)), Is.EqualTo(
            "ba830e7f669dd0fcc40141409e2c8be621eead74b1d0d659dc89185f117d69c8"),
            "Unicode 16, on which every family agreed with tokenizers 0.23.2 over the scalar values");
    }

    [Test]
    public void Of_added_tokens_the_leftmost_and_then_the_longest_is_taken()
    {
        Tokenizer tokenizer = Open(tokenizer => tokenizer["added_tokens"] = new object[]
        {
            new { id = 261, content = "<a>", special = false },
            new { id = 262, content = "<a><b>", special = true },
            new { id = 263, content = "b", special = false, lstrip = true, rstrip = true },
        });

        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Encode("<a><b><a>"), Is.EqualTo(new[] { 262, 261 }));
            Assert.That(tokenizer.Encode("<a><b>", parseSpecial: false), Is.EqualTo(new[] { 261, Byte('<'), 263, Byte('>') }));
            Assert.That(tokenizer.Encode("a \n b\u00A0 c"), Is.EqualTo(new[] { Byte('a'), 263, Byte('c') }));
            Assert.That(tokenizer.VocabularySize, Is.EqualTo(264));
            Assert.That(tokenizer.TokenBytes(270).IsEmpty, Is.True);
        });
    }

    [Test]
    public void Bytes_that_are_no_text_decode_to_the_replacement_character_and_join_across_tokens()
    {
        Tokenizer tokenizer = Open();
        int[] ids = tokenizer.Encode("é");

        Assert.That(ids, Has.Length.EqualTo(2));
        Assert.That(tokenizer.Decode(ids, true), Is.EqualTo("é"));
        Assert.That(tokenizer.Decode(ids.AsSpan(0, 1), true), Is.EqualTo("\uFFFD"));
        Assert.That(tokenizer.Decode(tokenizer.Encode("\uD800"), true), Is.EqualTo("\uFFFD"));
    }

    [Test]
    public void Threads_share_a_tokenizer()
    {
        Tokenizer tokenizer = Open();
        string text = string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"the{i} {i * 31}"));
        int[] expected = Open().Encode(text);

        Assert.That(ParallelEnumerable.Range(0, 8).Select(_ => tokenizer.Encode(text)).All(ids => ids.SequenceEqual(expected)), Is.True);
    }

    [Test]
    public void A_word_level_tokenizer_refuses_unknown_words_unless_it_has_a_token_for_them()
    {
        Tokenizer strict = Open(tokenizer => MakeWordLevel(tokenizer, "<none>"));
        Tokenizer lenient = Open(tokenizer => MakeWordLevel(tokenizer, "<unk>"));

        HarnessException error = Assert.Throws<HarnessException>(() => strict.Encode("one\u3000 three\n"))!;

        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.WordOutsideVocabulary));
        Assert.That(error.Message, Does.Contain("three"));
        Assert.That(lenient.Encode(" one\u3000 three\n<end>two"), Is.EqualTo(new[] { 1, 0, 3, 2 }));
        Assert.That(lenient.Decode([1, 3, 2, 299], keepSpecial: false), Is.EqualTo("one two"));
    }

    [Test]
    public void A_template_that_adds_a_begin_token_is_followed()
    {
        Tokenizer tokenizer = Open(tokenizer => tokenizer["post_processor"] = Sequence("processors",
            new { type = "ByteLevel" },
            Template(new { SpecialToken = new { id = "<|im_start|>" } }, new { Sequence = new { id = "A" } })));

        Assert.That(tokenizer.AddsBeginOfSequence, Is.True);
        Assert.That(tokenizer.BeginOfSequence, Is.EqualTo(259));
        Assert.That(tokenizer.Encode("the"), Is.EqualTo(new[] { 257 }));
    }

    static readonly object?[] Refused =
    [
        new object?[] { "model", new { type = "Unigram", vocab = Array.Empty<object>() }, KernelCodes.TokenizerUnsupported, "Unigram" },
        new object?[] { "model", null, KernelCodes.TokenizerCorrupt, "" },
        new object?[] { "normalizer", new { type = "Lowercase" }, KernelCodes.TokenizerUnsupported, "Lowercase" },
        new object?[] { "pre_tokenizer", new { type = "Metaspace" }, KernelCodes.TokenizerUnsupported, "Metaspace" },
        new object?[] { "pre_tokenizer", null, KernelCodes.TokenizerUnsupported, "none" },
        new object?[] { "pre_tokenizer", new { type = "ByteLevel", add_prefix_space =
            true }, KernelCodes.TokenizerUnsupported, "add_prefix_space" },
        new object?[] { "decoder", new { type = "WordPiece" }, KernelCodes.TokenizerUnsupported, "WordPiece" },
        new object?[] { "post_processor", new { type = "BertProcessing" }, KernelCodes.TokenizerUnsupported, "BertProcessing" },
        new object?[]
        {
            "post_processor", Template(new { Sequence = new { id = "A" } }, new { SpecialToken = new { id = "<|im_end|>" } }),
            KernelCodes.TokenizerUnsupported, "post-processor",
        },
        new object?[]
        {
            "post_processor", Template(new { SpecialToken = new { id = "<absent>" } }, new { Sequence = new { id = "A" } }),
            KernelCodes.TokenizerCorrupt, "<absent>",
        },
        new object?[]
        {
            "pre_tokenizer",
            Sequence(
                "pretokenizers",
                new { type = "Split", pattern = new { Regex = "[a-z]+" }, behavior = "Isolated" },
                new { type = "ByteLevel", add_prefix_space = false, use_regex = false }),
            KernelCodes.TokenizerUnsupported, "[a-z]+",
        },
        new object?[] { "added_tokens", new[] { new { id = 300, content = "<x>" } }, KernelCodes.TokenizerCorrupt, "300" },
        new object?[] { "added_tokens", new[] { new { id = 5, content = "<x>" } }, KernelCodes.TokenizerCorrupt, "<x>" },
        new object?[] { "added_tokens", new[] { new { id = 261, content = "" } }, KernelCodes.TokenizerCorrupt, "" },
        new object?[] { "added_tokens", new[] { new { id = 261, content = "<x>", single_word =
            true } }, KernelCodes.TokenizerUnsupported, "single_word" },
        new object?[] { "added_tokens", new[] { 7 }, KernelCodes.TokenizerCorrupt, "" },
    ];

    [TestCaseSource(nameof(Refused))]
    public void What_is_not_implemented_or_contradicts_itself_is_refused_by_name(
        string section, object? value, Diagnostic code, string culprit)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, editTokenizer: tokenizer => tokenizer[section] = value);

        AssertRefused(folder.Path, code, culprit);
    }

    [TestCase("""{"a":0,"b":0}""", "token 0 has two words")]
    [TestCase("""{"a":0,"a":1}""", "same word")]
    [TestCase("""{"a":-1}""", "token -1")]
    [TestCase("""{"a":2147483647}""", "token 2147483647")]
    [TestCase("""{"a":1.5}""", "id")]
    [TestCase("""{"":1}""", "empty")]
    public void Vocabularies_that_contradict_themselves_are_refused(string vocabulary, string culprit)
    {
        using var folder = new ScratchFolder();
        using JsonDocument words = JsonDocument.Parse(vocabulary);
        TinyModels.WriteFolder(
            folder, editTokenizer: tokenizer => tokenizer["model"] = new { type = "BPE", vocab = 0, merges = TinyModels.Merges });
        string path = Path.Combine(folder.Path, "tokenizer.json");
        folder.Write("tokenizer.json", File.ReadAllText(path).Replace("\"vocab\":0", $"\"vocab\":{vocabulary}"));

        AssertRefused(folder.Path, KernelCodes.TokenizerCorrupt, culprit);
    }

    static Tokenizer Open(Action<Dictionary<string, object?>>? edit = null)
    {
        using var folder = new ScratchFolder();
        TinyModels.WriteFolder(folder, editTokenizer: edit);
        using Checkpoint model = ModelFiles.Open(folder.Path);
        return model.Tokenizer!;
    }

    static void MakeWordLevel(Dictionary<string, object?> tokenizer, string unknown)
    {
        tokenizer["added_tokens"] = new[] { new { id = 3, content = "<end>", special = true } };
        tokenizer["pre_tokenizer"] = new { type = "WhitespaceSplit" };
        tokenizer["decoder"] = null;
        tokenizer["model"] = new
        {
            type = "WordLevel",
            vocab = new Dictionary<string, int> { ["<unk>"] = 0, ["one"] = 1, ["two"] = 2, ["<end>"] = 3 },
            unk_token = unknown,
        };
    }

    static object Template(params object[] single) => new { type = "TemplateProcessing", single };

    static Dictionary<string, object> Sequence(string member, params object[] stages) => new() { ["type"] = "Sequence", [member] = stages };

    static int Byte(char letter) => Array.IndexOf(TinyModels.Words, letter.ToString());

    static List<string> Cut(WordPattern pattern, string text)
    {
        var words = new List<string>();
        for (ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(text); !rest.IsEmpty;)
        {
            int length = pattern.FirstWord(rest);
            words.Add(Encoding.UTF8.GetString(rest[..length]));
            rest = rest[length..];
        }
        return words;
    }

    static List<int> MergeByDefinition(List<int> symbols, Dictionary<(int, int), (int Rank, int Merged)> ranks)
    {
        while (true)
        {
            int best = -1;
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                if (ranks.TryGetValue((symbols[i], symbols[i + 1]), out var merge)
                    && (best < 0 || merge.Rank < ranks[(symbols[best], symbols[best + 1])].Rank))
                {
                    best = i;
                }
            }
            if (best < 0)
                return symbols;
            symbols[best] = ranks[(symbols[best], symbols[best + 1])].Merged;
            symbols.RemoveAt(best + 1);
        }
    }
}
