using System.Runtime.CompilerServices;

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
    /// has the place after the last, and no weight.
    /// </summary>
    readonly ulong[] votes;

    /// <summary>
    /// By answer, without an answer last: every other vote is added to the one, the rest to the other, so that votes for the same answer
    /// need not wait for each other.
    /// </summary>
    readonly ulong[] sums, others;
    readonly int[] leaders;

    /// <summary>The answer of the largest sum, the sums of its 0, 1, 2 .. lightest votes, and the next answer's sum.</summary>
    readonly int heaviest;
    readonly ulong[] lightest;
    readonly ulong rival;

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
            votes[i] = tally.AnswerOfSample[i] is int and >= 0 and var answer
                ? (ulong)Math.Round(weights[i] * WeightUnits) << AnswerBits | (uint)answer : (uint)answers;
        }
        (heaviest, lightest, rival) = Heaviest();
    }

    (int Answer, ulong[] Lightest, ulong Rival) Heaviest()
    {
        ulong[] totals = new ulong[answers + 1];
        foreach (ulong vote in votes)
            totals[vote & AnswerMask] += vote >> AnswerBits;
        Span<ulong> ofAnswers = totals.AsSpan(0, answers);
        int heaviest = 0;
        ulong rival = 0;
        for (int answer = 1; answer < answers; answer++)
        {
            rival = Math.Max(rival, Math.Min(ofAnswers[answer], ofAnswers[heaviest]));
            heaviest = ofAnswers[answer] > ofAnswers[heaviest] ? answer : heaviest;
        }
        List<ulong> lightest = [0];
        foreach (ulong vote in votes.Where(vote => (int)(vote & AnswerMask) == heaviest).Order())
            lightest.Add(lightest[^1] + (vote >> AnswerBits));
        return (heaviest, [.. lightest], rival);
    }

    /// <summary>
    /// The answer that wins in every subset of k: with as many samples of others as there are, its lightest votes still outweigh all votes
    /// of any other answer together. -1 where there is no such answer, or where this bound does not show it.
    /// </summary>
    public int CertainWinner(int k)
    {
        int own = lightest.Length - 1, least = Math.Max(k - (votes.Length - own), 0);
        return lightest[least] > rival ? heaviest : -1;
    }

    /// <summary>Shows the leaders of all subsets of k samples.</summary>
    public void ForEachSubset(int k, LeadersVisitor visit)
    {
        int[] subset = [.. Enumerable.Range(0, k)];
        do
        {
            Clear();
            Add(votes, subset);
            visit(Leaders(votes, subset));
        }
        while (SubsetEnumeration.Next(subset, votes.Length));
    }

    /// <summary>
    /// Shows the leaders of random subsets: of each random order its first samples, as many as each multiplier says. So subsets of
    /// different sizes contain each other.
    /// </summary>
    /// <param name="multipliers">In ascending order, at most as many as the samples.</param>
    /// <param name="problem">It names the arrangement in which the problem reads the orders.</param>
    /// <param name="visits">One of each multiplier.</param>
    public void ForRandomSubsets(
        int[] multipliers, int subsets, ulong seed, int problem, LeadersVisitor[] visits)
    {
        RandomOrders orders = RandomOrders.Of(seed, votes.Length, subsets);
        ulong[] arranged = [.. RandomOrders.Arrangement(seed, votes.Length, problem).Select(sample => votes[sample])];
        int[] room = new int[votes.Length];
        for (int order = 0; order < subsets; order++)
        {
            ReadOnlySpan<int> places = orders.Read(order, room);
            int added = 0;
            Clear();
            for (int i = 0; i < visits.Length; i++)
            {
                Add(arranged, places[added..multipliers[i]]);
                added = multipliers[i];
                visits[i](Leaders(arranged, places[..added]));
            }
        }
    }

    void Clear()
    {
        Array.Clear(sums);
        Array.Clear(others);
    }

    /// <summary>Adds up the votes at these places.</summary>
    void Add(ulong[] votes, ReadOnlySpan<int> places)
    {
        (ulong[] even, ulong[] odd) = (sums, others);
        int i = 0;
        for (; i + 1 < places.Length; i += 2)
        {
            Add(even, votes[places[i]]);
            Add(odd, votes[places[i + 1]]);
        }
        if (i < places.Length)
            Add(even, votes[places[i]]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(ulong[] sums, ulong vote) => sums[vote & AnswerMask] += vote >> AnswerBits;

    /// <summary>The answers with the largest sum of weights. Where no vote has a weight, all that were given.</summary>
    ReadOnlySpan<int> Leaders(ulong[] votes, ReadOnlySpan<int> places)
    {
        (ulong[] even, ulong[] odd, int[] leaders) = (sums, others, this.leaders);
        ulong most = 0;
        int count = 0;
        for (int answer = 0; answer < answers; answer++)
        {
            ulong sum = even[answer] + odd[answer];
            if (sum < most)
                continue;
            count = sum > most ? 0 : count;
            most = sum;
            leaders[count++] = answer;
        }
        return leaders.AsSpan(0, most > 0 ? count : Voters(votes, places));
    }

    int Voters(ulong[] votes, ReadOnlySpan<int> places)
    {
        int count = 0;
        foreach (int place in places)
        {
            int answer = (int)(votes[place] & AnswerMask);
            if (answer < answers && !leaders.AsSpan(0, count).Contains(answer))
                leaders[count++] = answer;
        }
        return count;
    }
}
