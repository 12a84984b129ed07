using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Decoding;

/// <summary>What requests need, and whether a model can serve them.</summary>
/// <param name="Config">The model's shape.</param>
/// <param name="Settings">How its tokens are drawn.</param>
readonly record struct RequestCheck(ModelConfig Config, DecodingSettings Settings)
{
    public static int PromptPages(int promptTokens) => PageSize.PagesFor(promptTokens);

    /// <summary>Pages of a sample's own: from the chunk that holds the prompt's end to its longest answer.</summary>
    public int OwnPages(int promptTokens) => PageSize.PagesFor(promptTokens + Settings.MaxTokens) - (promptTokens / PageSize.Tokens);

    /// <summary>The longest prompt, in tokens.</summary>
    /// <exception cref="HarnessException">A prompt is empty, does not fit the context, or holds a token outside the vocabulary.</exception>
    public int LongestPrompt(IReadOnlyList<GenerationRequest> requests)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Settings.MaxTokens, 1);
        if (!DecodingSettings.IsTemperature(Settings.Temperature))
            throw new ArgumentOutOfRangeException(nameof(requests), Settings.Temperature, "the temperature is neither 0 nor from 0.001 to 100");
        int longest = 0;
        foreach (GenerationRequest request in requests)
        {
            int tokens = request.Prompt.Count;
            if (tokens == 0)
                throw KernelCodes.EmptyPrompt.With($"the prompt of problem {request.Problem} has no tokens");
            if (tokens > (long)Config.ContextLength - Settings.MaxTokens)
            {
                throw KernelCodes.PromptTooLong.With(
                    $"the prompt of problem {request.Problem} has {tokens} tokens; with {Settings.MaxTokens} to generate it exceeds the context of {Config.ContextLength}");
            }
            longest = Math.Max(longest, tokens);
        }
        return longest;
    }

    /// <summary>Refuses a request of which not even one sample fits.</summary>
    public void RequirePages(IReadOnlyList<GenerationRequest> requests, int capacity, long pageBytes)
    {
        foreach (GenerationRequest request in requests)
        {
            int needed = PromptPages(request.Prompt.Count) + OwnPages(request.Prompt.Count);
            if (needed > capacity)
                throw KernelCodes.MemoryBudget.With($"one sample of problem {request.Problem} needs {needed} pages of {pageBytes:N0} bytes, and the memory holds {capacity}");
        }
    }
}
