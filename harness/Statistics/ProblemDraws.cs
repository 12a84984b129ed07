using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>
/// The problems that each resample of the anchored bootstrap draws: N + 2 of N problems and two anchors. The numbers of problems by
/// difficulty are fixed by an experiment's design, so as many draws as a difficulty has problems belong to it, and two are free. A draw
/// of a difficulty is an anchor with probability 2 / (N + 2), each of the two with half of that, else one of its problems; a free draw is
/// any of the N + 2. With one difficulty all draws are alike: N + 2 of N + 2. A resample is a function of the seed and of its number.
/// </summary>
public sealed class ProblemDraws
{
    /// <summary>The draws that one difficulty has in every resample.</summary>
    /// <param name="Members">Its problems by place in the list, then the two anchors.</param>
    /// <param name="Scale">Members, the anchors counted with their share, in units of 2^-32: what a random word is multiplied with.</param>
    /// <param name="FirstAnchor">Where the first anchor begins, in the same units.</param>
    /// <param name="SecondAnchor">Where the second begins.</param>
    readonly record struct Stratum(int[] Members, int Draws, ulong Scale, ulong FirstAnchor, ulong SecondAnchor);

    readonly Stratum[] strata;

    /// <param name="difficulties">The difficulty of each problem. Only their order and which of them are equal matters.</param>
    public ProblemDraws(IReadOnlyList<int> difficulties, ulong seed)
    {
        Seed = seed;
        Problems = difficulties.Count;
        int[] all = [.. Enumerable.Range(0, Problems)];
        strata =
        [
            .. all.GroupBy(problem => difficulties[problem]).OrderBy(group => group.Key).Select(group => Of([.. group], group.Count())),
            Of(all, 2),
        ];
    }

    public ulong Seed { get; }

    /// <summary>N, without the anchors.</summary>
    public int Problems { get; }

    /// <summary>N + 2, the draws of one resample.</summary>
    public int Draws => Problems + 2;

    /// <summary>Fills in the draws of one resample, [N + 2]: a problem's place, N for the first anchor, N + 1 for the second.</summary>
    public void Fill(int resample, Span<int> drawn)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(drawn.Length, Draws);
        RandomStream random = new(Seed, RandomPurpose.Bootstrap, (uint)resample, (uint)Problems);
        int next = 0;
        foreach (Stratum stratum in strata)
        {
            for (int draw = 0; draw < stratum.Draws; draw++)
            {
                ulong place = Math.BigMul((ulong)random.Next() << 32, stratum.Scale, out _);
                drawn[next++] = place < stratum.FirstAnchor ? stratum.Members[(int)(place >> 32)]
                    : place < stratum.SecondAnchor ? Problems : Problems + 1;
            }
        }
    }

    /// <summary>Lays out n members and the two anchors on a line, on which a member has length 1 and an anchor n/N.</summary>
    Stratum Of(int[] members, int draws)
    {
        ulong problems = (ulong)members.Length << 32, anchor = problems / (ulong)Math.Max(Problems, 1);
        return new(members, draws, problems + 2 * anchor, problems, problems + anchor);
    }
}
