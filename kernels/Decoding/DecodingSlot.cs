using Harness.Kernels.Cpu;
using Harness.Kernels.Models;

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
        Sequence = new SequencePages(KvCache.PagesFor(request.Prompt.Count));
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
    public int SharedPages => Length / KvCache.PageTokens;

    public void Dispose() => logits?.Dispose();
}

/// <summary>One sample in flight. Reused for sample after sample.</summary>
sealed class DecodingSlot
{
    readonly int[] tokens;
    readonly float[] logProbabilities;
    readonly StopStringMatcher? stopStrings;
    readonly IReadOnlyList<int> stopTokens;
    int count;

    public DecodingSlot(DecodingSettings settings, int longestSequence, StopStringMatcher? stopStrings)
    {
        tokens = new int[settings.MaxTokens];
        logProbabilities = new float[settings.MaxTokens];
        stopTokens = settings.StopTokens;
        Sequence = new SequencePages(KvCache.PagesFor(longestSequence));
        this.stopStrings = stopStrings;
    }

    public PromptState? Prompt { get; private set; }

    public int Sample { get; private set; }

    public SequencePages Sequence { get; }

    public int LastToken => tokens[count - 1];

    /// <summary>Absolute position of the token to be drawn next.</summary>
    public int NextPosition => Prompt!.Length + count;

    public void Start(PromptState prompt, int sample)
    {
        Prompt = prompt;
        Sample = sample;
        count = 0;
        Sequence.Clear();
    }

    /// <summary>Adds a drawn token; the finished sample where it was the last.</summary>
    public Generation? Append(int token, float logProbability)
    {
        tokens[count] = token;
        logProbabilities[count++] = logProbability;
        FinishReason? finish = null;
        if (IsStopToken(token))
            finish = FinishReason.Stop;
        else if (stopStrings?.EndsIn(tokens.AsSpan(0, count)) == true)
            finish = FinishReason.StopString;
        else if (count == tokens.Length)
            finish = FinishReason.Length;
        if (finish is not { } reason)
            return null;
        return new Generation(Prompt!.Request.Problem, Sample, tokens[..count], logProbabilities[..count], reason);
    }

    public void End() => Prompt = null;

    bool IsStopToken(int token)
    {
        for (int i = 0; i < stopTokens.Count; i++)
        {
            if (stopTokens[i] == token)
                return true;
        }
        return false;
    }
}
