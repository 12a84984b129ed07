namespace Harness.Kernels.Sampling;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon et al. 2011 (Parallel Random Numbers: As Easy as 1, 2, 3, SC11): a draw is a
/// pure function of key and counter, so it depends on no order and no thread.
/// </summary>
public static class Philox
{
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>
    /// The 128 random bits at one counter, whose fourth word is the purpose; <paramref name="key"/>'s low half is the generator's first key
    /// word.
    /// </summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(ulong key, uint c0, uint c1, uint c2, RandomPurpose purpose)
    {
        uint c3 = (uint)purpose;
        uint key0 = (uint)key, key1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ key0;
            c2 = (uint)(product0 >> 32) ^ c3 ^ key1;
            c1 = (uint)product1;
            c3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>The most words that <see cref="Fill"/> gives at once.</summary>
    public const int MostWords = PhiloxAvx2.Words;

    /// <summary>
    /// The words of one block or, where the processor makes eight as fast, of the eight whose third counter word goes on from
    /// <paramref name="c2"/>, one block after the other.
    /// </summary>
    /// <param name="words">[<see cref="MostWords"/>], to fill in from its start.</param>
    /// <returns>How many words were filled in, four a block.</returns>
    public static int Fill(ulong key, uint c0, uint c1, uint c2, RandomPurpose purpose, Span<uint> words)
    {
        if (PhiloxAvx2.IsSupported)
        {
            PhiloxAvx2.Fill(key, c0, c1, c2, (uint)purpose, words);
            return PhiloxAvx2.Words;
        }
        (words[0], words[1], words[2], words[3]) = Block(key, c0, c1, c2, purpose);
        return 4;
    }
}
