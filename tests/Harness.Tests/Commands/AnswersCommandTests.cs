using System.Diagnostics;
using System.Text.Json;
using Harness.Commands;
using Harness.Tests.Tasks;

namespace Harness.Tests.Commands;

[NonParallelizable]
public class AnswersCommandTests
{
    ScratchFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void each_line_says_what_is_read_and_whether_it_is_right()
    {
        string file = folder.Write("texts.jsonl", """
            {"text": "9 * 2 = 18\n#### $18", "answer": "He sells 9.\n#### 18"}
            {"text": "so 17", "answer": 18}
            {"text": "so 18", "answer": "18", "cut": true}
            """);

        (int status, string output, _) = Invoke("answers", file, "--task", "gsm8k");

        Assert.That((status, output), Is.EqualTo((0, """
            line 1: '18', right
            line 2: '17', wrong: the answer is '18'
            line 3: no answer, wrong: the answer is '18'
            1 of 3 right, 1 without an answer

            """.ReplaceLineEndings())));
    }

    [Test]
    public void json_is_a_line_each()
    {
        string file = folder.Write("texts.jsonl", """
            {"text": "The answer is (b).", "answer": "B", "comparison": "choice"}
            {"text": "The answer is E.", "answer": "E", "comparison": "choice", "choices": ["A", "B"]}

            {"text": "#### Größe", "answer": "Größe"}
            {"text": "", "answer": "1/2", "comparison": "numeric"}
            """);

        (int status, string output, _) = Invoke("answers", file, "--json");

        Assert.That(status, Is.Zero);
        Assert.That(output.TrimEnd().Split('\n').Select(line => line.TrimEnd()), Is.EqualTo(new[]
        {
            """{"line":1,"extracted":"B","correct":true}""",
            """{"line":2,"extracted":null,"correct":false}""",
            """{"line":4,"extracted":"Größe","correct":true}""",
            """{"line":5,"extracted":null,"correct":false}""",
        }));
    }

    [Test]
    public void comparison_pattern_and_decimal_are_those_of_the_task()
    {
        string file = folder.Write("texts.jsonl", """{"text": "Summe: 1.234,5 kg", "answer": "1234,5"}""");

        (int status, string output, _) =
            Invoke("answers", file, "--task", "jsonl", "--comparison", "numeric", "--pattern", "Summe: (.*)", "--decimal", ",", "--json");

        Assert.That(status, Is.Zero);
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("extracted").GetString(), Is.EqualTo("1234.5"));
        Assert.That(output, Does.Contain("true"));
    }

    [TestCase("""{"text": "5"}""", "no field 'answer'")]
    [TestCase("""{"answer": "5"}""", "no field 'text'")]
    [TestCase("""{"text": 5, "answer": "5"}""", "'text' is not a string")]
    [TestCase("""{"text": "5", "answer": "3-5"}""", "'3-5' is not a number and nothing else")]
    [TestCase("""{"text": "5", "answer": "5", "cut": "yes"}""", "'cut' is neither true nor false")]
    [TestCase("""{"text": "5", "answer": "5", "comparison": "numerc"}""", "did you mean 'numeric'")]
    [TestCase("""{"text": "5", "answer": "B", "comparison": "choice", "choices": ["AB"]}""", "'choices' is not a list of labels")]
    [TestCase("nonsense", "not JSON")]
    [TestCase("[]", "not an object")]
    public void a_bad_line_is_one_message_with_code_and_line(string line, string reason)
    {
        string file = folder.Write("texts.jsonl", $"{{\"text\": \"5\", \"answer\": \"5\"}}\n{line}\n");

        (int status, string output, string error) = Invoke("answers", file, "--comparison", "numeric");

        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"{file}(2,").And.Contains("error HRN0302: ").And.Contains(reason));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("HRN0302", "--comparison", "exact")]
    [TestCase("HRN0007", "--comparison", "numerc")]
    [TestCase("HRN0007", "--decimal", ";")]
    [TestCase("HRN0007", "--pattern", "(")]
    [TestCase("HRN0405", "--task", "sum")]
    [TestCase("HRN0405", "--task", "gsm8k", "--decimal", ",")]
    public void a_wrong_option_or_an_empty_file_has_a_code(string code, params string[] options)
    {
        (int status, _, string error) = Invoke(["answers", folder.Write("empty.jsonl", "\n"), .. options]);
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"error {code}: "));
    }

    [Test]
    public void an_absent_file_has_a_code() =>
        Assert.That(Invoke("answers", Path.Combine(folder.Path, "absent.jsonl")).Error, Does.Contain("error HRN0301: "));

    [Test]
    public void a_dash_reads_standard_input()
    {
        ProcessStartInfo start = new("dotnet", [typeof(HarnessCommandLine).Assembly.Location, "answers", "-", "--task", "gsm8k"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write("""{"text": "#### 18", "answer": "18"}""");
        process.StandardInput.Close();

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.That(
            (process.ExitCode, output), Is.EqualTo((0, "line 1: '18', right\n1 of 1 right, 0 without an answer\n".ReplaceLineEndings())));
    }

    static (int Status, string Output, string Error) Invoke(params string[] arguments)
    {
        TextWriter console = Console.Out;
        using StringWriter output = new(), error = new();
        Console.SetOut(output);
        try
        {
            int status = HarnessCommandLine.Invoke(arguments, error);
            return (status, output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(console);
        }
    }
}
