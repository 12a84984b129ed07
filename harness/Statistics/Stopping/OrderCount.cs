namespace Harness.Statistics.Stopping;

/// <summary>
/// Sums over random orders of a problem's samples what a stopped vote comes to at every cap. Each sum is kept as its changes from cap to
/// cap, so that an order costs as much as the samples it draws.
/// </summary>
sealed class OrderCount
{
    readonly AnswerTally tally;
    readonly IVoteStop stop;
    readonly int answers, window;

    /// <summary>The samples in their order, from which every random order starts.</summary>
    readonly int[] samples;
    readonly int[] order, votes, leaders;

    /// <summary>[cap][answer], and [cap][answer, the last one none].</summary>
    readonly double[] shares, drawn;
    readonly double[] critical, values, squares;
    int leading;

    public OrderCount(AnswerTally tally, IVoteStop stop)
    {
        (this.tally, this.stop, answers, window) = (tally, stop, tally.Answers.Length, stop.Window);
        samples = [.. Enumerable.Range(0, tally.Samples)];
        order = new int[samples.Length];
        votes = new int[answers];
        leaders = new int[answers];
        (shares, drawn) = (new double[samples.Length * answers], new double[samples.Length * (answers + 1)]);
        (critical, values, squares) = (new double[samples.Length], new double[samples.Length], new double[samples.Length]);
    }

    /// <summary>Draws one order until the rule stops it.</summary>
    public void Add(ReadOnlySpan<double> lengths, RandomStream random)
    {
        samples.CopyTo(order, 0);
        Array.Clear(votes);
        leading = 0;
        Span<int> places = order, counts = votes;
        Span<double> taken = drawn, chains = critical;
        (int answers, int window) = (this.answers, this.window);
        ReadOnlySpan<int> answerOfSample = tally.AnswerOfSample;
        (int alone, int most, int second, int inWindow, int first, int same) = (-1, 0, 0, 0, -1, 0);
        (double value, double longest) = (0, 0);
        for (int t = 0; t < places.Length;)
        {
            foreach (uint word in random.Take(places.Length - t))
            {
                int chosen = t + (int)((ulong)word * (uint)(places.Length - t) >> 32), sample = places[chosen];
                int answer = answerOfSample[sample];
                (places[chosen], places[t]) = (places[t], sample);
                taken[t * (answers + 1) + (answer < 0 ? answers : answer)]++;
                if (window > 1)
                    chains[t] += Waited(lengths[sample], inWindow == 0, ref longest);
                (first, same) = inWindow == 0 ? (answer, 1) : (first, answer == first ? same + 1 : same);
                if (answer >= 0)
                {
                    int count = ++counts[answer];
                    if (count < most)
                    {
                        second = Math.Max(second, count);
                    }
                    else if (answer == alone)
                    {
                        // The share is taken and given back as of any change of leaders: that may round.
                        ref double share = ref shares[t * answers + answer];
                        share = share - 1 + 1;
                        most = count;
                    }
                    else
                    {
                        value = Lead(answer, t, count > most, value);
                        (alone, most, second) = (count > most ? answer : -1, count, most);
                    }
                }
                t++;
                if (++inWindow < window)
                    continue;
                inWindow = 0;
                if (stop.Stops(most, second, first >= 0 && same == window))
                    return;
            }
        }
    }

    /// <summary>What a sample adds to the longest of its window.</summary>
    static double Waited(double length, bool opens, ref double longest)
    {
        double waited = opens ? length : Math.Max(length - longest, 0);
        longest = opens ? length : Math.Max(longest, length);
        return waited;
    }

    /// <summary>Moves the shares of this cap to the answers that lead now: one alone, or one more of as many votes.</summary>
    /// <param name="value">What the answers before were worth.</param>
    /// <returns>What they are worth now.</returns>
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

    /// <summary>The means over so many orders, which are all that were added.</summary>
    public OrderMeans Means(int orders)
    {
        double[] errors = new double[order.Length];
        (double value, double square) = (0, 0);
        Accumulate(shares, answers, orders);
        Accumulate(drawn, answers + 1, orders);
        Accumulate(critical, 1, orders);
        for (int t = 0; t < order.Length; t++)
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
