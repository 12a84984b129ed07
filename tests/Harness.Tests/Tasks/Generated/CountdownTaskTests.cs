using System.Security.Cryptography;
using System.Text;
using Harness.Diagnostics;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Generated;

namespace Harness.Tests.Tasks.Generated;

public class CountdownTaskTests
{
    static CountdownTask Task(int problems, ulong seed = 1, params int[] difficulties) =>
        new(new TaskSettings
        {
            Seed = seed,
            Problems = problems,
            Difficulties = difficulties,
            Options = new Dictionary<string, string> { ["Split"] = "all" },
        });

    static (int[] Numbers, int Target) Read(string question)
    {
        string[] words = question.Split(' ');
        Assert.That(words[0], Is.EqualTo("countdown"));
        Assert.That(words[^2], Is.EqualTo("->"));
        return ([.. words[1..^2].Select(int.Parse)], int.Parse(words[^1]));
    }

    /// <summary>Every value that the numbers reach by the rules, by exhaustion: written apart from the code under test.</summary>
    static HashSet<int> Reachable(int[] numbers)
    {
        if (numbers.Length == 1)
            return [numbers[0]];
        HashSet<int> reached = [];
        for (int i = 0; i < numbers.Length; i++)
        {
            for (int j = 0; j < numbers.Length; j++)
            {
                if (i == j || numbers[i] < numbers[j])
                    continue;
                (int x, int y) = (numbers[i], numbers[j]);
                int[] rest = [.. numbers.Where((_, place) => place != i && place != j)];
                int[] values = [x + y, x - y, y > 1 ? x * y : 0, y > 1 && x % y == 0 ? x / y : 0];
                foreach (int value in values.Where(value => value is > 0 and < 100))
                    reached.UnionWith(Reachable([.. rest, value]));
            }
        }
        return reached;
    }

    [Test]
    public void numbers_and_target_stay_in_range_and_the_answer_is_correct()
    {
        CountdownTask task = Task(2100, 3, 2, 3, 4, 5, 6, 7, 8);
        foreach (Problem problem in task.Problems)
        {
            (int[] numbers, int target) = Read(problem.Question);
            Assert.That(numbers, Has.Length.EqualTo(problem.Difficulty).And.All.InRange(1, 20));
            Assert.That(target, Is.InRange(1, 99));
            Assert.That(numbers, Does.Not.Contain(target));
            Assert.That(task.IsCorrect(problem, problem.Answer), $"{problem.Question}: {problem.Answer}");
            Assert.That(task.ExtractAnswer(problem, new GeneratedText($"{problem.Answer} ;")), Is.EqualTo(problem.Answer));
        }
    }

    [Test]
    public void an_exhaustive_search_reaches_every_target()
    {
        foreach (Problem problem in Task(400, 8, 2, 3, 4).Problems)
        {
            (int[] numbers, int target) = Read(problem.Question);
            Assert.That(Reachable(numbers), Does.Contain(target), problem.Question);
        }
    }

    [Test]
    public void given_steps_put_the_larger_operand_first_and_use_all_operators()
    {
        string[][] steps = [.. Task(3000, 2).Problems.SelectMany(problem => problem.Answer.Split(" ; ")).Select(step => step.Split(' '))];

        Assert.That(steps.All(step => int.Parse(step[0]) >= int.Parse(step[2])));
        Assert.That(steps.Where(step => step[1] is "*" or "/").All(step => int.Parse(step[2]) >= 2));
        Assert.That(steps.Select(step => step[1]).Distinct(), Is.EquivalentTo(new[] { "+", "-", "*", "/" }));
    }

    [Test]
    public void a_problem_depends_on_seed_index_and_difficulty_alone()
    {
        Problem[] all = [.. Task(60, 9, 4).Problems];

        Assert.That(Task(10, 9, 4).Problems, Is.EqualTo(all[..10]));
        Problem[] mixed = [.. Task(60, 9, 4, 6).Problems];
        Assert.That(mixed.Where(problem => problem.Difficulty == 4), Is.EqualTo(all.Where(problem => problem.Index % 2 == 0)));
        Problem[] other = [.. Task(60, 9 | (1UL << 40), 4).Problems];
        Assert.That(
            other.Select(problem => problem.Question), Is.Not.EqualTo(all.Select(problem => problem.Question)), "the seed's high half");
    }

    [Test]
    public void generated_problems_keep_their_golden_hash()
    {
        string all = string.Concat(Task(2000, 1, 2, 3, 4, 5, 6, 7, 8).Problems.Select(problem => $"{problem.Question} {problem.Answer}\n"));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16], Is.EqualTo("f938bd6c3e6c6177"));
    }

    [TestCase("countdown 20 20 2 13 -> 66", "13 * 2 = 26 ; 26 + 20 = 46 ; 46 + 20 = 66 ;", true)]
    [TestCase("countdown 20 20 2 13 -> 66", "13 * 2 = 26 ; 26 + 20 = 46 ; 46 + 20 = 66", true, Description = "the closing ; is optional")]
    [TestCase("countdown 20 20 2 13 -> 66", "2 * 13 = 26 ; 20 + 26 = 46 ; 20 + 46 = 66 ;", true, Description = "+ and * commute")]
    [TestCase(
        "countdown 20 20 2 13 -> 66", "13 * 2 = 26 ; 26 + 20 = 46 ; 46 + 26 = 72 ; 72 - 6 = 66 ;", false, Description = "number reused")]
    [TestCase("countdown 20 20 2 13 -> 46", "13 * 2 = 26 ; 26 + 20 = 46 ;", false, Description = "number unused")]
    [TestCase("countdown 20 20 2 13 -> 66", "13 * 2 = 25 ; 25 + 20 = 45 ; 45 + 20 = 65 ;", false, Description = "wrong step, off target")]
    [TestCase("countdown 20 20 2 13 -> 66", "13 * 2 = 25 ; 25 + 20 = 46 ; 46 + 20 = 66 ;", false, Description = "wrong steps, on target")]
    [TestCase("countdown 20 20 2 13 -> 66", "20 + 20 = 40 ; 40 + 13 = 53 ; 53 + 2 = 55 ;", false, Description = "off target")]
    [TestCase("countdown 9 2 4 -> 8", "9 / 2 = 4 ; 4 + 4 = 8 ;", false, Description = "illegal fraction")]
    [TestCase("countdown 20 6 2 -> 60", "20 * 6 = 120 ; 120 / 2 = 60 ;", false, Description = "value above 99")]
    [TestCase("countdown 7 7 5 -> 5", "7 - 7 = 0 ; 5 + 0 = 5 ;", false, Description = "value below 1")]
    [TestCase("countdown 8 1 3 -> 24", "8 * 1 = 8 ; 8 * 3 = 24 ;", false, Description = "times 1")]
    [TestCase("countdown 8 1 3 -> 11", "8 / 1 = 8 ; 8 + 3 = 11 ;", false, Description = "divided by 1")]
    [TestCase("countdown 3 5 -> 8", "3 + 5 = 8 ; 8", false, Description = "extra text")]
    [TestCase("countdown 3 5 -> 8", "think 3 + 5 = 8 ;", false, Description = "extra text before")]
    [TestCase("countdown 3 5 -> 8", "3 + 5 = 8 ; ;", false)]
    [TestCase("countdown 3 5 -> 8", "3 + 5  = 8 ;", false, Description = "an id without a word within the step")]
    [TestCase("countdown 3 5 -> 8", "3 + 5 = 8 ; # 3 5 +", false)]
    [TestCase("countdown 3 5 -> 8", "3 + 05 = 8 ;", false)]
    [TestCase("countdown 3 5 -> 8", "8", false)]
    [TestCase("countdown 3 5 -> 8", ";", false)]
    [TestCase("countdown 3 5 -> 8", "", false)]
    [TestCase("countdown 3 5 -> 8", "# 3 5 +", true)]
    [TestCase("countdown 18 4 20 2 -> 88", "# 20 2 * 18 - 4 *", true)]
    [TestCase("countdown 5 4 16 8 -> 15", "# 16 8 5 - 4 - +", true, Description = "unwritten values may lie below 1")]
    [TestCase("countdown 20 6 2 -> 60", "# 20 6 * 2 /", true, Description = "unwritten values may lie above 99")]
    [TestCase("countdown 3 5 -> 8", "# 3 5 + 0 +", false, Description = "a number that is not given")]
    [TestCase("countdown 3 5 5 -> 8", "# 3 5 +", false, Description = "number unused")]
    [TestCase("countdown 3 5 1 -> 9", "# 3 3 * 1 *", false, Description = "number reused")]
    [TestCase("countdown 9 2 2 -> 9", "# 9 2 / 2 *", false, Description = "illegal fraction")]
    [TestCase("countdown 5 5 3 -> 4", "# 3 5 5 - /", false, Description = "division by 0")]
    [TestCase("countdown 3 5 -> 8", "# 3 5", false)]
    [TestCase("countdown 3 5 -> 8", "# + 3 5", false)]
    [TestCase("countdown 3 5 -> 8", "# 3 + 5", false)]
    [TestCase("countdown 3 5 -> 8", "# 3 5 + +", false)]
    [TestCase("countdown 3 5 -> 8", "# 3 5 + ;", false, Description = "extra text")]
    [TestCase("countdown 3 5 -> 8", "#", false)]
    public void an_answer_is_judged_by_the_rules(string question, string text, bool correct)
    {
        CountdownTask task = Task(1);
        Problem problem = new() { Index = 0, Difficulty = 2, Question = question, Answer = "" };

        Assert.That(task.IsCorrect(problem, task.ExtractAnswer(problem, new GeneratedText(text))), Is.EqualTo(correct));
    }

    [TestCase(" 3 + 5 = 8 ; ", "3 + 5 = 8")]
    [TestCase("# 3 5 +", "# 3 5 +")]
    [TestCase("3 + 5 = 9 ;", "3 + 5 = 9", Description = "wrong, yet an answer")]
    [TestCase("3 plus 5 ;", null)]
    public void the_answer_is_the_normalised_text(string text, string? answer)
    {
        CountdownTask task = Task(1);
        Assert.That(task.ExtractAnswer(task.Problems[0], new GeneratedText(text)), Is.EqualTo(answer));
    }

    [Test]
    public void right_answers_are_many() => Assert.That(TaskRegistry.Find("countdown").HasUniqueAnswers, Is.False);

    [Test]
    public void the_same_numbers_and_target_in_another_order_are_one_problem()
    {
        CountdownTask task = Task(400, 1, 2);

        string[] identities = [
            .. task.Problems.Select(problem => problem.Question).Concat(task.Examples(20).Select(example => example.Question))
            .Select(Identity)];
        Assert.That(identities, Is.Unique);
        Assert.That(Task(100, 1, 2).Problems, Is.EqualTo(task.Problems.Take(100)), "fewer problems are the first ones");

        static string Identity(string question)
        {
            (int[] numbers, int target) = Read(question);
            return $"{string.Join(' ', numbers.Order())} -> {target}";
        }
    }

    [Test]
    public void more_problems_than_differ_have_a_code() =>
        Assert.That(
            Expect.Failure(Codes.TooFewProblems, () => Task(2000, 1, 2)).Message, Does.Contain("2000").And.Contains("Difficulty 2"));

    [TestCase(1)]
    [TestCase(9)]
    public void a_difficulty_out_of_range_is_a_wrong_value(int difficulty) => Expect.Failure(Codes.BadValue, () => Task(1, 1, difficulty));
}
