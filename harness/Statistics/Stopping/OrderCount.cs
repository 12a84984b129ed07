namespace Harness.Statistics.Stopping;

/// <summary>
/// Sums over random orders of a problem's samples what a stopped vote comes to at every cap. Each sum is kept as its changes from cap to
/// cap, so that an order costs as much as the samples it draws.
/// </summary>
sealed class OrderCount
{
    readonly AnswerTally tally;
    readonly IVoteStop stop;
    readonly int samples, most, answers;

    /// <summary>By the place of a sample: its answer, none being the one after the last, and its tokens.</summary>
    readonly int[] answerAt;
    readonly double[] lengthAt;

    /// <summary>By the votes of the second answer, what the rule asks of the leader; 0 where it has not been asked yet.</summary>
    readonly int[] least;

    /// <summary>By answer; samples without one count from so far below that they never lead.</summary>
    readonly int[] votes;
    readonly int[] leaders;
    int leading;

    /// <summary>[cap][answer].</summary>
    readonly double[] shares;

    /// <summary>[cap][answer, the last one none].</summary>
    readonly int[] taken;
    readonly double[] critical, values, squares;

    /// <param name="lengths">Tokens of each sample; where one is NaN, so are the chains of tokens.</param>
    /// <param name="most">The largest cap, at most the samples.</param>
    /// <param name="arrangement">The sample at each place.</param>
    public OrderCount(AnswerTally tally, ReadOnlySpan<double> lengths, IVoteStop stop, int most, int[] arrangement)
    {
        (this.tally, this.stop, samples, this.most, answers) = (tally, stop, tally.Samples, most, tally.Answers.Length);
        (answerAt, lengthAt) = (new int[samples], new double[samples]);
        for (int place = 0; place < samples; place++)
        {
            int answer = tally.AnswerOfSample[arrangement[place]];
            (answerAt[place], lengthAt[place]) = (answer < 0 ? answers : answer, lengths[arrangement[place]]);
        }
        least = new int[samples + 1];
        (votes, leaders) = (new int[answers + 1], new int[answers]);
        (shares, taken) = (new double[most * answers], new int[most * (answers + 1)]);
        (critical, values, squares) = (new double[most], new double[most], new double[most]);
    }

    /// <summary>The means over so many orders. Once.</summary>
    public OrderMeans Means(RandomOrders orders, int count)
    {
        int[] room = new int[samples];
        bool knowsLengths = !lengthAt.Any(double.IsNaN);
        for (int order = 0; order < count; order++)
        {
            ReadOnlySpan<int> places = orders.Read(order, room)[..most];
            Array.Clear(votes);
            votes[answers] = int.MinValue / 2;
            leading = 0;
            if (stop.Window == 1)
                AddOneByOne(places);
            else
                AddWindows(places);
        }
        if (!knowsLengths)
            Array.Fill(critical, double.NaN);
        return Means(count);
    }

    // The loops keep how the vote stands in locals: the answer that leads alone, or -1; the votes of those that lead, and of the next
    // answer, which are as many where several lead; the mean correctness of those that lead. A leader's lead is seldom broken, so that
    // nothing but that is a branch.
    void AddOneByOne(ReadOnlySpan<int> places)
    {
        (int[] answerAt, int[] taken, int[] votes, int answers) = (this.answerAt, this.taken, this.votes, this.answers);
        (int alone, int most, int second, double value) = (-1, 0, 0, 0);
        for (int t = 0; t < places.Length; t++)
        {
            int answer = answerAt[places[t]], count = ++votes[answer], own = answer == alone ? 1 : 0;
            taken[t * (answers + 1) + answer]++;
            if (count >= most && own == 0)
            {
                value = Lead(answer, t, count > most, value);
                (alone, most, second) = (count > most ? answer : -1, count, most);
            }
            else
            {
                most += own;
                second = Math.Max(second, count & (own - 1));
            }
            if (most >= Least(second))
                return;
        }
    }

    void AddWindows(ReadOnlySpan<int> places)
    {
        (int[] answerAt, double[] lengthAt, int[] taken, int[] votes) = (this.answerAt, this.lengthAt, this.taken, this.votes);
        (double[] critical, int answers, int window) = (this.critical, this.answers, stop.Window);
        (int alone, int most, int second, double value) = (-1, 0, 0, 0);
        for (int start = 0; start < places.Length; start += window)
        {
            int first = answerAt[places[start]], end = Math.Min(start + window, places.Length), different = first < answers ? 0 : 1;
            double longest = 0;
            for (int t = start; t < end; t++)
            {
                int place = places[t], answer = answerAt[place], count = ++votes[answer], own = answer == alone ? 1 : 0;
                taken[t * (answers + 1) + answer]++;
                // What a sample adds to the longest of its window.
                double longer = double.MaxNative(lengthAt[place], longest);
                critical[t] += longer - longest;
                longest = longer;
                different |= answer ^ first;
                if (count >= most && own == 0)
                {
                    value = Lead(answer, t, count > most, value);
                    (alone, most, second) = (count > most ? answer : -1, count, most);
                }
                else
                {
                    most += own;
                    second = Math.Max(second, count & (own - 1));
                }
            }
            if (end == start + window && (different == 0 && stop.StopsOnAgreement || most >= Least(second)))
                return;
        }
    }

    int Least(int second)
    {
        int known = least[second];
        return known > 0 ? known : least[second] = stop.Least(second);
    }

    /// <summary>An answer has as many votes as those that lead, or one more: moves this cap's shares.</summary>
    /// <param name="value">The mean correctness of those that led.</param>
    /// <returns>Of those that lead now.</returns>
    double Lead(int answer, int t, bool alone, double value)
    {
        Move(t, -1);
        leading = alone ? 0 : leading;
        leaders[leading++] = answer;
        Move(t, 1);
        double now = Correctness();
        values[t] += now - value;
        squares[t] += now * now - value * value;
        return now;
    }

    /// <summary>Gives this cap's shares to those that lead, or takes them.</summary>
    void Move(int t, int sign)
    {
        double share = (double)sign / leading;
        for (int place = 0; place < leading; place++)
            shares[t * answers + leaders[place]] += share;
    }

    double Correctness()
    {
        double sum = 0;
        for (int place = 0; place < leading; place++)
            sum += tally.Answers[leaders[place]].Correctness;
        return sum / leading;
    }

    OrderMeans Means(int orders)
    {
        double[] errors = new double[most], drawn = new double[taken.Length];
        for (int place = 0; place < taken.Length; place++)
            drawn[place] = taken[place];
        (double value, double square) = (0, 0);
        Accumulate(shares, answers, orders);
        Accumulate(drawn, answers + 1, orders);
        Accumulate(critical, 1, orders);
        for (int t = 0; t < most; t++)
        {
            value += values[t];
            square += squares[t];
            double mean = value / orders;
            errors[t] = Math.Sqrt(Math.Max(square / orders - mean * mean, 0) / orders);
        }
        return new OrderMeans(shares, drawn, critical, errors);
    }

    /// <summary>From the changes at each cap to the means.</summary>
    static void Accumulate(double[] sums, int width, int orders)
    {
        for (int place = 0; place < sums.Length; place++)
            sums[place] = sums[place] / orders + (place >= width ? sums[place - width] : 0);
    }
}
