using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Decoding;

/// <summary>One memory shared by several models.</summary>
static class MemoryShares
{
    /// <summary>
    /// Gives each model what it needs at least, and the rest in proportion to the sizes of their pages, so that all have room for about
    /// equally many tokens.
    /// </summary>
    /// <param name="budget">Bytes in all.</param>
    /// <param name="models">For each, the bytes without which it draws nothing, and the bytes of one page.</param>
    /// <returns>Bytes of each; together at most the budget.</returns>
    /// <exception cref="HarnessException">The budget does not hold the least of all of them.</exception>
    public static long[] Split(long budget, IReadOnlyList<(Int128 Least, long PageBytes)> models)
    {
        Int128 least = 0, pages = 0;
        foreach ((Int128 needed, long page) in models)
        {
            least += needed;
            pages += page;
        }
        if (least > budget)
        {
            string each = string.Join(" and ", models.Select(model => $"{model.Least:N0}"));
            throw KernelCodes.MemoryBudget.With(
                $"memory of {budget:N0} bytes does not hold {models.Count} models at once: they need at least {each}");
        }
        return [.. models.Select(model => (long)(model.Least + ((budget - least) * model.PageBytes / pages)))];
    }
}
