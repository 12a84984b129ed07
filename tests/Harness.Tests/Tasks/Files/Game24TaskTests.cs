using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Answers;

namespace Harness.Tests.Tasks.Files;

[TestFixture]
sealed class Game24TaskTests
{
    const string Puzzles = "Rank,Puzzles,AMT (s)\n1,1 1 4 6,4.4\n2,3 3 8 8,9\n3,1 2 8 1,4\n";

    ScratchFolder folder = null!;

    [SetUp]
    public void Create()
    {
        folder = new ScratchFolder();
        folder.Write("game24/24.csv", Puzzles);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase("Steps:\n8 / 3 = 2.67\nAnswer: 8 / (3 - 8 / 3) = 24", "8 / (3 - 8 / 3)", true)]
    [TestCase("Answer: 8 * 3 + 8 - 8 = 24", "8 * 3 + 8 - 8", false)]
    [TestCase("Answer: 3 * 8 = 24", "3 * 8", false)]
    [TestCase("Answer: (3 + 3) * 8 - 8 = 24", "(3 + 3) * 8 - 8", false)]
    [TestCase("answer: 8/(3-8/3)", "8 / (3 - 8 / 3)", true)]
    [TestCase("Answer: 8/(3-8/3) = 24\nAnswer: none", null, false)]
    [TestCase("8 / (3 - 8 / 3) = 24", null, false)]
    public void The_expression_in_the_last_answer_line_is_judged(string text, string? answer, bool right)
    {
        ITask task = Task(2);
        Problem problem = task.Problems[1];
        string? read = task.ExtractAnswer(problem, new GeneratedText(text));
        Assert.That((read, task.IsCorrect(problem, read)), Is.EqualTo((answer, right)));
    }

    [Test]
    public void Every_puzzle_has_a_right_answer_that_the_checker_accepts()
    {
        ITask task = Task(3);
        foreach (Problem problem in task.Problems)
            Assert.That(task.IsCorrect(problem, problem.Answer), Is.True, $"{problem.Question}: {problem.Answer}");
    }

    [Test]
    public void Examples_are_the_last_puzzles_and_solved()
    {
        WorkedExample example = ((IWorkedExamples)Task(2)).Examples(1).Single();
        Assert.That(example.Question, Is.EqualTo("1 2 8 1"));
        Assert.That(example.Solution, Does.StartWith("Answer: ").And.EndWith(" = 24"));
        Assert.That(ExactExpression.Parse(example.Solution["Answer: ".Length..^" = 24".Length])!.IsEqualTo(24), Is.True);
        Expect.Failure(Codes.TooFewProblems, () => ((IWorkedExamples)Task(2)).Examples(2));
    }

    [TestCase("Rank,Puzzles\n1,1 1 4 6\n2,1 1 1\n", 3, "'1 1 1' is not 4 numbers")]
    [TestCase("Rank,Numbers\n1,1 1 4 6\n", 1, "has no column 'Puzzles'")]
    [TestCase("Rank,Puzzles\n1,1 1 1 1\n", 2, "'1 1 1 1' can't be made 24")]
    public void A_wrong_file_is_one_line(string text, int line, string message)
    {
        string path = folder.Write("game24/24.csv", text);
        HarnessException bad = Expect.Failure(Codes.DataCorrupt, () => Task(1));
        Assert.That((bad.File, bad.Line, bad.Message), Is.EqualTo((path, line, message)));
    }

    [Test]
    public void Fewer_puzzles_than_asked_for_are_refused() => Expect.Failure(Codes.TooFewProblems, () => Task(4));

    ITask Task(int problems) => TaskRegistry.Find("game24").Create(
        new TaskSettings { Seed = 1, Problems = problems, DataFolder = folder.Path });
}
