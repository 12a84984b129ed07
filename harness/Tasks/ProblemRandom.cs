using Harness.Kernels.Sampling;

namespace Harness.Tasks;

/// <summary>
/// The random words of one problem: Philox4x32-10 with key = seed and counter = (number, group, position, purpose), so that a problem
/// depends on these and on no other problem.
/// </summary>
/// <param name="number">Of the problem within its group.</param>
/// <param name="group">A pool's problems are grouped by difficulty, a training's by step.</param>
public sealed class ProblemRandom(ulong seed, int number, int group, RandomPurpose purpose)
{
    readonly uint[] block = new uint[4];
    uint position;
    int used = 4;

    /// <summary>
    /// Uniform in 0..<paramref name="bound"/>-1, without bias (Lemire 2019, Fast Random Integer Generation in an Interval).
    /// </summary>
    public int Below(int bound)
    {
        uint range = (uint)bound;
        ulong product = (ulong)NextWord() * range;
        if ((uint)product < range)
        {
            uint threshold = (0u - range) % range;
            while ((uint)product < threshold)
                product = (ulong)NextWord() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>Uniform in <paramref name="first"/>..<paramref name="last"/>.</summary>
    public int Between(int first, int last) => first + Below(last - first + 1);

    uint NextWord()
    {
        if (used == block.Length)
        {
            (block[0], block[1], block[2], block[3]) = Philox.Block(seed, (uint)number, (uint)group, position++, purpose);
            used = 0;
        }
        return block[used++];
    }
}
