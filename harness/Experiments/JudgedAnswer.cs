using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Models;
using Harness.Pools;

namespace Harness.Experiments;

/// <summary>An answer with what the task's checker says of it.</summary>
readonly record struct JudgedAnswer(PlannedPrompt Prompt, Generation Generation, bool IsRight);

/// <summary>What answers took to generate.</summary>
/// <param name="Tokens">Generated.</param>
/// <param name="Flops">Logical: what several answers go on from once.</param>
readonly record struct AnswerCost(long Tokens, double Flops)
{
    /// <summary>Answers in the order of their prompts.</summary>
    public static AnswerCost Of(IReadOnlyList<JudgedAnswer> answers, ModelConfig shape) => answers
        .GroupBy(answer => answer.Prompt).Aggregate(default(AnswerCost), (sum, ofPrompt) => sum + new AnswerCost(
            ofPrompt.Sum(answer => (long)answer.Generation.Tokens.Length),
            ModelFlops.Prompt(shape, ofPrompt.Key.Tokens.Length) + ofPrompt.Sum(answer =>
                (double)ModelFlops.Generation(shape, ofPrompt.Key.Tokens.Length, answer.Generation.Tokens.Length))));

    public static AnswerCost operator +(AnswerCost first, AnswerCost second) =>
        new(first.Tokens + second.Tokens, first.Flops + second.Flops);
}
