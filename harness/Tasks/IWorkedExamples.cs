namespace Harness.Tasks;

/// <summary>A task that can show solved problems.</summary>
public interface IWorkedExamples
{
    /// <summary>
    /// <paramref name="count"/> solved problems, none of which is among the task's <see cref="ITask.Problems"/>. The same settings give
    /// the same examples. HRN0303 where there are fewer.
    /// </summary>
    IReadOnlyList<WorkedExample> Examples(int count);
}
