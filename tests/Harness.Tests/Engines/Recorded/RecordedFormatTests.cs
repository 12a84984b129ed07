using Harness.Diagnostics;
using Harness.Engines.Recorded;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Tasks;

namespace Harness.Tests.Engines.Recorded;

[TestFixture]
sealed class RecordedFormatTests
{
    const string Header = "pool,problem,sample,difficulty,prompt_tokens,tokens,finish,answer,correct,logprob,tokens_hash\n";

    ScratchFolder folder = null!;

    [SetUp]
    public void Create() => folder = new ScratchFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void A_csv_file_is_read_by_the_usual_names_of_its_fields()
    {
        RecordedSample[] samples = Read(
            "csv", "problem,sample,answer,correct,text,tokens,logprob\n3,0,12,1,\"so, 12\",7,-2.5\n3,1,,0,,,\n");
        Assert.That(samples[0], Is.EqualTo(new RecordedSample
        {
            Line = 2,
            Problem = 3,
            Sample = 0,
            Answer = "12",
            Correct = true,
            Text = "so, 12",
            Tokens = 7,
            Logprob = -2.5,
        }));
        Assert.That((samples[1].Line, samples[1].Sample, samples[1].Correct, samples[1].Tokens, samples[1].Logprob),
            Is.EqualTo((3, 1, false, (int?)null, (double?)null)), "what is empty is unknown, and no 0");
    }

    [Test]
    public void Fields_have_the_names_that_the_pool_gives()
    {
        RecordedFields fields = new() { Problem = "task", Answer = "given", Correct = "ok" };
        RecordedSample[] samples = Read("csv", "task,given,ok,answer\n0,a,true,not this\n0,b,False,nor this\n", fields);
        Assert.That(samples.Select(sample => (sample.Answer, sample.Correct, sample.Sample)),
            Is.EqualTo(new (string?, bool?, int?)[] { ("a", true, null), ("b", false, null) }));
    }

    [Test]
    public void A_jsonl_file_holds_texts_numbers_and_truths()
    {
        RecordedSample[] samples = Read("jsonl", """
            {"problem": 0, "sample": 1, "answer": 12, "correct": true, "text": "a\nb", "logprob": null}

            {"problem": "0", "sample": 0, "answer": "x", "correct": 0, "tokens": 3}
            """);
        Assert.That(samples.Select(sample => (sample.Line, sample.Sample, sample.Answer, sample.Correct, sample.Text, sample.Tokens)),
            Is.EqualTo(new (int, int?, string?, bool?, string?, int?)[]
            {
                (1, 1, "12", true, "a\nb", null), (3, 0, "x", false, null, 3),
            }));
    }

    [Test]
    public void A_samples_file_gives_one_of_its_pools()
    {
        string text = Header + "a,0,0,3,10,5,stop,x,1,-0.5,0123456789abcdef\nb,0,0,3,,,,,0,,\n";
        RecordedSample a = Read("samples", text, pool: "a").Single(), b = Read("samples", text, pool: "mine", stated: "b").Single();
        Assert.That(a, Is.EqualTo(new RecordedSample
        {
            Line = 2,
            Problem = 0,
            Sample = 0,
            Answer = "x",
            Correct = true,
            PromptTokens = 10,
            Tokens = 5,
            Logprob = -0.5,
            Difficulty = 3,
            Finish = "stop",
            TokensHash = "0123456789abcdef",
        }));
        Assert.That((b.Line, b.Tokens, b.Logprob, b.PromptTokens), Is.EqualTo((3, (int?)null, (double?)null, (int?)null)));
        Refused("samples", text, 0, "has no pool 'mine'; RecordedPool names one of: a, b");
    }

    [TestCase("\"infos\": [{\"r\": 0}, {\"r\": 1}]"), TestCase("\"accs\": [false, true]"), TestCase("\"accs\": [0, 1.0]")]
    public void A_log_of_tree_of_thoughts_is_read_in_both_of_its_forms(string verdicts)
    {
        RecordedSample[] samples = Read("tree-of-thoughts", $"[\n{{\"idx\": 900, \"ys\": [\"a\", \"b\"], {verdicts}, \"steps\": []}}]");
        Assert.That(samples.Select(sample => (sample.Problem, sample.Sample, sample.Text, sample.Correct, sample.Line)),
            Is.EqualTo(new (int, int?, string?, bool?, int)[] { (900, null, "a", false, 2), (900, null, "b", true, 2) }));
    }

    [TestCase("csv", "sample,correct\n0,1\n", 2, "no field 'problem'; it has: sample, correct")]
    [TestCase("csv", "problem,correct\n0,1\n,1\n", 3, "field 'problem' is empty")]
    [TestCase("csv", "problem,correct\n0,1\n0,yes\n", 3, "field 'correct' is 'yes'; expected 0, 1, true or false")]
    [TestCase("csv", "problem,tokens\n0,-1\n", 2, "field 'tokens' is '-1'; expected an integer of 0 or more")]
    [TestCase("csv", "problem,logprob\n0,0.5\n", 2, "field 'logprob' is '0.5'; expected a natural logarithm, 0 or less")]
    [TestCase("csv", "problem,correct\n0,1,2\n", 2, "")]
    [TestCase("jsonl", "{\"problem\": 0}\n{\"problem\": 0,\n", 2, "not JSON")]
    [TestCase("jsonl", "{\"problem\": 0}\n[0]\n", 2, "not an object")]
    [TestCase("jsonl", "{\"problem\": [0]}\n", 1, "field 'problem' is neither a text, a number, true nor false")]
    [TestCase("samples", "pool,problem\na,0\n", 1, "the header lacks the column 'sample'")]
    [TestCase("tree-of-thoughts", "{\"idx\": 0}", 1, "holds no JSON list")]
    [TestCase("tree-of-thoughts", "[\n{\"idx\": 0, \"ys\": [\"a\"}]", 2, "not JSON")]
    [TestCase("tree-of-thoughts", "[{\"idx\": 0,\n\"ys\": []},\n{\"ys\": []}]", 1, "neither 'infos' nor 'accs'")]
    [TestCase("tree-of-thoughts", "[{\"idx\": 0, \"ys\": [], \"accs\": []},\n{\"ys\": []}]", 2, "a problem has no number 'idx'")]
    [TestCase("tree-of-thoughts", "[{\"idx\": 4, \"ys\": [\"a\"], \"accs\": [0, 1]}]", 1, "problem 4 has 1 texts and 2 verdicts")]
    [TestCase("tree-of-thoughts", "[{\"idx\": 4, \"ys\": [\"a\"], \"infos\": [{}]}]", 1, "an entry of 'infos' of problem 4 has no 'r'")]
    [TestCase("tree-of-thoughts", "[{\"idx\": 4, \"ys\": [\"a\"], \"accs\": [0.5]}]", 1, "is 0.5; expected 0, 1, true or false")]
    [TestCase("tree-of-thoughts", "[{\"idx\": 4, \"ys\": [1], \"accs\": [1]}]", 1, "a text of problem 4 is a JSON Number")]
    public void A_bad_file_is_one_line_with_its_place(string format, string text, int line, string message) =>
        Refused(format, text, line, message);

    [Test]
    public void A_field_that_the_pool_names_must_be_there()
    {
        HarnessException bad = Expect.Failure(
            Codes.DataCorrupt, () => Read("csv", "problem,correct\n0,1\n", new RecordedFields { Text = "completion" }));
        Assert.That((bad.Line, bad.Message), Is.EqualTo((2, "no field 'completion'; it has: problem, correct")));
    }

    void Refused(string format, string text, int line, string message)
    {
        HarnessException bad = Expect.Failure(Codes.DataCorrupt, () => Read(format, text));
        Assert.That((bad.File, bad.Line), Is.EqualTo((Path.Combine(folder.Path, "log"), line)), bad.Message);
        Assert.That(bad.Message, Does.Contain(message));
    }

    RecordedSample[] Read(string format, string text, RecordedFields? fields = null, string pool = "mine", string? stated = null)
    {
        folder.Write("log", text);
        return [.. RecordedFormats.All.First(known => known.Name == format)
            .Read(RecordedFile.Find("log", folder.Path), fields ?? new RecordedFields(), pool, stated)];
    }
}
