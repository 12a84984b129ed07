using Harness.Samples;

namespace Harness.Tasks;

/// <summary>A solved problem that a few-shot prompt shows.</summary>
/// <param name="Question">As in <see cref="Problem.Question"/>.</param>
/// <param name="Solution">What a perfect model would write after the question.</param>
public sealed record WorkedExample(string Question, string Solution);
