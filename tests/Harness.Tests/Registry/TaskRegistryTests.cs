using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Tasks;
using Harness.Tests.Tasks;

namespace Harness.Tests.Registry;

public class TaskRegistryTests
{
    [Test]
    public void names_are_unique_and_in_order() =>
        Assert.That(TaskRegistry.Names, Is.Unique.And.Ordered.Using((IComparer<string>)StringComparer.Ordinal));

    [Test]
    public void every_name_is_found_in_either_case() =>
        Assert.That(TaskRegistry.Names.Select(name => TaskRegistry.Find(name.ToUpperInvariant())), Is.EqualTo(TaskRegistry.All));

    [Test]
    public void a_misspelt_name_gives_the_nearest_and_the_place()
    {
        HarnessException failure = Expect.Failure(Codes.UnknownTask, () => TaskRegistry.Find("countdwn", "x.proj", 9, 5));

        Assert.That(
            failure.ToCanonicalLine(),
            Does.StartWith("x.proj(9,5): error HRN0005: ").And.Contains("'countdwn'").And.Contains("'countdown'"));
    }

    [Test]
    public void the_default_tokens_hold_the_longest_generated_answer()
    {
        foreach (TaskDefinition definition in TaskRegistry.All.Where(task => task.DefaultDifficulties.Count > 0))
        {
            ITask task = definition.Create(new TaskSettings { Seed = 1, Problems = 1, Difficulties = [8] });
            int longest = ((IWorkedExamples)task).Examples(50).Max(example => example.Solution.Split(' ').Length);
            Assert.That(longest, Is.LessThan(definition.DefaultMaxTokens));
        }
    }
}
