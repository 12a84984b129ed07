namespace Harness.Kernels.Decoding;

/// <summary>The samples not yet started, prompt by prompt.</summary>
sealed class PendingSamples : IDisposable
{
    readonly IReadOnlyList<GenerationRequest> requests;
    readonly int vocabulary;
    readonly List<PromptState> started = [];
    PromptState? current;
    int request;
    int sample;

    public PendingSamples(IReadOnlyList<GenerationRequest> requests, int vocabulary)
    {
        this.requests = requests;
        this.vocabulary = vocabulary;
        SkipEmpty();
    }

    public bool IsEmpty => request == requests.Count;

    /// <summary>Tokens of the next sample's prompt.</summary>
    public int PromptLength => requests[request].Prompt.Count;

    /// <summary>Whether the next sample is its prompt's first.</summary>
    public bool StartsPrompt => sample == 0;

    /// <summary>The prompt of which samples have been taken, but not all; null where there is none.</summary>
    public PromptState? Unended => IsEmpty || StartsPrompt ? null : current;

    public (PromptState Prompt, int Sample) Take()
    {
        if (StartsPrompt)
        {
            current = new PromptState(requests[request], vocabulary);
            started.Add(current);
        }
        (PromptState, int) taken = (current!, requests[request].Samples[sample]);
        if (++sample == requests[request].Samples.Count)
        {
            sample = 0;
            request++;
            SkipEmpty();
        }
        return taken;
    }

    /// <summary>Frees the logits of prompts that an exception left unfinished.</summary>
    public void Dispose()
    {
        foreach (PromptState prompt in started)
            prompt.Dispose();
    }

    void SkipEmpty()
    {
        while (request < requests.Count && requests[request].Samples.Count == 0)
            request++;
    }
}
