using System.Numerics;

namespace Harness.Statistics.Stopping;

/// <summary>
/// Stops once the leader is the more probable of the two first answers with a confidence: P(p > 1/2) for p ~ Beta(leader + 1, second + 1)
/// (adaptive consistency, Aggarwal et al. 2023, arXiv 2305.11860). For whole numbers of votes this is a binomial sum, P(X at most leader)
/// of leader + second + 1 tosses of a coin, and is compared exactly.
/// </summary>
public sealed class ConfidenceStop(int percent) : IVoteStop
{
    readonly List<int> least = [];
    readonly Lock growing = new();
    int[] known = [];

    public int Window => 1;

    public int Least(int second)
    {
        if (second < known.Length)
            return known[second];
        lock (growing)
        {
            while (least.Count <= second + 64)
                least.Add(Search(least.Count, least.Count == 0 ? 1 : least[^1]));
            known = [.. least];
        }
        return known[second];
    }

    int Search(int second, int from)
    {
        int leader = from;
        while (!IsConfident(leader, second))
            leader++;
        return leader;
    }

    /// <summary>Whether 100 times the sum of C(n, j) for j up to leader is at least percent times 2^n, n = leader + second + 1.</summary>
    bool IsConfident(int leader, int second)
    {
        int tosses = leader + second + 1;
        // The other tail has second + 1 terms, of j = 0 .. second.
        BigInteger term = 1, tail = 0;
        for (int j = 0; j <= second; j++)
        {
            tail += term;
            term = term * (tosses - j) / (j + 1);
        }
        BigInteger all = BigInteger.One << tosses;
        return 100 * (all - tail) >= percent * all;
    }
}
