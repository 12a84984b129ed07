namespace Harness.Tasks;

/// <summary>
/// What a change of generated problems, or of how answers are read and compared, must raise: samples of before are then stale. A change of
/// generated problems raises TrainingVersion too.
/// </summary>
public static class TasksVersion
{
    /// <summary>
    /// 2: answers by marks and as exact numbers; countdown problems that differ in more than the order of their numbers. 3: answers in
    /// words.
    /// </summary>
    public const int Current = 3;
}
