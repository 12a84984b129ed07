using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Tests.Records;

[TestFixture]
sealed class CsvTableTests
{
    static readonly SampleRow Row = new()
    {
        Pool = "p",
        Problem = 0,
        Sample = 1,
        Difficulty = 3,
        PromptTokens = 5,
        Tokens = 7,
        Finish = "stop",
        Answer = "a, \"b\"\nc",
        Correct = 1,
        Logprob = -0.1,
        TokensHash = "0123456789abcdef",
    };

    string path = null!;

    [SetUp]
    public void Create() => path = Path.GetTempFileName();

    [TearDown]
    public void Remove() => File.Delete(path);

    [Test]
    public void Rows_are_read_as_they_were_written()
    {
        SampleRow[] rows = [
            Row,
            Row with { Answer = "" },
            Row with { Answer = "=1+1", Logprob = double.NaN },
            Row with { Answer = " x ", Logprob = -1e-300 },
            Row with { PromptTokens = null, Tokens = null, Finish = "", Logprob = null, TokensHash = "" }];
        File.WriteAllBytes(path, SampleTable.Csv.Write(rows));
        Assert.That(SampleTable.Csv.Read(path), Is.EqualTo(rows));
    }

    [Test]
    public void The_form_is_pinned()
    {
        string text = Encoding.UTF8.GetString(SampleTable.Csv.Write([Row with { Logprob = -0.0, Answer = "-5" }]));
        Assert.That(text, Is.EqualTo(
            "pool,problem,sample,difficulty,prompt_tokens,tokens,finish,answer,correct,logprob,tokens_hash\n"
                + "p,0,1,3,5,7,stop,-5,1,0,0123456789abcdef\n"));
    }

    [Test]
    public void What_a_recording_does_not_state_is_empty_and_no_number()
    {
        string text = Encoding.UTF8.GetString(SampleTable.Csv.Write(
            [Row with { PromptTokens = null, Tokens = null, Finish = "", Answer = "-5", Logprob = null, TokensHash = "" }]));
        Assert.That(text.Split('\n')[1], Is.EqualTo("p,0,1,3,,,,-5,1,,"));
    }

    [TestCase("p,0,1", "p,0", 2), TestCase("stop", "st\"op", 2), TestCase(",7,stop", ",seven,stop", 2), TestCase(",1,-0.1", ",2,-0.1", 2)]
    [TestCase("-0.1", "-0.10", 2), TestCase("pool,", "pol,", 1), TestCase("p,0,1", "p,00,1", 2), TestCase(",3,5,", ",,5,", 2)]
    public void A_field_that_is_not_in_the_written_form_is_refused_with_its_line(string right, string wrong, int line)
    {
        string text = Encoding.UTF8.GetString(SampleTable.Csv.Write([Row with { Answer = "x" }]));
        Assert.That(text, Does.Contain(right));
        File.WriteAllText(path, text.Replace(right, wrong));
        HarnessException corrupt = Assert.Throws<HarnessException>(() => SampleTable.Csv.Read(path))!;
        Assert.That((corrupt.Diagnostic, corrupt.Line), Is.EqualTo((Codes.ResultsCorrupt, line)));
    }

    [TestCase("pool,", "pol,", "the header lacks the column 'pool'")]
    [TestCase("tokens_hash\n", "tokens\n", "the header names the column 'tokens' twice")]
    public void A_wrong_header_is_refused_with_its_column(string right, string wrong, string message)
    {
        File.WriteAllText(path, Encoding.UTF8.GetString(SampleTable.Csv.Write([Row])).Replace(right, wrong));
        HarnessException corrupt = Assert.Throws<HarnessException>(() => SampleTable.Csv.Read(path))!;
        Assert.That((corrupt.Diagnostic, corrupt.Line), Is.EqualTo((Codes.ResultsCorrupt, 1)));
        Assert.That(corrupt.Message, Does.Contain(message));
    }

    [Test]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        File.WriteAllBytes(path, [.. SampleTable.Csv.Write([Row]), 0xFF]);
        Assert.That(Assert.Throws<HarnessException>(() => SampleTable.Csv.Read(path))!.Diagnostic, Is.EqualTo(Codes.ResultsCorrupt));
    }

    [Test]
    public void Comparisons_round_trip()
    {
        ComparisonRow row = new()
        {
            FirstPool = "think",
            FirstStrategy = "single",
            FirstMultiplier = 1,
            SecondPool = "direct",
            SecondStrategy = "majority-vote",
            SecondMultiplier = 64,
            Difficulty = "all",
            Problems = 9,
            FirstAccuracy = 2.0 / 3,
            SecondAccuracy = 1.0 / 3,
            Difference = 1.0 / 3,
            CiLow = -1e-17,
            CiHigh = 0.5,
            PValue = 1 / 2001.0,
            Test = "permutation",
        };
        File.WriteAllBytes(path, ComparisonTable.Csv.Write([row]));
        Assert.That(ComparisonTable.Csv.Read(path), Is.EqualTo(new[] { row }));
    }

    [Test]
    public void Accuracy_and_throughput_round_trip()
    {
        AccuracyRow accuracy = new()
        {
            Pool = "p",
            Strategy = "coverage",
            Multiplier = 4,
            Difficulty = "all",
            Problems = 9,
            Accuracy = 1.0 / 3,
            CiLow = 0,
            CiHigh = 1,
            Tokens = 12.5,
            Flops = 1e12,
            MonteCarloError = 1e-3 / 7,
        };
        File.WriteAllBytes(path, AccuracyTable.Csv.Write([accuracy]));
        Assert.That(AccuracyTable.Csv.Read(path), Is.EqualTo(new[] { accuracy }));
        ThroughputRow throughput = new()
        {
            Precision = "w8a8",
            Device = "cpu",
            Isa = "avx2",
            Threads = 2,
            Batch = 64,
            PromptTokens = 128,
            TokensPerSample = 16,
            Runs = 5,
            TokensPerSecond = 100,
            TokensPerSecondLow = 90,
            TokensPerSecondHigh = 101,
            SamplesPerSecond = 6.25,
            FlopsPerSecond = 3e10,
            CeilingShare = null,
            JoulesPerToken = 0.25,
        };
        File.WriteAllBytes(path, ThroughputTable.Csv.Write([throughput]));
        Assert.That(ThroughputTable.Csv.Read(path), Is.EqualTo(new[] { throughput }));
    }
}
