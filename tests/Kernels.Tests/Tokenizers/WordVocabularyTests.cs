using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Tokenizers;

namespace Kernels.Tests.Tokenizers;

public sealed class WordVocabularyTests
{
    static readonly WordVocabulary Words = new(["<end>", "one", "<pad>", "two", "<begin>", "->"], "<end>", "<pad>", "<begin>");

    [Test]
    public void A_word_is_a_token()
    {
        Tokenizer tokenizer = Words.Tokenizer;
        Assert.That(tokenizer.EncodePrompt("two -> one"), Is.EqualTo(new[] { 4, 3, 5, 1 }));
        Assert.That(tokenizer.Encode(" one  two\n"), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(tokenizer.Decode([4, 3, 5, 0], keepSpecial: false), Is.EqualTo("two ->"));
        Assert.That((Words.Begin, Words.End, Words.Padding, Words.Count), Is.EqualTo((4, 0, 2, 6)));
        Assert.That(tokenizer.EndTokens, Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void An_unknown_word_is_refused_by_name() => Assert.That(() => Words.Tokenizer.Encode("one three"),
        Throws.InstanceOf<HarnessException>().With.Message.Contains("'three'"));

    /// <summary>What transformers opens is read back as the same tokenizer.</summary>
    [Test]
    public void Its_files_are_read_as_the_same_vocabulary()
    {
        string folder = Path.Combine(Directory.CreateTempSubdirectory("harness-words-").FullName, "model");
        using (Checkpoint model = ModelFiles.Open("synthetic:llama?d=16&layers=1&heads=2&ffn=32&vocab=6"))
            HuggingFaceWriter.Write(folder, model, new SpecialTokens(Words.Begin, Words.End, Words.Padding), Words.Files());
        using (Checkpoint read = ModelFiles.Open(folder))
        {
            Tokenizer tokenizer = read.Tokenizer!;
            Assert.That(tokenizer.EncodePrompt("two -> one"), Is.EqualTo(Words.Tokenizer.EncodePrompt("two -> one")));
            Assert.That(tokenizer.EndTokens, Is.EqualTo(Words.Tokenizer.EndTokens));
            Assert.That(
                Enumerable.Range(0, 6).Select(tokenizer.IsSpecial), Is.EqualTo(Enumerable.Range(0, 6).Select(Words.Tokenizer.IsSpecial)));
            Assert.That(tokenizer.AddsBeginOfSequence, Is.True);
        }
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }
}
