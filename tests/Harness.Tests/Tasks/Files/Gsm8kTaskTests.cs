using System.Security.Cryptography;
using System.Text.Json;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Files;
using Harness.Tasks.Prompts;
using Harness.Tests.Shared;

namespace Harness.Tests.Tasks.Files;

public class Gsm8kTaskTests
{
    const int InFile = 1319;

    /// <summary>The data folder, or the test is ignored where it has no gsm8k.</summary>
    static string DataFolder() => Path.GetFullPath(Path.Combine(Repository.Data("data/gsm8k/test.jsonl"), "../../.."));

    static Gsm8kTask Task(string? folder, int problems) => new(new TaskSettings { Seed = 1, Problems = problems, DataFolder = folder });

    [Test]
    public void every_problem_is_right_when_given_its_own_answer()
    {
        Gsm8kTask task = Task(DataFolder(), InFile);

        Assert.That(task.Problems, Has.Count.EqualTo(InFile));
        Assert.That(task.Problems.Select(problem => problem.Index), Is.EqualTo(Enumerable.Range(0, InFile)));
        foreach (Problem problem in task.Problems)
        {
            Assert.That(
                task.IsCorrect(problem, task.ExtractAnswer(problem, new GeneratedText($"so it is 1.\n#### {problem.Answer}"))),
                problem.Answer);
            Assert.That(
                task.IsCorrect(problem, task.ExtractAnswer(problem, new GeneratedText($"12 and 3, so ${problem.Answer}.00."))),
                problem.Answer);
            Assert.That(task.IsCorrect(problem, task.ExtractAnswer(problem, new GeneratedText($"#### {problem.Answer}1"))), Is.False);
            Assert.That(task.IsCorrect(problem, null), Is.False);
        }
    }

    [Test]
    public void the_file_is_found_beside_models_or_inside_the_data_folder_and_hashed()
    {
        string folder = DataFolder();
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "data/gsm8k/test.jsonl"))));

        Assert.That(Task(folder, 1).DataHash, Is.EqualTo(hash));
        Assert.That(Task(Path.Combine(folder, "data"), 1).DataHash, Is.EqualTo(hash));
    }

    [Test]
    public void the_think_prompt_is_the_recorded_one()
    {
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(Repository.Data("reference/smollm2-gsm8k-greedy.json")));
        JsonElement[] recorded = [.. reference.RootElement.GetProperty("problems").EnumerateArray()];
        IReadOnlyList<string> prompts = PromptTemplate.Load("gsm8k", "think", null).Render(Task(DataFolder(), 12));

        Assert.That(recorded, Is.Not.Empty);
        foreach (JsonElement problem in recorded)
            Assert.That(prompts[problem.GetProperty("problem").GetInt32()], Is.EqualTo(problem.GetProperty("user").GetString()));
    }

    [Test]
    public void examples_are_the_files_last_and_never_asked()
    {
        Gsm8kTask task = Task(DataFolder(), InFile - 3);

        IReadOnlyList<WorkedExample> examples = task.Examples(3);

        Assert.That(examples.Select(example => example.Question).Intersect(task.Problems.Select(problem => problem.Question)), Is.Empty);
        Assert.That(examples.Select(example => example.Solution), Has.All.Contains("#### ").And.None.Contains("<<"));
        Expect.Failure(Codes.TooFewProblems, () => task.Examples(4));
    }

    [Test]
    public void more_problems_than_the_file_holds_has_a_code()
    {
        string folder = DataFolder();
        HarnessException failure = Expect.Failure(Codes.TooFewProblems, () => Task(folder, InFile + 1));
        Assert.That(failure.Message, Does.Contain("1319").And.Contains("1320"));
    }

    [Test]
    public void an_absent_file_has_a_code_and_names_the_places()
    {
        using ScratchFolder folder = new();
        HarnessException failure = Expect.Failure(Codes.DataNotFound, () => Task(folder.Path, 1));
        Assert.That(failure.Message, Does.Contain(Path.Combine(folder.Path, "gsm8k/test.jsonl")));
        Expect.Failure(Codes.DataNotFound, () => Task(null, 1));
    }

    [Test]
    public void an_answer_without_its_mark_names_the_line()
    {
        using ScratchFolder folder = new();
        folder.Write("gsm8k/test.jsonl", """
            {"question": "a", "answer": "1 #### 1"}
            {"question": "b", "answer": "2"}
            """);
        Assert.That(Expect.Failure(Codes.DataCorrupt, () => Task(folder.Path, 1)).Line, Is.EqualTo(2));
    }

    [Test]
    public void a_difficulty_is_refused()
    {
        TaskSettings settings = new() { Seed = 1, Problems = 1, Difficulties = [3] };
        Expect.Failure(Codes.BadValue, () => _ = new Gsm8kTask(settings));
    }
}
