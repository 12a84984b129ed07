namespace Harness.Statistics.Stopping;

/// <summary>
/// Sums over random orders of a problem's samples what a stopped vote comes to at each cap. An order costs as much as the samples that it
/// draws: its vote is looked at where it stops, and at each cap before.
/// </summary>
sealed class OrderCount
{
    /// <summary>Votes of samples without an answer count from so far below that they never lead.</summary>
    const int NoVotes = int.MinValue / 2;

    readonly IVoteStop stop;
    readonly int answers;
    readonly int[] caps;

    /// <summary>By place.</summary>
    readonly PlacedSample[] samples;

    /// <summary>By the votes of the second answer, what the rule asks of the leader; 0 where it has not been asked yet.</summary>
    readonly int[] least;

    /// <summary>By answer, filled up with zeros to whole vectors; then of samples without one.</summary>
    readonly int[] votes;

    /// <summary>By cap: of orders that still drew then, and of those that stopped at it or since the cap before.</summary>
    readonly OrderSums drawing, stopped;

    /// <param name="Answer">The place of its votes.</param>
    readonly record struct PlacedSample(double Length, int Answer);

    /// <param name="lengths">Tokens of each sample; where one is NaN, so are the chains of tokens.</param>
    /// <param name="caps">In ascending order, at most the samples.</param>
    /// <param name="arrangement">The sample at each place.</param>
    public OrderCount(AnswerTally tally, ReadOnlySpan<double> lengths, IVoteStop stop, int[] caps, int[] arrangement)
    {
        (this.stop, this.caps, answers) = (stop, caps, tally.Answers.Length);
        double[] correctness = [.. tally.Answers.Select(answer => answer.Correctness)];
        (drawing, stopped) = (new(caps.Length, correctness), new(caps.Length, correctness));
        votes = new int[drawing.Width + 1];
        samples = new PlacedSample[tally.Samples];
        for (int place = 0; place < samples.Length; place++)
        {
            int answer = tally.AnswerOfSample[arrangement[place]];
            samples[place] = new(lengths[arrangement[place]], answer < 0 ? drawing.Width : answer);
        }
        least = new int[tally.Samples + 1];
    }

    /// <summary>The means over so many orders. Once.</summary>
    public OrderMeans Means(RandomOrders orders, int count)
    {
        int[] room = new int[samples.Length];
        for (int order = 0; order < count && caps.Length > 0; order++)
        {
            ReadOnlySpan<int> places = orders.Read(order, room);
            Array.Clear(votes);
            votes[^1] = NoVotes;
            if (stop.Window == 1)
                AddOneByOne(places);
            else
                AddWindows(places);
        }
        OrderMeans means = OrderSums.Means(drawing, stopped, count);
        if (samples.Any(sample => double.IsNaN(sample.Length)))
            Array.Fill(means.Critical, double.NaN);
        return means;
    }

    // Locals keep how the vote stands: the votes of the leader and of the next answer, which are as many where several lead. A sample adds
    // one to either at most. No branch but the end depends on the votes, which are hard to foretell.
    void AddOneByOne(ReadOnlySpan<int> places)
    {
        (PlacedSample[] samples, int[] votes) = (this.samples, this.votes);
        (int most, int second, int t) = (0, 0, 0);
        for (int cap = 0; cap < caps.Length; cap++)
        {
            foreach (int place in places[t..caps[cap]])
            {
                int count = ++votes[samples[place].Answer], leads = IsAbove(count, most);
                most += leads;
                second += IsAbove(count, second) & (leads - 1);
                if (most >= Least(second))
                {
                    Add(stopped, cap, 0);
                    return;
                }
            }
            t = caps[cap];
            Add(drawing, cap, 0);
        }
    }

    /// <returns>1, or 0.</returns>
    static int IsAbove(int count, int other) => (other - count) >>> 31;

    void AddWindows(ReadOnlySpan<int> places)
    {
        (int window, int t, double chain) = (stop.Window, 0, 0);
        for (int cap = 0; cap < caps.Length; cap++)
        {
            for (; t + window <= caps[cap]; t += window)
            {
                (bool agrees, double longest) = Draw(places.Slice(t, window));
                chain += longest;
                if (agrees)
                {
                    Add(stopped, cap, chain);
                    return;
                }
            }
            // What a cap cuts off of a window counts there, and later again as a part of the whole.
            ReadOnlySpan<int> begun = places[t..caps[cap]];
            Add(drawing, cap, chain + Draw(begun).Longest);
            foreach (int place in begun)
                votes[samples[place].Answer]--;
        }
    }

    /// <summary>Counts the votes of a window: whether all are for one answer, and the most tokens of a sample.</summary>
    (bool Agrees, double Longest) Draw(ReadOnlySpan<int> window)
    {
        (PlacedSample[] samples, int[] votes) = (this.samples, this.votes);
        int either = 0, all = -1;
        double longest = 0;
        foreach (int place in window)
        {
            (double length, int answer) = samples[place];
            votes[answer]++;
            either |= answer;
            all &= answer;
            longest = double.MaxNative(length, longest);
        }
        return (either == all && all < answers, longest);
    }

    int Least(int second)
    {
        int known = least[second];
        return known > 0 ? known : least[second] = stop.Least(second);
    }

    void Add(OrderSums sums, int cap, double chain) => sums.Add(cap, votes, without: votes[^1] - NoVotes, chain);
}
