namespace Harness.Pools;

/// <param name="Question">The task's own; empty where a recording has none.</param>
/// <param name="Prompt">What the model was given; empty where it was recorded elsewhere.</param>
public readonly record struct ProblemText(string Question, string Prompt);
