using Harness.Samples;

namespace Harness.Tasks;

/// <summary>A task that can tell right steps of an answer from wrong ones.</summary>
public interface IChecksSteps
{
    /// <summary>
    /// Of each step in its order whether it is right, given those before it, and last whether the answer ends as it should; at least one.
    /// </summary>
    /// <param name="problem">One of the task's.</param>
    /// <param name="text">Outside of thinking's tags.</param>
    IReadOnlyList<bool> CheckSteps(Problem problem, string text);
}
