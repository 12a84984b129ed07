using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Tasks;
using Harness.Tasks.Files;
using Harness.Tasks.Generated;
using Harness.Tasks.Prompts;

namespace Harness.Tests.Tasks.Prompts;

public class PromptTemplateTests
{
    ScratchFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    static SumTask Sum(int problems = 2) => new SumTask(new TaskSettings { Seed = 1, Problems = problems, Difficulties = [3] });

    PromptTemplate Own(string text, string name = "own.txt")
    {
        folder.Write(name, text);
        return PromptTemplate.Load("sum", name, folder.Path);
    }

    [TestCase("think")]
    [TestCase("direct")]
    public void the_embedded_tasks_end_with_the_word_of_the_style(string style)
    {
        SumTask task = Sum();
        IReadOnlyList<string> prompts = PromptTemplate.Load("sum", style, null).Render(task);
        Assert.That(prompts, Is.EqualTo(task.Problems.Select(problem => $"{problem.Question} {style}")));
    }

    [Test]
    public void few_shot_shows_that_many_worked_problems_before_the_question()
    {
        SumTask task = Sum();

        string prompt = PromptTemplate.Load("sum", "few-shot-3", null).Render(task)[0];

        string[] blocks = prompt.Split("\n\n");
        Assert.That(blocks, Has.Length.EqualTo(4));
        Assert.That(blocks[..3], Has.All.Match("^sum .* = think .* ; # [0-9]+$"));
        Assert.That(blocks[3], Is.EqualTo($"{task.Problems[0].Question} think"));
    }

    [Test]
    public void every_task_has_every_template_and_they_differ()
    {
        foreach (TaskDefinition task in TaskRegistry.All)
        {
            Assert.That(PromptTemplate.NamesFor(task.Name), Is.EqualTo(new[] { "direct", "few-shot-N", "think" }));
            string[] names = ["direct", "think", "few-shot-1", "few-shot-2"];
            string[] hashes = [.. names.Select(name => PromptTemplate.Load(task.Name, name, null).ContentHash)];
            Assert.That(hashes, Is.Unique);
        }
    }

    [Test]
    public void a_file_is_found_from_the_manifests_folder_and_keeps_its_unicode()
    {
        folder.Write("prompts/höflich.txt", "Bitte: {question}\n🙂\n\n");
        SumTask task = Sum(1);

        string prompt = PromptTemplate.Load("sum", "prompts/höflich.txt", folder.Path).Render(task)[0];

        Assert.That(prompt, Is.EqualTo($"Bitte: {task.Problems[0].Question}\n🙂\n"), "the file's last line end alone is left out");
    }

    [Test]
    public void line_ends_and_a_byte_order_mark_do_not_change_a_template()
    {
        PromptTemplate plain = Own("a\n{question}\n");
        PromptTemplate windows = Own("\uFEFFa\r\n{question}\r\n");

        Assert.That(windows.ContentHash, Is.EqualTo(plain.ContentHash));
        Assert.That(windows.Render(Sum()), Is.EqualTo(plain.Render(Sum())));
        Assert.That(Own("b\n{question}\n").ContentHash, Is.Not.EqualTo(plain.ContentHash));
    }

    [Test]
    public void braces_that_are_no_placeholder_are_text()
    {
        string question = Sum(1).Problems[0].Question;
        Assert.That(Own("{\"a\": {}} \\boxed{X} {{question}} {question} { question }").Render(Sum(1))[0],
            Is.EqualTo($"{{\"a\": {{}}}} \\boxed{{X}} {{question}} {question} {{ question }}"));
    }

    [Test]
    public void what_a_question_holds_is_not_filled_in_again()
    {
        folder.Write("own.jsonl", """{"question": "what is {examples}?", "answer": "a"}""");
        JsonlTask task = new(new TaskSettings
        {
            Seed = 1,
            Problems = 1,
            ManifestFolder = folder.Path,
            Options = new Dictionary<string, string> { ["Data"] = "own.jsonl" },
        });
        Assert.That(PromptTemplate.Load("jsonl", "direct", null).Render(task)[0], Does.StartWith("what is {examples}?\n"));
    }

    [Test]
    public void an_own_template_shows_examples_in_its_own_form()
    {
        folder.Write("own.example.txt", "Q: {question} A: {solution}\n");
        PromptTemplate template = Own("{examples:2}\n\nQ: {question} A:\n");

        string[] blocks = template.Render(Sum(1))[0].Split("\n\n");

        Assert.That(template.Shots, Is.EqualTo(2));
        Assert.That(blocks, Has.Length.EqualTo(3));
        Assert.That(blocks[..2], Has.All.Match("^Q: sum .* = A: .* # [0-9]+$"));
        folder.Write("own.example.txt", "{question}: {solution}\n");
        Assert.That(PromptTemplate.Load("sum", "own.txt", folder.Path).ContentHash, Is.Not.EqualTo(template.ContentHash));
    }

    [TestCase("thnk", "did you mean 'think'")]
    [TestCase("few-shot", "few-shot-N has N in 1..64")]
    [TestCase("few-shot-0", "few-shot-N has N in 1..64")]
    [TestCase("few-shot-65", "few-shot-N has N in 1..64")]
    [TestCase("few-shot-+3", "few-shot-N has N in 1..64")]
    [TestCase("few-shot.example", "direct, few-shot-N, think")]
    [TestCase("absent.txt", "direct, few-shot-N, think")]
    [TestCase("", "direct, few-shot-N, think")]
    [TestCase(".", "direct, few-shot-N, think")]
    public void a_name_that_is_neither_template_nor_file_lists_the_names(string name, string hint) =>
        Assert.That(Expect.Failure(Codes.PromptNotFound, () => PromptTemplate.Load("sum", name, folder.Path)).Message, Does.Contain(hint));

    [TestCase("no placeholder", 0, 0, "lacks {question}")]
    [TestCase("{{question}}", 0, 0, "lacks {question}")]
    [TestCase("", 0, 0, "lacks {question}")]
    [TestCase("{question}\nand {anwser}", 2, 5, "{anwser}")]
    [TestCase("{question} {solution}", 1, 12, "{solution}")]
    [TestCase("{question:2}", 1, 1, "{examples:N}")]
    [TestCase("{examples:0} {question}", 1, 1, "1..64")]
    [TestCase("{examples:99999999999} {question}", 1, 1, "1..64")]
    [TestCase("{examples} {question}", 0, 0, "{examples:3}")]
    [TestCase("{examples:2} {examples:2} {question}", 1, 14, "second")]
    public void a_wrong_template_names_the_place(string text, int line, int column, string reason)
    {
        HarnessException failure = Expect.Failure(Codes.PromptTemplateBad, () => Own(text));

        Assert.That(failure.File, Does.EndWith("own.txt"));
        Assert.That((failure.Line, failure.Column), Is.EqualTo((line, column)));
        Assert.That(failure.Message, Does.Contain(reason));
    }

    [Test]
    public void a_template_that_is_not_utf8_has_a_code()
    {
        folder.Write("own.txt", [.. Encoding.UTF8.GetBytes("{question}"), 0xC3]);
        Expect.Failure(Codes.PromptTemplateBad, () => PromptTemplate.Load("sum", "own.txt", folder.Path));
    }

    [Test]
    public void an_example_form_without_its_solution_has_a_code()
    {
        folder.Write("own.example.txt", "{question}");
        Assert.That(Expect.Failure(Codes.PromptTemplateBad, () => Own("{examples:1} {question}")).File, Does.EndWith("own.example.txt"));
    }
}
