using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Statistics;

/// <summary>Counts weighted votes of a problem's samples, subset by subset.</summary>
sealed class WeightedVoteCount
{
    /// <summary>The answers that lead a subset's vote. There are none where none of its samples voted.</summary>
    public delegate void LeadersVisitor(ReadOnlySpan<int> leaders);

    /// <summary>Weights as integers, so that equal sums are equal in whatever order they were added.</summary>
    const double WeightUnits = 1L << 40;

    const int AnswerBits = 20;
    const ulong AnswerMask = (1ul << AnswerBits) - 1;

    readonly int answers;

    /// <summary>
    /// For each sample, the units of its weight in the high bits and the place of its answer in the low ones. A sample without an answer
    /// has the place after the last.
    /// </summary>
    readonly ulong[] votes;

    /// <summary>
    /// By answer, without an answer last: every other vote is added to the one, the rest to the other, so that votes for the same answer
    /// need not wait for each other.
    /// </summary>
    readonly ulong[] sums, others;
    readonly int[] leaders;

    /// <param name="weights">The weight of each sample, in [0, 1].</param>
    public WeightedVoteCount(AnswerTally tally, ReadOnlySpan<double> weights)
    {
        answers = tally.Answers.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(answers, (int)AnswerMask);
        votes = new ulong[tally.Samples];
        (sums, others) = (new ulong[answers + 1], new ulong[answers + 1]);
        leaders = new int[answers + 1];
        for (int i = 0; i < votes.Length; i++)
        {
            int answer = tally.AnswerOfSample[i] is int and >= 0 and var place ? place : answers;
            votes[i] = (ulong)Math.Round(weights[i] * WeightUnits) << AnswerBits | (uint)answer;
        }
    }

    /// <summary>
    /// The answer that wins in every subset of k: with as many samples of others as there are, its lightest votes still outweigh all votes
    /// of any other answer together. -1 where there is no such answer, or where this bound does not show it.
    /// </summary>
    public int CertainWinner(int k)
    {
        ulong[] totals = new ulong[answers + 1];
        foreach (ulong vote in votes)
            totals[vote & AnswerMask] += vote >> AnswerBits;
        ulong[] ofAnswers = totals[..answers];
        int winner = Array.IndexOf(ofAnswers, ofAnswers.DefaultIfEmpty().Max());
        if (winner < 0)
            return -1;
        ulong[] ownVotes = [.. votes.Where(vote => (int)(vote & AnswerMask) == winner).Order()];
        ulong least = 0, rival = ofAnswers.Where((_, answer) => answer != winner).DefaultIfEmpty().Max();
        foreach (ulong vote in ownVotes.Take(k - (votes.Length - ownVotes.Length)))
            least += vote >> AnswerBits;
        return least > rival ? winner : -1;
    }

    /// <summary>
    /// Shows the leaders of all subsets of k samples where these are at most <paramref name="counted"/>, else of <paramref name="subsets"/>
    /// random ones.
    /// </summary>
    public (int Visited, bool IsExact) ForEachSubset(int k, int counted, int subsets, RandomStream random, LeadersVisitor visit)
    {
        int all = SubsetEnumeration.CountUpTo(votes.Length, k, counted);
        if (all <= counted)
        {
            int[] subset = [.. Enumerable.Range(0, k)];
            ulong[] chosen = new ulong[k];
            do
            {
                for (int i = 0; i < k; i++)
                {
                    chosen[i] = votes[subset[i]];
                    Add(sums, chosen[i]);
                }
                visit(Leaders(chosen));
            }
            while (SubsetEnumeration.Next(subset, votes.Length));
            return (all, true);
        }
        ulong[] order = [.. votes];
        for (int drawn = 0; drawn < subsets; drawn++)
        {
            Draw(order, k, ref random);
            visit(Leaders(order.AsSpan(0, k)));
        }
        return (subsets, false);
    }

    /// <summary>
    /// Moves a random subset of k to the front, and adds up its votes. Two draws share a random word. The second draw is uneven by less
    /// than n^2/2^32, far below any Monte Carlo error here.
    /// </summary>
    void Draw(ulong[] order, int k, ref RandomStream random)
    {
        ref ulong first = ref MemoryMarshal.GetArrayDataReference(order);
        (ulong[] even, ulong[] odd) = (sums, others);
        uint left = (uint)order.Length;
        for (int i = 0; i < k;)
        {
            foreach (uint word in random.Take((k - i + 1) / 2))
            {
                ulong fraction = word * (ulong)left--;
                Add(even, ToFront(ref first, i++, (int)(fraction >> 32)));
                if (i == k)
                    break;
                fraction = (uint)fraction * (ulong)left--;
                Add(odd, ToFront(ref first, i++, (int)(fraction >> 32)));
            }
        }
    }

    /// <summary>Swaps a vote with the one that lies so many places farther on, which is within the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong ToFront(ref ulong first, int place, int farther)
    {
        ref ulong here = ref Unsafe.Add(ref first, place);
        ulong chosen = Unsafe.Add(ref here, farther);
        Unsafe.Add(ref here, farther) = here;
        here = chosen;
        return chosen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(ulong[] sums, ulong vote) => sums[vote & AnswerMask] += vote >> AnswerBits;

    /// <summary>Of votes that are added up.</summary>
    ReadOnlySpan<int> Leaders(ReadOnlySpan<ulong> chosen)
    {
        (sums[answers], others[answers]) = (0, 0);
        ulong most = 0;
        int count = answers < chosen.Length ? AmongAnswers(ref most) : AmongVotes(chosen, ref most);
        return leaders.AsSpan(0, most > 0 ? count : Voters(chosen));
    }

    /// <summary>The answers with the largest sum of weights. All sums are 0 again afterwards.</summary>
    int AmongAnswers(ref ulong most)
    {
        int count = 0;
        for (int answer = 0; answer < answers; answer++)
        {
            ulong sum = sums[answer] + others[answer];
            (sums[answer], others[answer]) = (0, 0);
            count = sum > most ? 0 : count;
            most = Math.Max(most, sum);
            if (sum == most)
                leaders[count++] = answer;
        }
        return count;
    }

    /// <summary>The same, for fewer votes than answers, in the order of the votes.</summary>
    int AmongVotes(ReadOnlySpan<ulong> chosen, ref ulong most)
    {
        int count = 0;
        foreach (ulong vote in chosen)
        {
            int answer = (int)(vote & AnswerMask);
            ulong sum = sums[answer] + others[answer];
            (sums[answer], others[answer]) = (0, 0);
            count = sum > most ? 0 : count;
            most = Math.Max(most, sum);
            if (sum == most && sum > 0)
                leaders[count++] = answer;
        }
        return count;
    }

    /// <summary>All answers that were given. Where no vote has a weight, votes without weight still count.</summary>
    int Voters(ReadOnlySpan<ulong> chosen)
    {
        int count = 0;
        foreach (ulong vote in chosen)
        {
            int answer = (int)(vote & AnswerMask);
            if (answer < answers && !leaders.AsSpan(0, count).Contains(answer))
                leaders[count++] = answer;
        }
        return count;
    }
}
