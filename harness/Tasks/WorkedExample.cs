using Harness.Samples;

namespace Harness.Tasks;

/// <summary>A solved problem that a few-shot prompt shows.</summary>
/// <param name="Question">As in <see cref="Problem.Question"/>.</param>
/// <param name="Solution">What a perfect model would write after the question.</param>
public sealed record WorkedExample(string Question, string Solution);

/// <summary>A task that can show solved problems.</summary>
public interface IWorkedExamples
{
    /// <summary>
    /// <paramref name="count"/> solved problems, none of which is among the task's <see cref="ITask.Problems"/>; the same for the same settings.
    /// HRN0303 where there are not as many.
    /// </summary>
    IReadOnlyList<WorkedExample> Examples(int count);
}
