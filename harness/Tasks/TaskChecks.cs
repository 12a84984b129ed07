using Harness.Diagnostics;

namespace Harness.Tasks;

/// <summary>Checks of settings that several tasks share.</summary>
static class TaskChecks
{
    public static void AtLeastOneProblem(TaskSettings settings)
    {
        if (settings.Problems < 1)
            throw Codes.BadValue.With($"Problems is {settings.Problems}: give at least 1");
    }

    public static void NoDifficulty(TaskSettings settings, string task)
    {
        if (settings.Difficulties.Count > 0)
            throw Codes.BadValue.With($"Difficulty is given, and the problems of {task} have none: leave it out");
    }
}
