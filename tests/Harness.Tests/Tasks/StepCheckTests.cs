using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;

namespace Harness.Tests.Tasks;

[TestFixture]
sealed class StepCheckTests
{
    static readonly Problem Sum = new() { Index = 0, Difficulty = 4, Question = "sum 17 - 36 + 13 + 31 =", Answer = "25" };

    static readonly Problem Countdown = new() { Index = 0, Difficulty = 4, Question = "countdown 20 20 2 13 -> 66", Answer = "" };

    [TestCase("31 + 13 = 44 ; 44 - 36 = 8 ; 8 + 17 = 25 ; # 25", "1111")]
    [TestCase("31 + 13 = 44 ; 44 - 36 = 9 ; 9 + 17 = 26 ; # 26", "1000", TestName = "a sum that is wrong, and what is built on it")]
    [TestCase("31 + 13 = 44 ; 44 + 36 = 80 ; 80 + 17 = 97 ; # 97", "1000", TestName = "a term with another sign")]
    [TestCase("31 + 13 = 44 ; 31 + 17 = 48 ; 44 - 36 = 8 ; # 25", "1010", TestName = "a term that was used before")]
    [TestCase("31 + 13 = 44 ; # 25", "10", TestName = "an end that comes too early")]
    [TestCase("31 + 13 = 44 ; 44 - 36 = 8 ; 8 + 17 = 25 ; # 24", "1110")]
    [TestCase("31 + 13 = 44 ; 44 - 36 = 8 ; 8 + 17 = 25 ;", "1110", TestName = "no end")]
    [TestCase("31 + 13 ; nonsense", "000")]
    [TestCase("# 25", "1")]
    [TestCase("# 24", "0")]
    [TestCase("", "0")]
    public void Of_a_sum_each_step_adds_two_terms_that_are_left(string text, string right) => AssertSteps("sum", Sum, text, right);

    [TestCase("13 * 2 = 26 ; 26 + 20 = 46 ; 46 + 20 = 66 ;", "1111")]
    [TestCase("13 * 2 = 26 ; 26 + 20 = 46 ; 46 - 20 = 26 ;", "1110", TestName = "right steps that miss the target")]
    [TestCase("13 * 2 = 27 ; 27 + 20 = 47 ; 47 + 20 = 67 ;", "0000")]
    [TestCase("20 - 20 = 0 ; 13 * 2 = 26 ;", "010", TestName = "a value below 1")]
    [TestCase("# 13 2 * 20 + 20 +", "1")]
    [TestCase("# 13 2 *", "0")]
    public void Of_a_countdown_each_step_combines_two_numbers_that_are_left(string text, string right) =>
        AssertSteps("countdown", Countdown, text, right);

    /// <summary>Solutions that tasks draw themselves are right in every step.</summary>
    [TestCase("sum")]
    [TestCase("countdown")]
    public void Every_step_of_a_solution_is_right(string task)
    {
        TaskDefinition definition = TaskRegistry.Find(task);
        IChecksSteps checks = (IChecksSteps)definition.Create(new TaskSettings { Seed = 1, Problems = 1, Difficulties = [3] });
        for (int number = 0; number < 200; number++)
        {
            foreach (string style in definition.Solved!.Styles)
            {
                SolvedProblem solved = definition.Solved.Draw(
                    new ProblemRandom(2, number, 5, Kernels.Sampling.RandomPurpose.EntropyProblem), 5, ProblemSplit.All, style);
                string answer = solved.Solution.Split(' ')[^1];
                Problem problem = new() { Index = 0, Difficulty = 5, Question = solved.Question, Answer = answer };
                Assert.That(checks.CheckSteps(problem, solved.Solution), Is.All.True, $"{solved.Question} {solved.Solution}");
            }
        }
    }

    static void AssertSteps(string task, Problem problem, string text, string right)
    {
        IChecksSteps checks = (IChecksSteps)TaskRegistry.Find(task).Create(
            new TaskSettings { Seed = 1, Problems = 1, Difficulties = [3] });
        Assert.That(string.Concat(checks.CheckSteps(problem, text).Select(step => step ? '1' : '0')), Is.EqualTo(right));
    }
}
