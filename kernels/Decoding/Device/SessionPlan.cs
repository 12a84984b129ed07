using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>What a <see cref="DeviceSession"/> takes of a budget.</summary>
/// <param name="Rows">Rows of one pass.</param>
/// <param name="Slots">Samples in flight.</param>
/// <param name="MaxPages">Pages of the longest sequence.</param>
/// <param name="Pages">Pages of keys and values; fewer than the need's least where the budget is too small.</param>
/// <param name="PageBytes">Bytes of one.</param>
readonly record struct SessionPlan(int Rows, int Slots, int MaxPages, int Pages, long PageBytes)
{
    /// <summary>The part of the budget that partial attention may take: a fourth.</summary>
    const int ScratchShare = 4;

    /// <summary>Sixteenths of the rest that keys and values may take; the driver needs some for itself.</summary>
    const int PageSixteenths = 15;

    /// <summary>A drawn token: its id, its logit's difference to the largest, and the sum of the weights.</summary>
    const int DrawnBytes = sizeof(int) + sizeof(float) + sizeof(ulong);

    /// <summary>Halves rows and slots until their scratch fits, and gives the rest to pages.</summary>
    public static SessionPlan For(ModelConfig config, Precision precision, SessionNeed need, long budget)
    {
        int maxPages = PageSize.PagesFor(need.LongestSequence);
        (int rows, int slots) = (need.Rows, need.Slots);
        while (rows > 1 && Scratch(config, rows, maxPages) + Tables(slots, maxPages, need.MaxTokens) > budget / ScratchShare)
        {
            rows = Math.Max(1, rows / 2);
            slots = Math.Min(slots, rows);
        }
        long pageBytes = DeviceLayout.PageBytes(config, precision);
        Int128 left = budget - Scratch(config, rows, maxPages) - Tables(slots, maxPages, need.MaxTokens);
        int pages = (int)Int128.Clamp(left * PageSixteenths / 16 / pageBytes, 0, need.Pages);
        return new SessionPlan(rows, slots, maxPages, pages, pageBytes);
    }

    /// <summary>Bytes of partial attention: of each row, head and chunk.</summary>
    public static Int128 Scratch(ModelConfig config, int rows, int maxPages) =>
        sizeof(float) * (Int128)rows * config.Heads * maxPages * DeviceLayout.PartialFloats(config);

    /// <summary>Why the plan does not serve one sample, or null.</summary>
    public HarnessException? Refusal(SessionNeed need, long budget) => Pages >= need.LeastPages
        ? null
        : KernelCodes.MemoryBudget.With(
            $"{need.LeastPages} pages of {PageBytes:N0} bytes for keys and values of one sample of "
            + $"{need.LongestSequence} tokens do not fit the {budget:N0} bytes that the model leaves free");

    static Int128 Tables(int slots, int maxPages, int maxTokens) =>
        SamplingCuda.PartsBytes + ((Int128)slots * ((2L * sizeof(int) * maxPages) + (DrawnBytes * (long)maxTokens)));
}
