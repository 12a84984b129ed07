using System.Globalization;
using Harness.Kernels.Numerics;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Counts what has moved between committed samples and the same ones generated again.</summary>
sealed class MovedRows
{
    int compared, moved, prompts, tokens, answers;
    double largest;

    /// <summary>Whether the arithmetic may have moved them, since tokens did, or log-probabilities where answers did not.</summary>
    public bool MayBeNumerics => tokens > 0 || (moved > 0 && answers == 0);

    public void Add(SampleRow old, SampleRow now)
    {
        compared++;
        if (SampleTable.Csv.FirstDifference(old, now) is null)
            return;
        moved++;
        prompts += old.PromptTokens != now.PromptTokens ? 1 : 0;
        tokens += old.TokensHash != now.TokensHash ? 1 : 0;
        answers += old.Answer != now.Answer || old.Correct != now.Correct ? 1 : 0;
        if (old.Logprob is { } before && now.Logprob is { } after)
            largest = Math.Max(largest, Math.Abs(before - after));
    }

    /// <summary>Where the cause lies, what moved, how far, and what to do about it; null where nothing moved.</summary>
    /// <param name="numerics">What the engine says of its arithmetic; null where it says nothing.</param>
    public string? Summary(NumericsCheck? numerics) => moved == 0
        ? null
        : $"{(MayBeNumerics ? Cause(numerics) : "")}{moved} of {compared} samples moved, {tokens} of them in their tokens, "
            + $"{answers} in what they answer; the largest change of a log-probability is "
            + $"{largest.ToString("G3", CultureInfo.InvariantCulture)}. {Cure(numerics)}";

    static string Cause(NumericsCheck? numerics) => numerics switch
    {
        null => "",
        { First: not null } => $"The arithmetic changed: {numerics}. ",
        _ => $"The arithmetic is what it was: {numerics}. So the cause lies outside of it. ",
    };

    string Cure(NumericsCheck? numerics)
    {
        if (!MayBeNumerics)
            return "If the change of problems or answers is meant, raise TasksVersion and rebuild the results.";
        if (numerics is null or { First: not null })
            return "If the change of arithmetic is meant, raise NumericsVersion and rebuild the results; else mend "
                + $"{(numerics is null ? "the engine" : "that unit")} and verify again.";
        return "The model's file, the data and the manifest are those of run.json: look at what reads them. " + (prompts > 0
            ? $"{prompts} of them have a prompt of another length, so begin with the prompt's template, the chat template and the "
                + "tokenizer (`harness show --text` prints prompts)."
            : "Prompts are as long as they were; `harness check` compares tokenizer, chat template and weights with another program's.");
    }
}
