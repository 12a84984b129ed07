namespace Harness.Kernels.Decoding.Device;

/// <summary>What requests ask of a <see cref="DeviceSession"/>.</summary>
/// <param name="Rows">Rows of one pass, at most.</param>
/// <param name="Slots">Samples in flight, at most.</param>
/// <param name="LongestSequence">Tokens of the longest prompt with its answer.</param>
/// <param name="MaxTokens">Tokens of the longest answer.</param>
/// <param name="Pages">Pages that all of it could use at once.</param>
/// <param name="LeastPages">Pages without which one sample cannot be drawn.</param>
/// <param name="MostPerSegment">Tokens of one sample that the host is given at once.</param>
readonly record struct SessionNeed(int Rows, int Slots, int LongestSequence, int MaxTokens, int Pages, int LeastPages, int MostPerSegment)
{
    /// <param name="shapes">The requests.</param>
    /// <param name="needs">Says how many pages they take.</param>
    /// <param name="batch">Most samples in flight.</param>
    /// <param name="mostRows">Most rows of one pass.</param>
    /// <param name="mostPerSegment">Tokens of one sample that the host is given at once.</param>
    public static SessionNeed Of(IEnumerable<RequestShape> shapes, RequestCheck needs, int batch, int mostRows, int mostPerSegment)
    {
        int longestOwn = 0, longestPrompt = 0, longest = 0;
        long all = 0, samples = 0, promptTokens = 0;
        foreach (RequestShape shape in shapes)
        {
            int prompt = RequestCheck.PromptPages(shape.PromptTokens), own = needs.OwnPages(shape.PromptTokens);
            longest = Math.Max(longest, shape.PromptTokens);
            longestPrompt = Math.Max(longestPrompt, prompt);
            longestOwn = Math.Max(longestOwn, own);
            all += prompt + ((long)own * shape.Samples);
            samples += shape.Samples;
            promptTokens += shape.PromptTokens;
        }
        int slots = (int)Math.Min(batch, Math.Max(samples, 1));
        long together = slots * (long)(longestOwn + longestPrompt);
        return new SessionNeed(
            (int)Math.Min(mostRows, Math.Max(slots, promptTokens)),
            slots,
            longest + needs.MaxTokens,
            needs.MaxTokens,
            (int)Math.Min(int.MaxValue, Math.Min(all, together)),
            longestPrompt + longestOwn,
            mostPerSegment);
    }
}
