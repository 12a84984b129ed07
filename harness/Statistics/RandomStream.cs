using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>A sequence of random words: Philox4x32-10 at counters (first, second, 0.., purpose).</summary>
struct RandomStream(ulong seed, RandomPurpose purpose, uint first, uint second)
{
    (uint X0, uint X1, uint X2, uint X3) block;
    uint blocks;
    int left;

    public uint Next()
    {
        if (left == 0)
        {
            block = Philox.Block(seed, first, second, blocks++, purpose);
            left = 4;
        }
        return --left switch { 3 => block.X0, 2 => block.X1, 1 => block.X2, _ => block.X3 };
    }

    /// <summary>0..<paramref name="count"/>-1. Chances differ by less than count/2^32, far below any Monte Carlo error here.</summary>
    public int Below(int count) => (int)((ulong)Next() * (uint)count >> 32);
}
