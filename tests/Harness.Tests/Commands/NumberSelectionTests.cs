using Harness.Commands;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tests.Commands;

public sealed class NumberSelectionTests
{
    [TestCase("3", new[] { 3 }, true), TestCase("0-5", new[] { 0, 1, 2, 3, 4, 5 }, false), TestCase("0..2", new[] { 0, 1, 2 }, false)]
    [TestCase("1,4,7-9", new[] { 1, 4, 7, 8, 9 }, false), TestCase("4-4", new[] { 4 }, true)]
    public void Numbers_ranges_and_lists_are_read(string text, int[] expected, bool isOne)
    {
        NumberSelection selection = NumberSelection.Parse(text, "problem");
        Assert.That(Enumerable.Range(0, 20).Where(selection.Contains), Is.EqualTo(expected));
        Assert.That((selection.IsSingle, selection.Largest), Is.EqualTo((isOne, expected[^1])));
    }

    [TestCase(""), TestCase("x"), TestCase("5-3"), TestCase("1-2-3"), TestCase("1,"), TestCase("-1"), TestCase("1...3")]
    [TestCase("99999999999")]
    public void Anything_else_is_refused(string text)
    {
        HarnessException refused = Assert.Throws<HarnessException>(() => NumberSelection.Parse(text, "problem"))!;
        Assert.That(
            (refused.Diagnostic, refused.Message),
            Is.EqualTo((Codes.UsageError, $"problem is '{text}'; expected a number, a range such as 0-5, or a list such as 1,4,7")));
    }
}
