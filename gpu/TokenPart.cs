namespace Gpu;

/// <summary>Tokens of a real model's shape, whatever device draws them, against the committed ones.</summary>
sealed class TokenPart(ProofSettings settings, Checks checks)
{
    /// <summary>Compiling all kernels, and making 135 million weights.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public void Run()
    {
        foreach (CommittedTokens one in CommittedTokens.All)
        {
            checks.Check(one.ToString(), Limit, () =>
            {
                string hash = one.HashOn(settings.Device);
                if (hash != one.Hash)
                    throw new CheckFailedException($"hash of the tokens is {hash}, and of the committed ones {one.Hash}");
            });
        }
    }
}
