namespace Harness.Statistics.Stopping;

/// <summary>
/// Sums over random orders of a problem's samples what a stopped vote comes to at every cap. Each sum is kept as its changes from cap to
/// cap, so that an order costs as much as the samples it draws.
/// </summary>
sealed class OrderCount
{
    readonly AnswerTally tally;
    readonly IVoteStop stop;
    readonly int[] order, votes, leaders;
    readonly double[][] shares, drawn;
    readonly double[] critical, values, squares;
    int leading;

    public OrderCount(AnswerTally tally, IVoteStop stop)
    {
        (this.tally, this.stop) = (tally, stop);
        (int samples, int answers) = (tally.Samples, tally.Answers.Length);
        order = new int[samples];
        votes = new int[answers];
        leaders = new int[answers];
        shares = [.. Enumerable.Range(0, samples).Select(_ => new double[answers])];
        drawn = [.. Enumerable.Range(0, samples).Select(_ => new double[answers + 1])];
        (critical, values, squares) = (new double[samples], new double[samples], new double[samples]);
    }

    /// <summary>Draws one order until the rule stops it.</summary>
    public void Add(ReadOnlySpan<double> lengths, RandomStream random)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Clear(votes);
        leading = 0;
        (int most, int second, int same, double value, double longest) = (0, 0, 0, 0, 0);
        int first = -1;
        for (int t = 0; t < order.Length; t++)
        {
            int chosen = t + random.Below(order.Length - t);
            (order[t], order[chosen]) = (order[chosen], order[t]);
            int sample = order[t], answer = tally.AnswerOfSample[sample];
            drawn[t][answer < 0 ? ^1 : answer]++;
            bool opens = t % stop.Window == 0;
            double waited = opens ? lengths[sample] : Math.Max(lengths[sample] - longest, 0);
            longest = opens ? lengths[sample] : Math.Max(longest, lengths[sample]);
            critical[t] += waited;
            (first, same) = opens ? (answer, 1) : (first, answer == first ? same + 1 : same);
            if (answer >= 0)
            {
                (most, second) = Vote(answer, most, second, t);
                double now = Correctness();
                values[t] += now - value;
                squares[t] += now * now - value * value;
                value = now;
            }
            if ((t + 1) % stop.Window == 0 && stop.Stops(most, second, first >= 0 && same == stop.Window))
                return;
        }
    }

    /// <summary>Counts a vote, and moves the shares of this cap to the answers that lead now.</summary>
    (int Most, int Second) Vote(int answer, int most, int second, int t)
    {
        int count = ++votes[answer];
        if (count == most + 1)
        {
            // The answer leads alone. What led before, unless it is the answer itself, is second.
            bool alone = leading == 1 && leaders[0] == answer;
            Move(t, -1);
            (leaders[0], leading) = (answer, 1);
            Move(t, 1);
            return (count, alone ? second : most);
        }
        if (count == most)
        {
            Move(t, -1);
            leaders[leading++] = answer;
            Move(t, 1);
            return (most, most);
        }
        return (most, Math.Max(second, count));
    }

    void Move(int t, int sign)
    {
        for (int place = 0; place < leading; place++)
            shares[t][leaders[place]] += (double)sign / leading;
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
        for (int t = 0; t < order.Length; t++)
        {
            Accumulate(shares, t, orders);
            Accumulate(drawn, t, orders);
            critical[t] = critical[t] / orders + (t > 0 ? critical[t - 1] : 0);
            value += values[t];
            square += squares[t];
            double mean = value / orders;
            errors[t] = Math.Sqrt(Math.Max(square / orders - mean * mean, 0) / orders);
        }
        return new OrderMeans(shares, drawn, critical, errors);
    }

    static void Accumulate(double[][] sums, int t, int orders)
    {
        for (int answer = 0; answer < sums[t].Length; answer++)
            sums[t][answer] = sums[t][answer] / orders + (t > 0 ? sums[t - 1][answer] : 0);
    }
}
