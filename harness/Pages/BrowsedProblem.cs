using Harness.Pools;

namespace Harness.Pages;

/// <param name="Gold">The right answer; empty where answers are checked without one.</param>
/// <param name="Text">What was asked; null where this machine does not have it.</param>
/// <param name="Samples">By sample.</param>
sealed record BrowsedProblem(int Number, int Difficulty, string Gold, ProblemText? Text, IReadOnlyList<BrowsedSample> Samples)
{
    /// <summary>The answers that most samples chose, with how many did; what was chosen as often in ordinal order.</summary>
    public IEnumerable<(string Answer, int Times)> ChosenAnswers => Samples.GroupBy(sample => sample.Row.Answer)
        .Select(group => (group.Key, group.Count())).OrderByDescending(answer => answer.Item2)
        .ThenBy(answer => answer.Key, StringComparer.Ordinal);
}
