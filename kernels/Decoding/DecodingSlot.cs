using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Decoding;

/// <summary>A prompt whose samples are being drawn: its keys and values, computed once, and the logits of its last position.</summary>
sealed class PromptState : IDisposable
{
    readonly int vocabulary;
    NativeBuffer<float>? logits;

    public PromptState(GenerationRequest request, int vocabulary)
    {
        Request = request;
        this.vocabulary = vocabulary;
        Sequence = new SequencePages(PageSize.PagesFor(request.Prompt.Count));
        Unfinished = request.Samples.Count;
    }

    public GenerationRequest Request { get; }

    public SequencePages Sequence { get; }

    /// <summary>[vocabulary], taken when first asked for: a GPU keeps its own.</summary>
    public NativeBuffer<float> Logits => logits ??= new NativeBuffer<float>(vocabulary);

    /// <summary>Tokens passed through the model so far.</summary>
    public int Filled { get; set; }

    public int Unfinished { get; set; }

    /// <summary>On a device: its row of the page tables while it passes the model.</summary>
    public int TableRow { get; set; }

    /// <summary>On a device: the row of the logits that its samples' first tokens are drawn from.</summary>
    public int LogitRow { get; set; } = -1;

    public int Length => Request.Prompt.Count;

    /// <summary>Pages that every sample reads: those that the prompt fills.</summary>
    public int SharedPages => Length / PageSize.Tokens;

    public void Dispose() => logits?.Dispose();
}

/// <summary>Where answers end.</summary>
/// <param name="settings">Its end tokens and its longest answer.</param>
/// <param name="stopStrings">Null where there are none.</param>
sealed class AnswerEnd(DecodingSettings settings, StopStringMatcher? stopStrings)
{
    readonly int[] stopTokens = [.. settings.StopTokens];

    public int MaxTokens { get; } = settings.MaxTokens;

    public StopStringMatcher? StopStrings => stopStrings;

    /// <summary>Index of the first end token; -1 where there is none.</summary>
    public int FirstStopToken(ReadOnlySpan<int> tokens) => stopTokens.Length == 0 ? -1 : tokens.IndexOfAny(stopTokens);
}

/// <summary>One sample in flight. Reused for sample after sample.</summary>
/// <param name="mostTokens">Of the longest answer.</param>
/// <param name="longestSequence">Tokens of the longest prompt with its answer.</param>
sealed class DecodingSlot(int mostTokens, int longestSequence)
{
    readonly int[] tokens = new int[mostTokens];
    readonly float[] logProbabilities = new float[mostTokens];
    AnswerEnd end = null!;
    int count;

    public PromptState? Prompt { get; private set; }

    public int Sample { get; private set; }

    public SequencePages Sequence { get; } = new(PageSize.PagesFor(longestSequence));

    public int LastToken => tokens[count - 1];

    /// <summary>Absolute position of the token to be drawn next.</summary>
    public int NextPosition => Prompt!.Length + count;

    public void Start(PromptState prompt, int sample, AnswerEnd end)
    {
        Prompt = prompt;
        Sample = sample;
        this.end = end;
        count = 0;
        Sequence.Clear();
    }

    /// <summary>Adds drawn tokens up to the one that ends the sample, which is then finished; what was drawn after that one is dropped.</summary>
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

    public void End() => Prompt = null;

    /// <summary>Cuts the answer at the first of its tokens from <paramref name="seen"/> on, below <paramref name="limit"/>, that completes a stop string.</summary>
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
