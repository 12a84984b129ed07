using Harness.Kernels.Configuration;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Decoding;

/// <summary>A place for one sample in flight, used for sample after sample.</summary>
/// <param name="mostTokens">Tokens of the longest answer.</param>
/// <param name="longestSequence">Tokens of the longest prompt with its answer.</param>
class DecodingSlot(int mostTokens, int longestSequence)
{
    readonly int[] tokens = new int[mostTokens];
    readonly float[] logProbabilities = new float[mostTokens];
    AnswerEnd end = null!;
    int count;

    /// <summary>Null while the place is free.</summary>
    public PromptState? Prompt { get; private set; }

    public int Sample { get; private set; }

    /// <summary>The pages that the sample reads and writes; empty while the place is free.</summary>
    public SequencePages Sequence { get; } = new(PageSize.PagesFor(longestSequence));

    /// <summary>Pages of the prompt with the longest answer.</summary>
    public int MostPages => PageSize.PagesFor(Prompt!.Length + end.MaxTokens);

    public int LastToken => tokens[count - 1];

    /// <summary>Absolute position of the token to be drawn next.</summary>
    public int NextPosition => Prompt!.Length + count;

    public virtual void Start(PromptState prompt, int sample, AnswerEnd end)
    {
        Prompt = prompt;
        Sample = sample;
        this.end = end;
        count = 0;
    }

    /// <summary>
    /// Adds drawn tokens up to the one that ends the sample, which is then finished; what was drawn after that one is dropped.
    /// </summary>
    public Generation? Append(ReadOnlySpan<int> drawn, ReadOnlySpan<float> drawnLogProbabilities)
    {
        int room = end.MaxTokens - count;
        if (drawn.Length > room)
            drawn = drawn[..room];
        int stop = end.FirstStopToken(drawn);
        if (stop >= 0)
            drawn = drawn[..(stop + 1)];
        drawn.CopyTo(tokens.AsSpan(count));
        drawnLogProbabilities[..drawn.Length].CopyTo(logProbabilities.AsSpan(count));
        int seen = count;
        count += drawn.Length;
        if (end.StopStrings is { } stopStrings && FindStopString(stopStrings, seen, stop >= 0 ? count - 1 : count))
            return Finished(FinishReason.StopString);
        if (stop >= 0)
            return Finished(FinishReason.Stop);
        return count == end.MaxTokens ? Finished(FinishReason.Length) : null;
    }

    public virtual void End() => Prompt = null;

    /// <summary>
    /// Cuts the answer at the first of its tokens from <paramref name="seen"/> on, below <paramref name="limit"/>, that completes a stop
    /// string.
    /// </summary>
    bool FindStopString(StopStringMatcher stopStrings, int seen, int limit)
    {
        for (int length = seen + 1; length <= limit; length++)
        {
            if (!stopStrings.EndsIn(tokens.AsSpan(0, length)))
                continue;
            count = length;
            return true;
        }
        return false;
    }

    Generation Finished(FinishReason reason) => new(Prompt!.Request.Problem, Sample, tokens[..count], logProbabilities[..count], reason);
}
