using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Tasks;

namespace Harness.Tests.Tasks;

public sealed class ProblemSplitTests
{
    static ITask Task(string task, string? split, int problems, ulong seed, params int[] difficulties) =>
        TaskRegistry.Find(task).Create(new TaskSettings
        {
            Seed = seed,
            Problems = problems,
            Difficulties = difficulties,
            Options = split is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Split"] = split },
        });

    /// <summary>What makes problems alike: the numbers of countdown in any order and for any target, a sum as it is asked.</summary>
    static string Canonical(string question) => question.StartsWith("sum", StringComparison.Ordinal)
        ? question
        : $"countdown {string.Join(' ', question.Split(' ')[1..^2].Select(int.Parse).Order())}";

    static HashSet<string> Forms(string task, string split, ulong seed, params int[] difficulties) =>
        [.. Task(task, split, 1500, seed, difficulties).Problems.Select(problem => Canonical(problem.Question))];

    /// <summary>Whatever seed drew them, and however few problems there are to draw from.</summary>
    [TestCase("sum", 2, 3)]
    [TestCase("sum", 5, 7)]
    [TestCase("countdown", 3, 4)]
    public void Splits_have_no_problem_in_common(string task, int first, int second)
    {
        HashSet<string> train = Forms(task, "train", 1, first, second), validation = Forms(task, "validation", 2, first, second),
            test = Forms(task, "test", 3, first, second);

        Assert.That(train.Intersect(test), Is.Empty);
        Assert.That(train.Intersect(validation), Is.Empty);
        Assert.That(validation.Intersect(test), Is.Empty);
        // Of few problems two seeds draw the same ones: it is not the seeds that keep the splits apart.
        if (task == "sum" && first == 2)
            Assert.That(Forms(task, "test", 4, first, second).Intersect(test), Is.Not.Empty);
    }

    [TestCase("sum", 3)]
    [TestCase("countdown", 4)]
    public void One_in_8_is_test_and_one_in_16_validation(string task, int difficulty)
    {
        ProblemSplit[] splits = [.. Forms(task, "all", 1, difficulty).Select(ProblemSplits.Of)];

        Assert.That(splits.Count(split => split == ProblemSplit.Test) / (double)splits.Length, Is.EqualTo(1 / 8.0).Within(0.03));
        Assert.That(splits.Count(split => split == ProblemSplit.Validation) / (double)splits.Length, Is.EqualTo(1 / 16.0).Within(0.025));
    }

    /// <summary>Models were trained by these: a change would let them see what they are tested on.</summary>
    [TestCase("countdown 2 13 20 20", ProblemSplit.Train)]
    [TestCase("countdown 7 7", ProblemSplit.Test)]
    [TestCase("countdown 1 3", ProblemSplit.Test)]
    [TestCase("sum 17 - 36 - 15 + 13 + 31 =", ProblemSplit.Train)]
    [TestCase("sum 30 + 30 + 30 =", ProblemSplit.Test)]
    [TestCase("countdown 2 5", ProblemSplit.Validation)]
    [TestCase("sum 13 + 2 =", ProblemSplit.Validation)]
    public void A_problem_keeps_its_split(string canonical, ProblemSplit split) =>
        Assert.That(ProblemSplits.Of(canonical), Is.EqualTo(split));

    [Test]
    public void A_pool_asks_test_problems_where_it_says_nothing() => Assert.That(
        Task("sum", null, 50, 1, 5).Problems.Select(problem => problem.Question),
        Is.EqualTo(Task("sum", "TEST", 50, 1, 5).Problems.Select(problem => problem.Question)));

    /// <summary>What a prompt shows must not be what another pool asks.</summary>
    [TestCase("sum")]
    [TestCase("countdown")]
    public void Examples_are_of_the_split_train(string task)
    {
        IWorkedExamples examples = (IWorkedExamples)Task(task, "test", 10, 1, 4);
        Assert.That(
            examples.Examples(40).Select(example => ProblemSplits.Of(Canonical(example.Question))), Is.All.EqualTo(ProblemSplit.Train));
    }

    [Test]
    public void An_unknown_split_has_a_code()
    {
        HarnessException failure = Expect.Failure(Codes.BadValue, () => Task("sum", "tset", 10, 1, 4));
        Assert.That(failure.Message, Does.Contain("'tset'").And.Contain("test"));
    }

    /// <summary>There are 26 pairs of numbers or so.</summary>
    [Test]
    public void Too_few_problems_of_a_split_are_said_to_be_of_it()
    {
        HarnessException failure = Expect.Failure(Codes.TooFewProblems, () => Task("countdown", "test", 2000, 1, 2));
        Assert.That(failure.Message, Does.Contain("of the split test"));
    }
}
