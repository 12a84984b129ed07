using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Tasks;
using Harness.Tasks.Files;

namespace Harness.Tests.Tasks.Files;

public class JsonlTaskTests
{
    ScratchFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    JsonlTask Read(string text, int problems = 1, params (string Name, string Value)[] options) =>
        Read(Encoding.UTF8.GetBytes(text), problems, options);

    JsonlTask Read(byte[] bytes, int problems = 1, params (string Name, string Value)[] options)
    {
        folder.Write("own.jsonl", bytes);
        return Create(problems, [("Data", "own.jsonl"), .. options]);
    }

    JsonlTask Create(int problems, params (string Name, string Value)[] options) => new(new TaskSettings
    {
        Seed = 1,
        Problems = problems,
        ManifestFolder = folder.Path,
        Options = options.ToDictionary(option => option.Name, option => option.Value),
    });

    static bool Judge(JsonlTask task, string text, int problem = 0) =>
        task.IsCorrect(task.Problems[problem], task.ExtractAnswer(task.Problems[problem], new GeneratedText(text)));

    [Test]
    public void questions_and_answers_are_read_in_order_with_their_hash()
    {
        const string text = "{\"question\": \"Größe? 🙂\", \"answer\": \"a\"}\r\n\n  \n{\"answer\": \"b\", \"question\": \"two\"}";

        JsonlTask task = Read(text, 2);

        (int, string, string)[] expected = [(0, "Größe? 🙂", "a"), (1, "two", "b")];
        Assert.That(task.Problems.Select(problem => (problem.Index, problem.Question, problem.Answer)), Is.EqualTo(expected));
        Assert.That(task.DataHash, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));
    }

    [Test]
    public void a_byte_order_mark_is_passed_over() =>
        Assert.That(Read([.. Encoding.UTF8.Preamble, .. """{"question": "q", "answer": "a"}"""u8]).Problems[0].Question, Is.EqualTo("q"));

    [Test]
    public void fields_can_be_named_and_numbers_are_answers()
    {
        JsonlTask task = Read("""{"q": "1+1", "a": 2.50}""", 1, ("questionfield", "q"), ("AnswerField", "a"), ("Comparison", "Numeric"));

        Assert.That(task.Problems[0].Question, Is.EqualTo("1+1"));
        Assert.That(Judge(task, "It is $2.5."));
        Assert.That(Judge(task, "It is 2.51"), Is.False);
    }

    [Test]
    public void exact_answers_are_compared_as_strings()
    {
        JsonlTask task = Read("""{"question": "q", "answer": " Paris "}""");

        Assert.That(Judge(task, "Let me think.\n#### Paris"));
        Assert.That(Judge(task, "Let me think.\nParis\n"));
        Assert.That(Judge(task, "paris"), Is.False);
        Assert.That(task.ExtractAnswer(task.Problems[0], new GeneratedText("")), Is.Null);
    }

    [Test]
    public void choices_are_compared_as_labels()
    {
        JsonlTask task = Read("""{"question": "q", "answer": "(b)"}""", 1, ("Comparison", "choice"));

        Assert.That(task.ExtractAnswer(task.Problems[0], new GeneratedText("The answer is (B).")), Is.EqualTo("B"));
        Assert.That(Judge(task, "The answer is (B)."));
        Assert.That(Judge(task, "The answer is (C)."), Is.False);
    }

    [Test]
    public void a_pattern_reads_the_text_and_the_data_alike()
    {
        JsonlTask task = Read(
            """
            {"question": "p", "answer": "Because.\nAnswer: 1,000"}
            {"question": "q", "answer": 7}
            """,
            2, ("AnswerPattern", @"Answer: (\S+)"), ("Comparison", "numeric"));

        Assert.That(Judge(task, "Answer: 3\nAnswer: 1000.0 and 5"));
        Assert.That(Judge(task, "Answer: 7", 1));
        Assert.That(task.ExtractAnswer(task.Problems[1], new GeneratedText("7")), Is.Null);
    }

    [Test]
    public void equal_numbers_are_equal_answers_in_a_vote()
    {
        JsonlTask task = Read("""{"question": "q", "answer": "18"}""", 1, ("Comparison", "numeric"));
        string[] texts = ["#### 18", "so $18.00", "18."];
        Assert.That(texts.Select(text => task.ExtractAnswer(task.Problems[0], new GeneratedText(text))), Is.All.EqualTo("18"));
    }

    [Test]
    public void a_question_may_state_its_own_comparison()
    {
        JsonlTask task = Read(
            """
            {"question": "p", "answer": "1/2", "how": "numeric"}
            {"question": "q", "answer": "c", "how": "Choice"}
            {"question": "r", "answer": "0.50", "how": "exact"}
            {"question": "s", "answer": "0.50"}
            """,
            4, ("ComparisonField", "how"), ("Comparison", "numeric"));

        Assert.That(Judge(task, "#### 0.5"));
        Assert.That(Judge(task, "The answer is (C).", 1));
        Assert.That(Judge(task, "#### 0.5", 2), Is.False);
        Assert.That(Judge(task, "#### 0.50", 2));
        Assert.That(Judge(task, "#### .5", 3));
        HarnessException failure = Expect.Failure(
            Codes.DataCorrupt, () => Read("""{"question": "p", "answer": "1", "how": "numerc"}""", 1, ("ComparisonField", "how")));
        Assert.That((failure.Line, failure.Message), Is.EqualTo((1, failure.Message)));
        Assert.That(failure.Message, Does.Contain("'numerc'").And.Contains("did you mean 'numeric'"));
    }

    [Test]
    public void decimals_are_written_with_a_comma_where_the_pool_says_so()
    {
        const string text = """
            {"question": "p", "answer": "1.234,5"}
            {"question": "q", "answer": 2.5}
            """;
        JsonlTask task = Read(text, 2, ("Comparison", "numeric"), ("Decimal", ","));

        Assert.That(Judge(task, "#### 1 234,50"));
        Assert.That(Judge(task, "#### 2,5", 1), "a number of JSON has a point whatever the pool says");
        Assert.That(Expect.Failure(Codes.DataCorrupt, () => Read(text, 2, ("Comparison", "numeric"))).Line, Is.EqualTo(1));
        Expect.Failure(Codes.BadValue, () => Read(text, 2, ("Decimal", ";")));
    }

    [TestCase("3-5"), TestCase("120 m^2"), TestCase("3:45"), TestCase("2024-05-01"), TestCase("3 \u00b1 1")]
    public void a_numeric_answer_is_the_whole_field_or_an_error(string answer)
    {
        string text = $"{{\"question\": \"p\", \"answer\": \"1\"}}\n{{\"question\": \"q\", \"answer\": \"{answer}\"}}";
        Assert.That(Expect.Failure(Codes.DataCorrupt, () => Read(text, 1, ("Comparison", "numeric"))).Line, Is.EqualTo(2));
    }

    [Test]
    public void a_text_that_was_cut_off_has_only_what_is_marked()
    {
        JsonlTask task = Read("""{"question": "q", "answer": "18"}""", 1, ("Comparison", "numeric"));
        Assert.That(task.ExtractAnswer(task.Problems[0], new GeneratedText("so 18") { CutOff = true }), Is.Null);
        Assert.That(task.ExtractAnswer(task.Problems[0], new GeneratedText("#### 18 so 17") { CutOff = true }), Is.EqualTo("18"));
    }

    [Test]
    public void the_manifests_folder_comes_before_the_data_folder()
    {
        using ScratchFolder data = new();
        data.Write("own.jsonl", """{"question": "from data", "answer": "a"}""");
        TaskSettings settings = new()
        {
            Seed = 1,
            Problems = 1,
            ManifestFolder = folder.Path,
            DataFolder = data.Path,
            Options = new Dictionary<string, string> { ["Data"] = "own.jsonl" },
        };

        Assert.That(new JsonlTask(settings).Problems[0].Question, Is.EqualTo("from data"));
        folder.Write("own.jsonl", """{"question": "from manifest", "answer": "a"}""");
        Assert.That(new JsonlTask(settings).Problems[0].Question, Is.EqualTo("from manifest"));
    }

    const string Good = """{"question": "q", "answer": "a"}""";

    [TestCase("{\"question\": \"q\", \"answer\": }", 2, "not JSON")]
    [TestCase("{\"question\": \"q\", \"answer\": \"a\"", 2, "not JSON")]
    [TestCase("{\"question\": \"q\", \"answer\": \"a\"} {}", 2, "not JSON")]
    [TestCase("nonsense", 2, "not JSON")]
    [TestCase("[1, 2]", 2, "not an object")]
    [TestCase("null", 2, "not an object")]
    [TestCase("{\"question\": \"q\"}", 2, "no field 'answer'")]
    [TestCase("{\"Question\": \"q\", \"answer\": \"a\"}", 2, "no field 'question'; it has: Question, answer")]
    [TestCase("{\"question\": 5, \"answer\": \"a\"}", 2, "'question' is not a string")]
    [TestCase("{\"question\": \" \", \"answer\": \"a\"}", 2, "'question' is not a string")]
    [TestCase("{\"question\": \"q\", \"answer\": null}", 2, "'answer' is neither")]
    [TestCase("{\"question\": \"q\", \"answer\": [1]}", 2, "'answer' is neither")]
    [TestCase("{\"question\": \"q\", \"answer\": \"\"}", 2, "'answer' is neither")]
    [TestCase("{\"question\": \"\\ud800\", \"answer\": \"a\"}", 2, "surrogate")]
    public void a_broken_line_names_file_and_line(string line, int number, string reason)
    {
        HarnessException failure = Expect.Failure(Codes.DataCorrupt, () => Read($"{Good}\n{line}\n{Good}\n"));

        Assert.That(failure.File, Does.EndWith("own.jsonl"));
        Assert.That(failure.Line, Is.EqualTo(number));
        Assert.That(failure.Message, Does.Contain(reason).And.Not.Contain("LineNumber"));
    }

    [Test]
    public void a_byte_that_is_not_utf8_names_line_and_column()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"{Good}\n\n{{\"question\": \""), 0xFF, .. "\", \"answer\": \"a\"}"u8];

        HarnessException failure = Expect.Failure(Codes.DataCorrupt, () => Read(bytes));

        Assert.That(failure.Message, Does.Contain("UTF-8"));
        Assert.That((failure.Line, failure.Column), Is.EqualTo((3, 15)));
    }

    [Test]
    public void nesting_without_end_is_not_followed()
    {
        string deep = new string('[', 1_000_000);
        Assert.That(Expect.Failure(Codes.DataCorrupt, () => Read($"{{\"question\": \"q\", \"answer\": {deep}")).Line, Is.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("\n \r\n\n")]
    public void a_file_without_problems_has_a_code(string text) =>
        Assert.That(Expect.Failure(Codes.DataCorrupt, () => Read(text)).File, Does.EndWith("own.jsonl"));

    [Test]
    public void fewer_problems_than_asked_has_a_code() =>
        Assert.That(Expect.Failure(Codes.TooFewProblems, () => Read($"{Good}\n{Good}\n", 3)).Message, Does.Contain("2").And.Contains("3"));

    [TestCase("numeric", "twelve", "a number")]
    [TestCase("choice", "Paris", "a choice")]
    public void an_answer_of_another_kind_than_compared_names_its_line(string comparison, string answer, string wanted)
    {
        string text = $"{{\"question\": \"q\", \"answer\": \"5\"}}\n{{\"question\": \"q\", \"answer\": \"{answer}\"}}";

        HarnessException failure = Expect.Failure(Codes.DataCorrupt, () => Read(text, 1, ("Comparison", comparison)));

        Assert.That(failure.Line, Is.EqualTo(2));
        Assert.That(failure.Message, Does.Contain(answer).And.Contains(wanted));
    }

    [Test]
    public void wrong_options_have_codes()
    {
        Expect.Failure(Codes.MissingValue, () => Create(1));
        Expect.Failure(Codes.MissingValue, () => Create(1, ("Data", "")));
        Expect.Failure(Codes.DataNotFound, () => Create(1, ("Data", "absent.jsonl")));
        Expect.Failure(Codes.DataNotFound, () => Create(1, ("Data", ".")));
        Expect.Failure(Codes.BadValue, () => Read(Good, 0));
        Expect.Failure(Codes.BadValue, () => Read(Good, 1, ("AnswerPattern", "[")));
        Assert.That(Expect.Failure(Codes.BadValue, () => Read(Good, 1, ("Comparison", "numerc"))).Message, Does.Contain("'numeric'"));
        Expect.Failure(Codes.BadValue, () => Read(Good, 1, ("Comparison", "1")));
    }

    [Test]
    public void shown_examples_teach_the_mark()
    {
        JsonlTask task = Read("""
            {"question": "p", "answer": "a"}
            {"question": "q", "answer": "b"}
            {"question": "r", "answer": "so\n#### c"}
            """);

        Assert.That(task.Examples(2), Is.EqualTo(new[] { new WorkedExample("q", "#### b"), new WorkedExample("r", "so\n#### c") }));
        Expect.Failure(Codes.TooFewProblems, () => task.Examples(3));
    }
}
