namespace Harness.Statistics.Stopping;

/// <summary>
/// Sums over random orders of a problem's samples what a stopped vote comes to at each cap. An order costs as much as the samples that it
/// draws: its vote is looked at where it stops, and at each cap before.
/// </summary>
sealed class OrderCount
{
    readonly IVoteStop stop;
    readonly int answers;
    readonly int[] caps;
    readonly double[] correctness;

    /// <summary>By the place of a sample: its answer, none being the one after the last, and its tokens.</summary>
    readonly int[] answerAt;
    readonly double[] lengthAt;

    /// <summary>By the votes of the second answer, what the rule asks of the leader; 0 where it has not been asked yet.</summary>
    readonly int[] least;

    /// <summary>By answer; samples without one count from so far below that they never lead.</summary>
    readonly int[] votes;

    /// <summary>By cap: of orders that still drew then, and of those that stopped at it or since the cap before.</summary>
    readonly OrderSums drawing, stopped;

    /// <param name="lengths">Tokens of each sample; where one is NaN, so are the chains of tokens.</param>
    /// <param name="caps">In ascending order, at most the samples.</param>
    /// <param name="arrangement">The sample at each place.</param>
    public OrderCount(AnswerTally tally, ReadOnlySpan<double> lengths, IVoteStop stop, int[] caps, int[] arrangement)
    {
        (this.stop, this.caps, answers) = (stop, caps, tally.Answers.Length);
        correctness = [.. tally.Answers.Select(answer => answer.Correctness)];
        (answerAt, lengthAt) = (new int[tally.Samples], new double[tally.Samples]);
        for (int place = 0; place < answerAt.Length; place++)
        {
            int answer = tally.AnswerOfSample[arrangement[place]];
            (answerAt[place], lengthAt[place]) = (answer < 0 ? answers : answer, lengths[arrangement[place]]);
        }
        least = new int[tally.Samples + 1];
        votes = new int[answers + 1];
        (drawing, stopped) = (new(caps.Length, answers), new(caps.Length, answers));
    }

    /// <summary>The means over so many orders. Once.</summary>
    public OrderMeans Means(RandomOrders orders, int count)
    {
        int[] room = new int[answerAt.Length];
        for (int order = 0; order < count && caps.Length > 0; order++)
        {
            ReadOnlySpan<int> places = orders.Read(order, room);
            Array.Clear(votes);
            votes[answers] = int.MinValue / 2;
            if (stop.Window == 1)
                AddOneByOne(places);
            else
                AddWindows(places);
        }
        OrderMeans means = OrderSums.Means(drawing, stopped, count);
        if (lengthAt.Any(double.IsNaN))
            Array.Fill(means.Critical, double.NaN);
        return means;
    }

    // The loops keep how the vote stands in locals: the answer that leads alone, or -1; the votes of those that lead, and of the next
    // answer, which are as many where several lead. A leader's lead is seldom broken, so that nothing but that is a branch.
    void AddOneByOne(ReadOnlySpan<int> places)
    {
        (int[] answerAt, int[] votes) = (this.answerAt, this.votes);
        (int alone, int most, int second, int t) = (-1, 0, 0, 0);
        for (int cap = 0; cap < caps.Length; cap++)
        {
            foreach (int place in places[t..caps[cap]])
            {
                int answer = answerAt[place], count = ++votes[answer], own = answer == alone ? 1 : 0;
                t++;
                if (count >= most && own == 0)
                {
                    (alone, most, second) = (count > most ? answer : -1, count, most);
                }
                else
                {
                    most += own;
                    second = Math.Max(second, count & (own - 1));
                }
                if (most >= Least(second))
                {
                    Add(stopped, cap, alone, most, t, 0);
                    return;
                }
            }
            Add(drawing, cap, alone, most, t, 0);
        }
    }

    void AddWindows(ReadOnlySpan<int> places)
    {
        (int[] answerAt, double[] lengthAt, int[] votes, int window) = (this.answerAt, this.lengthAt, this.votes, stop.Window);
        (int alone, int most, int second, int t, int end) = (-1, 0, 0, 0, 0);
        (int first, int different, double chain, double longest) = (0, 0, 0, 0);
        for (int cap = 0; cap < caps.Length;)
        {
            if (t == end)
            {
                (end, first, longest) = (t + window, answerAt[places[t]], 0);
                different = first < answers ? 0 : 1;
            }
            foreach (int place in places[t..Math.Min(end, caps[cap])])
            {
                int answer = answerAt[place], count = ++votes[answer], own = answer == alone ? 1 : 0;
                t++;
                // What a sample adds to the longest of its window.
                double longer = double.MaxNative(lengthAt[place], longest);
                chain += longer - longest;
                longest = longer;
                different |= answer ^ first;
                if (count >= most && own == 0)
                {
                    (alone, most, second) = (count > most ? answer : -1, count, most);
                }
                else
                {
                    most += own;
                    second = Math.Max(second, count & (own - 1));
                }
            }
            if (t == end && (different == 0 && stop.StopsOnAgreement || most >= Least(second)))
            {
                Add(stopped, cap, alone, most, t, chain);
                return;
            }
            if (t == caps[cap])
                Add(drawing, cap++, alone, most, t, chain);
        }
    }

    int Least(int second)
    {
        int known = least[second];
        return known > 0 ? known : least[second] = stop.Least(second);
    }

    /// <summary>Adds an order's vote as it stands.</summary>
    void Add(OrderSums sums, int cap, int alone, int most, int drawn, double chain)
    {
        int voted = 0, leaders = 0;
        double right = 0;
        Span<double> ofAnswers = sums.Drawn.AsSpan(cap * (answers + 1), answers + 1);
        for (int answer = 0; answer < answers; answer++)
        {
            int count = votes[answer];
            voted += count;
            ofAnswers[answer] += count;
            if (count != most || most == 0)
                continue;
            leaders++;
            right += correctness[answer];
        }
        ofAnswers[answers] += drawn - voted;
        sums.Critical[cap] += chain;
        if (leaders == 0)
            return;
        Span<double> shares = sums.Shares.AsSpan(cap * answers, answers);
        for (int answer = 0; answer < answers && alone < 0; answer++)
            shares[answer] += votes[answer] == most ? 1.0 / leaders : 0;
        if (alone >= 0)
            shares[alone]++;
        right /= leaders;
        sums.Values[cap] += right;
        sums.Squares[cap] += right * right;
    }
}
