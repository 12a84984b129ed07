using Harness.Kernels.Sampling;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Prompts;

namespace Harness.Tests.Tasks.Generated;

[TestFixture]
sealed class SolvedProblemsTests
{
    static ISolvedProblems Of(string task) => TaskRegistry.Find(task).Solved!;

    static ProblemRandom Stream(int number, int step = 1, ulong seed = 1) => new(seed, number, step, RandomPurpose.TrainingSequence);

    static IEnumerable<TestCaseData> Styles =>
        from task in TaskRegistry.All
        where task.Solved is not null
        from style in task.Solved!.Styles
        select new TestCaseData(task.Name, style);

    /// <summary>By the task's own checker, which knows nothing of how the problem was made.</summary>
    [TestCaseSource(nameof(Styles))]
    public void Every_solution_is_right(string task, string style)
    {
        TaskDefinition definition = TaskRegistry.Find(task);
        ITask checker = definition.Create(new TaskSettings { Seed = 1, Problems = 1 });
        for (int number = 0; number < 600; number++)
        {
            SolvedProblem solved = Of(task).Draw(Stream(number), 2 + number % 7, ProblemSplit.Train, style);
            string total = task == "sum" ? SumOf(solved.Question).ToString() : "";
            Problem problem = new() { Index = 0, Difficulty = 2, Question = solved.Question, Answer = total };
            string? answer = checker.ExtractAnswer(problem, new GeneratedText(solved.Solution));
            Assert.That(checker.IsCorrect(problem, answer), Is.True, $"{solved.Question} {solved.Solution}");
        }
    }

    [Test]
    public void The_styles_are_prompts_of_the_task([Values("sum", "countdown")] string task) =>
        Assert.That(Of(task).Styles, Is.SubsetOf(PromptTemplate.NamesFor(task)));

    [Test]
    public void A_problem_is_of_the_split_that_was_asked_for([Values("sum", "countdown")] string task,
        [Values(ProblemSplit.Train, ProblemSplit.Validation)] ProblemSplit split)
    {
        for (int number = 0; number < 300; number++)
        {
            string question = Of(task).Draw(Stream(number), 3, split, "think").Question;
            string canonical = task == "sum" ? question
                : $"countdown {string.Join(' ', question.Split(' ')[1..^2].Select(int.Parse).Order())}";
            Assert.That(ProblemSplits.Of(canonical), Is.EqualTo(split), question);
        }
    }

    /// <summary>Models were trained on these: a change makes TrainingVersion rise.</summary>
    [TestCase("sum", 3, "think", "sum 2 - 9 + 21 = | 21 - 9 = 12 ; 2 + 12 = 14 ; # 14 | sum 2 - 9 + 21 =")]
    [TestCase("countdown", 4, "direct", "countdown 1 5 20 11 -> 35 | # 20 11 5 + + 1 - | countdown 1 5 11 20 -> 35")]
    public void Draws_stay_what_they_were(string task, int difficulty, string style, string expected)
    {
        SolvedProblem solved = Of(task).Draw(Stream(5, 7, 3), difficulty, ProblemSplit.Train, style);
        Assert.That($"{solved.Question} | {solved.Solution} | {solved.Identity}", Is.EqualTo(expected));
    }

    static int SumOf(string question)
    {
        string[] words = question.Split(' ');
        int total = int.Parse(words[1]);
        for (int i = 2; i + 1 < words.Length && words[i] != "="; i += 2)
            total += (words[i] == "-" ? -1 : 1) * int.Parse(words[i + 1]);
        return total;
    }
}
