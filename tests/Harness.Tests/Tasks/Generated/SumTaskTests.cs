using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Generated;

namespace Harness.Tests.Tasks.Generated;

public class SumTaskTests
{
    static SumTask Task(int problems, ulong seed = 1, params int[] difficulties) =>
        new(new TaskSettings
        {
            Seed = seed,
            Problems = problems,
            Difficulties = difficulties,
            Options = new Dictionary<string, string> { ["Split"] = "all" },
        });

    static int[] Terms(string question)
    {
        string[] words = question.Split(' ');
        Assert.That(words[0], Is.EqualTo("sum"));
        Assert.That(words[^1], Is.EqualTo("="));
        int count = (words.Length - 1) / 2;
        return [.. Enumerable.Range(0, count).Select(i => int.Parse(words[1 + 2 * i]) * (i > 0 && words[2 * i] == "-" ? -1 : 1))];
    }

    [Test]
    public void terms_and_total_stay_in_range_and_the_answer_is_the_total()
    {
        foreach (Problem problem in Task(7000, 3, 2, 3, 4, 5, 6, 7, 8).Problems)
        {
            int[] terms = Terms(problem.Question);
            Assert.That(terms, Has.Length.EqualTo(problem.Difficulty));
            Assert.That(terms[0], Is.Positive);
            Assert.That(terms.Select(Math.Abs), Is.All.InRange(1, 39));
            Assert.That(terms.Sum(), Is.InRange(0, 99));
            Assert.That(problem.Answer, Is.EqualTo(terms.Sum().ToString()));
        }
    }

    [Test]
    public void both_signs_and_the_ends_of_the_range_occur()
    {
        Problem[] problems = [.. Task(4000, 1, 3, 5).Problems];

        int[] terms = [.. problems.SelectMany(problem => Terms(problem.Question))];
        Assert.That(terms.Select(Math.Abs).Distinct().Count(), Is.EqualTo(39));
        Assert.That(
            terms.Count(term => term < 0), Is.InRange(terms.Length / 4, terms.Length / 3), "signs are fair but for the total's range");
        Assert.That(problems.Select(problem => problem.Answer), Does.Contain("0").And.Contains("99"));
    }

    [Test]
    public void every_shown_solution_combines_live_terms_within_range_and_ends_on_the_total()
    {
        foreach (int difficulty in Enumerable.Range(2, 7))
        {
            foreach (WorkedExample example in Task(1, 5, difficulty).Examples(300))
            {
                List<int> live = [.. Terms(example.Question)];
                string[] parts = example.Solution.Split(" ; ");
                foreach (string step in parts[..^1])
                {
                    string[] words = step.Split(' ');
                    (int a, int b, int result) =
                        (int.Parse(words[0]), int.Parse(words[2]) * (words[1] == "-" ? -1 : 1), int.Parse(words[4]));
                    Assert.That(live.Remove(a) && live.Remove(b), example.Solution);
                    Assert.That(a + b, Is.EqualTo(result).And.InRange(0, 99), example.Solution);
                    live.Add(result);
                }
                Assert.That(live, Has.Count.EqualTo(1));
                Assert.That(parts[^1], Is.EqualTo($"# {live[0]}"));
            }
        }
    }

    [Test]
    public void difficulties_are_cycled_over_by_problem()
    {
        Assert.That(Task(5, 1, 7, 2).Problems.Select(problem => problem.Difficulty), Is.EqualTo(new[] { 7, 2, 7, 2, 7 }));
        Assert.That(Task(4).Problems.Select(problem => problem.Difficulty), Is.EqualTo(new[] { 3, 5, 7, 3 }));
    }

    [Test]
    public void a_problem_depends_on_seed_index_and_difficulty_alone()
    {
        Problem[] all = [.. Task(60, 9, 4).Problems];

        Assert.That(Task(10, 9, 4).Problems, Is.EqualTo(all[..10]));
        Problem[] mixed = [.. Task(60, 9, 4, 6).Problems];
        Assert.That(mixed.Where(problem => problem.Difficulty == 4), Is.EqualTo(all.Where(problem => problem.Index % 2 == 0)));
        Assert.That(Task(60, 10, 4).Problems.Select(problem => problem.Question), Is.Not.EqualTo(all.Select(problem => problem.Question)));
    }

    [Test]
    public void generated_problems_keep_their_golden_hash()
    {
        string all = string.Concat(Task(2000, 1, 2, 3, 4, 5, 6, 7, 8).Problems.Select(problem => $"{problem.Question} {problem.Answer}\n"));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16], Is.EqualTo("8e9757efa58c0711"));
    }

    [TestCase("17 - 15 = 2 ; 2 + 8 = 10 ; # 10", "10")]
    [TestCase("# 10", "10")]
    [TestCase(" # 0 ", "0")]
    [TestCase("1 + 1 = 3 ; # 10", "10", Description = "the vote is over answers: steps are not judged")]
    [TestCase("# 10 # 12", "10")]
    [TestCase("# 10 ; 5", "10")]
    [TestCase("17 - 15 = 2", null)]
    [TestCase("", null)]
    [TestCase("#", null)]
    [TestCase("# =", null)]
    [TestCase("#  10", null, Description = "an id without a word was generated in between")]
    [TestCase("# 07", null)]
    [TestCase("# 100", null)]
    [TestCase("# -5", null)]
    [TestCase("# 99999999999999999999", null)]
    public void the_answer_is_the_number_after_the_first_mark(string text, string? answer)
    {
        SumTask task = Task(1);
        Assert.That(task.ExtractAnswer(task.Problems[0], new GeneratedText(text)), Is.EqualTo(answer));
    }

    [Test]
    public void only_the_total_is_correct()
    {
        SumTask task = Task(1);
        Problem problem = task.Problems[0];

        Assert.That(
            Enumerable.Range(0, 100).Where(n => task.IsCorrect(problem, n.ToString())), Is.EqualTo(new[] { int.Parse(problem.Answer) }));
        Assert.That(task.IsCorrect(problem, null), Is.False);
    }

    [TestCase(1)]
    [TestCase(9)]
    [TestCase(-3)]
    [TestCase(int.MaxValue)]
    public void a_difficulty_out_of_range_is_a_wrong_value(int difficulty) =>
        Assert.That(
            Expect.Failure(Codes.BadValue, () => Task(1, 1, 3, difficulty)).Message, Does.Contain($"{difficulty}").And.Contains("2..8"));

    [Test]
    public void no_problems_is_a_wrong_value() => Expect.Failure(Codes.BadValue, () => Task(0));

    [Test]
    public void examples_are_distinct_and_not_asked()
    {
        SumTask task = Task(1500, 1, 2);

        string[] shown = [.. task.Examples(64).Select(example => example.Question)];

        Assert.That(shown, Is.Unique);
        Assert.That(shown.Intersect(task.Problems.Select(problem => problem.Question)), Is.Empty);
        Assert.That(task.Examples(3).Select(example => example.Question), Is.EqualTo(shown[..3]));
    }

    [Test]
    public void too_few_problems_left_to_show_has_a_code() =>
        Expect.Failure(Codes.TooFewProblems, () => Task(60_000, 1, 2).Examples(1));
}
