namespace Harness.Kernels.Configuration;

/// <summary>
/// The size of the pages that keys and values lie in; attention sums over as many keys at once, so it is part of the arithmetic.
/// </summary>
public static class PageSize
{
    /// <summary>Tokens of one page.</summary>
    public const int Tokens = 64;

    /// <summary>Pages that <paramref name="tokens"/> tokens fill; the last may be partly filled.</summary>
    public static int PagesFor(int tokens) => (int)(((long)tokens + Tokens - 1) / Tokens);
}
