using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Tasks;
using Harness.Training;

namespace Harness.Tests.Training;

[TestFixture]
sealed class FileExamplesTests
{
    const string Pairs = "<Data Include=\"own\" File=\"pairs.jsonl\" PromptField=\"ask\" AnswerField=\"say\" />";
    const string Text = "<Data Include=\"own\" File=\"text.txt\" />";

    string folder = null!;

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("harness-data-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    void Write(string name, IEnumerable<string> lines) => File.WriteAllText(Path.Combine(folder, name), string.Join('\n', lines) + "\n");

    void WritePairs() => Write("pairs.jsonl", Enumerable.Range(0, 200).Select(
        number => $$"""{"ask": "sum {{number % 100}} + {{number / 100}} =", "say": "# {{number % 100}}"}"""));

    static string[] Texts(DrawnBatch drawn) => [.. drawn.Batch.Groups.SelectMany(group => group.Sequences)
        .Select(sequence => GeneratedWords.Vocabulary.Tokenizer.Decode(sequence.Tokens, keepSpecial: false))];

    BatchDrawer Drawer(string data, bool validation = false, string shape = "")
    {
        TrainManifest train = TrainingExperiments.Train(data, TrainingExperiments.Tiny.Replace("ffn=32", "ffn=32" + shape));
        return new BatchDrawer(train, TrainingExperiments.Data(train, folder), validation);
    }

    [Test]
    public void Pairs_are_passed_over_whole_in_a_new_order_each_time()
    {
        WritePairs();
        BatchDrawer drawer = Drawer(Pairs);
        string[] texts = [.. Enumerable.Range(1, 8).SelectMany(step => Texts(drawer.Draw(step)))];
        int each = texts.Distinct().Count();
        Assert.That(each, Is.InRange(130, 185), "13 in 16 of 200");
        string[][] passes = [.. texts.Chunk(each)];
        Assert.That(texts, Has.Length.GreaterThan(2 * each));
        Assert.That(passes[0], Is.Unique);
        Assert.That(passes[1], Is.EquivalentTo(passes[0]).And.Not.EqualTo(passes[0]));
        Assert.That(texts[0], Does.Match("^sum [0-9]+ \\+ [01] = # [0-9]+$"));
    }

    [Test]
    public void Draws_go_on_where_they_were()
    {
        WritePairs();
        BatchDrawer whole = Drawer(Pairs), resumed = Drawer(Pairs);
        whole.Draw(1);
        resumed.Drawn = whole.Drawn;
        Assert.That(Texts(resumed.Draw(2)), Is.EqualTo(Texts(whole.Draw(2))));
    }

    [Test]
    public void What_validates_is_never_learnt_from()
    {
        WritePairs();
        BatchDrawer drawer = Drawer(Pairs);
        HashSet<string> learnt = [.. Enumerable.Range(1, 8).SelectMany(step => Texts(drawer.Draw(step)))];
        string[] validation = Texts(Drawer(Pairs, validation: true).DrawOf(0, 500));
        Assert.That(validation.Distinct().Count(), Is.InRange(4, 30), "1 in 16 of 200");
        Assert.That(validation.Where(learnt.Contains), Is.Empty);
    }

    /// <summary>A text counts whole, in windows of the context.</summary>
    [Test]
    public void A_text_is_cut_into_windows()
    {
        Write("text.txt", Enumerable.Range(0, 300).Select(line => $"sum {line % 100} + {line * 7 % 100} = {line * 3 % 100}"));
        DrawnBatch drawn = Drawer(Text, shape: ";context=16").Draw(1);
        Assert.That(drawn.Batch.Groups.SelectMany(group => group.Sequences).Select(sequence => sequence.Tokens.Length).Distinct(),
            Is.SubsetOf(new[] { 17, 1 + 300 * 6 % 16 }));
        Assert.That(drawn.Batch.LossTokens, Is.EqualTo(drawn.Batch.Tokens - drawn.Identities.Count));
        Assert.That(drawn.Batch.Groups[0].Sequences[0].Tokens[0], Is.EqualTo(GeneratedWords.Vocabulary.Begin));
    }

    [Test]
    public void A_byte_order_mark_is_no_word()
    {
        string[] lines = [.. Enumerable.Range(0, 300).Select(line => $"sum {line % 100} + 1")];
        Write("text.txt", lines);
        string[] without = Texts(Drawer(Text).Draw(1));
        Write("text.txt", ["\uFEFF" + lines[0], .. lines[1..]]);
        Assert.That(Texts(Drawer(Text).Draw(1)), Is.EqualTo(without));
    }

    [Test]
    public void A_word_that_the_vocabulary_lacks_is_said_with_its_line()
    {
        Write("pairs.jsonl", ["{\"ask\": \"sum 1 + 2 =\", \"say\": \"# 3\"}", "{\"ask\": \"sum one\", \"say\": \"# 1\"}"]);
        HarnessException unknown = Assert.Throws<HarnessException>(() => Drawer(Pairs))!;
        Assert.That((unknown.Diagnostic, unknown.Line), Is.EqualTo((KernelCodes.WordOutsideVocabulary, 2)));
        Assert.That(unknown.Message, Does.Contain("'one'"));
        Write("text.txt", ["sum 1 + 2", "and so on"]);
        HarnessException inText = Assert.Throws<HarnessException>(() => Drawer(Text))!;
        Assert.That(inText.Message, Does.Contain("'and'"));
    }

    [Test]
    public void A_pair_that_the_model_cannot_hold_is_said_with_its_line_before_anything_is_drawn()
    {
        string sum = string.Join(" + ", Enumerable.Range(1, 20));
        Write("pairs.jsonl", ["{\"ask\": \"sum 1 + 2 =\", \"say\": \"# 3\"}", $$"""{"ask": "sum {{sum}} =", "say": "# 1"}"""]);
        HarnessException longer = Assert.Throws<HarnessException>(() => Drawer(Pairs, shape: ";context=32"))!;
        Assert.That((longer.Diagnostic.Code, longer.Line), Is.EqualTo(("HRN0021", 2)));
    }

    [Test]
    public void A_file_that_is_absent_too_small_or_of_other_fields_is_refused()
    {
        Assert.That(() => Drawer(Text), Throws.InstanceOf<HarnessException>().With.Message.Contains("text.txt"));
        Write("text.txt", ["sum 1 + 2 = 3"]);
        Assert.That(() => Drawer(Text), Throws.InstanceOf<HarnessException>().With.Message.Contains("too small"));
        Write("pairs.jsonl", ["{\"question\": \"sum 1 + 2 =\"}"]);
        Assert.That(() => Drawer(Pairs), Throws.InstanceOf<HarnessException>().With.Message.Contains("no field 'ask'; it has: question"));
    }
}
