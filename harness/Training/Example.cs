namespace Harness.Training;

/// <summary>A text to learn from.</summary>
/// <param name="Tokens">Begin, prompt, answer and end.</param>
/// <param name="PromptTokens">How many of them are given: begin and prompt. At least 1.</param>
/// <param name="Identity">Equal for equal problems, whatever their answers.</param>
public readonly record struct Example(int[] Tokens, int PromptTokens, ulong Identity)
{
    /// <summary>
    /// Of a text that is judged: in the place of each token the word that judges what comes before it, or -1 where nothing is judged, as
    /// many as tokens; null where the text itself is learnt.
    /// </summary>
    public int[]? Verdicts { get; init; }

    /// <summary>Whether the word in a token's place is what should not come there, as many as tokens; null: nowhere.</summary>
    public bool[]? Unlikely { get; init; }
}
