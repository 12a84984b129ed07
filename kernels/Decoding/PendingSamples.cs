namespace Harness.Kernels.Decoding;

/// <summary>The samples not yet started, prompt by prompt.</summary>
sealed class PendingSamples
{
    readonly IReadOnlyList<GenerationRequest> requests;
    readonly int vocabulary;
    readonly List<PromptState> started = [];
    int request;
    int sample;

    public PendingSamples(IReadOnlyList<GenerationRequest> requests, int vocabulary)
    {
        this.requests = requests;
        this.vocabulary = vocabulary;
        SkipEmpty();
    }

    /// <summary>Every prompt of which a sample has been taken.</summary>
    public IReadOnlyList<PromptState> Started => started;

    public bool IsEmpty => request == requests.Count;

    /// <summary>Tokens of the next sample's prompt.</summary>
    public int PromptLength => requests[request].Prompt.Count;

    /// <summary>Whether the next sample is its prompt's first.</summary>
    public bool StartsPrompt => sample == 0;

    /// <summary>The prompt of which samples have been taken, but not all; null where there is none.</summary>
    public PromptState? PartlyStarted => IsEmpty || StartsPrompt ? null : started[^1];

    public (PromptState Prompt, int Sample) Take()
    {
        if (StartsPrompt)
            started.Add(new PromptState(requests[request], vocabulary));
        (PromptState, int) taken = (started[^1], requests[request].Samples[sample]);
        if (++sample == requests[request].Samples.Count)
        {
            sample = 0;
            request++;
            SkipEmpty();
        }
        return taken;
    }

    void SkipEmpty()
    {
        while (request < requests.Count && requests[request].Samples.Count == 0)
            request++;
    }
}
