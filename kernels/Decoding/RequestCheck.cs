using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Decoding;

/// <summary>What requests need, and whether a model can serve them.</summary>
/// <param name="Config">The model's shape.</param>
/// <param name="MaxTokens">Tokens of the longest answer.</param>
readonly record struct RequestCheck(ModelConfig Config, int MaxTokens)
{
    /// <summary>Pages of a prompt, which its samples read.</summary>
    public static int PromptPages(int promptTokens) => PageSize.PagesFor(promptTokens);

    /// <summary>Pages of a sample's own: from the chunk that holds the prompt's end to its longest answer.</summary>
    public int OwnPages(int promptTokens) => PageSize.PagesFor(promptTokens + MaxTokens) - (promptTokens / PageSize.Tokens);

    /// <summary>The longest prompt, in tokens.</summary>
    /// <exception cref="HarnessException">A prompt is empty, or does not fit the context.</exception>
    public int LongestPrompt(IReadOnlyList<GenerationRequest> requests)
    {
        foreach (GenerationRequest request in requests)
        {
            if (Refusal(request.Prompt.Count, $"the prompt of problem {request.Problem}") is { } refusal)
                throw refusal;
        }
        return requests.Max(request => request.Prompt.Count);
    }

    /// <summary>Why a prompt of so many tokens can't be answered, or null.</summary>
    /// <param name="tokens">Its length.</param>
    /// <param name="prompt">What the message calls it.</param>
    public HarnessException? Refusal(int tokens, string prompt)
    {
        if (tokens == 0)
            return KernelCodes.EmptyPrompt.With($"{prompt} has no tokens");
        return tokens > (long)Config.ContextLength - MaxTokens
            ? KernelCodes.PromptTooLong.With(
                $"{prompt} has {tokens} tokens; with {MaxTokens} to generate it exceeds the context of {Config.ContextLength}")
            : null;
    }

    /// <summary>Refuses a request of which not even one sample fits.</summary>
    /// <param name="requests">What is asked for.</param>
    /// <param name="free">Pages that may be used.</param>
    /// <param name="pageBytes">Bytes of one.</param>
    public void RequirePages(IReadOnlyList<GenerationRequest> requests, int free, long pageBytes)
    {
        foreach (GenerationRequest request in requests)
        {
            if (Fit(
                new RequestShape(request.Prompt.Count, MaxTokens),
                free,
                pageBytes,
                $"one sample of problem {request.Problem}").Refusal is { } refusal)
                throw refusal;
        }
    }

    /// <summary>How many samples of one prompt the pages hold at once.</summary>
    /// <param name="shape">The prompt's length and the number of its samples.</param>
    /// <param name="free">Pages that may be used.</param>
    /// <param name="pageBytes">Bytes of one.</param>
    /// <param name="sample">What the message calls a sample.</param>
    public MemoryFit Fit(RequestShape shape, int free, long pageBytes, string sample = "one sample")
    {
        int prompt = PromptPages(shape.PromptTokens), own = OwnPages(shape.PromptTokens);
        return prompt + own > free
            ? MemoryFit.None(
                KernelCodes.MemoryBudget.With($"{sample} needs {prompt + own} pages of {pageBytes:N0} bytes, and the memory holds {free}"))
            : new MemoryFit(Math.Min(shape.Samples, (free - prompt) / own), null);
    }
}
