namespace Harness.Statistics.Stopping;

/// <summary>
/// Majority votes over a problem's samples, drawn in random order without replacement until a rule stops them or a cap is reached. The
/// answer is the majority of what was drawn, a tie counts with the mean correctness of the tied. One count serves every cap. With at most
/// two answers all orders are counted; else so many are drawn at random, the same for every rule and cap.
/// </summary>
public sealed class StoppedVotes
{
    /// <summary>Orders that are drawn where not all are counted.</summary>
    public const int DefaultOrders = 2000;

    /// <summary>States of a count over all orders, above which orders are drawn instead.</summary>
    const long MostStates = 400_000;

    readonly AnswerTally tally;

    /// <summary>In ascending order, none above the samples.</summary>
    readonly int[] caps;

    /// <summary>[cap][answer]: the chance to win.</summary>
    readonly double[] shares;

    /// <summary>[cap][answer, the last one none]: the expected samples of each answer.</summary>
    readonly double[] drawn;
    readonly double[] lengths, critical, errors;
    readonly int answers, without;

    /// <summary>One after another, the longest chain is all that is drawn.</summary>
    readonly bool isOneByOne;

    /// <param name="lengths">Tokens of each sample.</param>
    /// <param name="caps">Those that will be asked for.</param>
    /// <param name="problem">It names the arrangement in which the problem reads random orders.</param>
    public StoppedVotes(
        AnswerTally tally, ReadOnlySpan<double> lengths, IVoteStop stop, IEnumerable<int> caps, ulong seed, int problem,
        int orders = DefaultOrders)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengths.Length, tally.Samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 1);
        (this.tally, this.lengths, answers) = (tally, lengths.ToArray(), tally.Answers.Length);
        this.caps = [.. caps.Where(cap => cap <= tally.Samples).Distinct().Order()];
        without = tally.AnswerOfSample.AsSpan().Count(-1);
        isOneByOne = stop.Window == 1;
        bool exact = tally.Answers.Length <= 2 && OrderStates.CountOf(tally) <= MostStates;
        OrderMeans? means = null;
        // States know no lengths: of windows, the chain of tokens takes orders even then.
        if (!exact || stop.Window > 1)
        {
            means = new OrderCount(tally, lengths, stop, this.caps, RandomOrders.Arrangement(seed, tally.Samples, problem))
                .Means(RandomOrders.Of(seed, tally.Samples, orders), orders);
        }
        critical = means?.Critical ?? new double[this.caps.Length];
        if (exact)
            (shares, drawn, errors) = Exact(stop);
        else
            (shares, drawn, errors) = (means!.Shares, means.Drawn, means.Errors);
        if (this.caps.FirstOrDefault() == 1)
            CountOneSample();
    }

    (double[] Shares, double[] Drawn, double[] Errors) Exact(IVoteStop stop)
    {
        (double[] shares, double[] drawn) = new OrderStates(tally, stop).Count(caps.LastOrDefault());
        return (
            [.. caps.SelectMany(cap => shares[((cap - 1) * answers)..(cap * answers)])],
            [.. caps.SelectMany(cap => drawn[((cap - 1) * (answers + 1))..(cap * (answers + 1))])],
            new double[caps.Length]);
    }

    /// <summary>One sample is no matter of order.</summary>
    void CountOneSample()
    {
        errors[0] = 0;
        for (int answer = 0; answer < answers; answer++)
            shares[answer] = drawn[answer] = (double)tally.Answers[answer].Count / tally.Samples;
        drawn[answers] = (double)without / tally.Samples;
    }

    /// <summary>The chance of a right answer with at most so many samples; NaN where the pool has fewer.</summary>
    public MonteCarloEstimate Accuracy(int cap)
    {
        if (cap > tally.Samples)
            return new(double.NaN, double.NaN);
        if (cap == 1)
            return new(tally.Answers.Sum(answer => Math.Round(answer.Correctness * answer.Count)) / tally.Samples, 0);
        int place = PlaceOf(cap);
        double accuracy = 0;
        for (int answer = 0; answer < answers; answer++)
            accuracy += shares[place * answers + answer] * tally.Answers[answer].Correctness;
        return new(accuracy, errors[place]);
    }

    /// <summary>Each answer's chance of winning, a tie divided evenly.</summary>
    public double[] Shares(int cap) => cap > tally.Samples
        ? [.. Enumerable.Repeat(double.NaN, answers)]
        : shares.AsSpan(PlaceOf(cap) * answers, answers).ToArray();

    /// <summary>The expected number of samples that are drawn.</summary>
    public double Samples(int cap) => cap > tally.Samples ? double.NaN : DrawnOf(cap).ToArray().Sum();

    /// <summary>
    /// Each sample's chance to be drawn. It is the same for all that give one answer, which the rule cannot tell apart.
    /// </summary>
    public double[] Chances(int cap)
    {
        double[] chances = new double[tally.Samples];
        if (cap > tally.Samples)
        {
            Array.Fill(chances, double.NaN);
            return chances;
        }
        double[] ofAnswer = DrawnOf(cap).ToArray();
        for (int answer = 0; answer < answers; answer++)
            ofAnswer[answer] /= tally.Answers[answer].Count;
        ofAnswer[answers] /= without;
        for (int sample = 0; sample < chances.Length; sample++)
            chances[sample] = ofAnswer[tally.AnswerOfSample[sample] is >= 0 and var answer ? answer : answers];
        return chances;
    }

    /// <summary>The expected longest chain of tokens: windows follow each other, the samples of one are drawn side by side.</summary>
    public double CriticalTokens(int cap)
    {
        if (cap > tally.Samples)
            return double.NaN;
        if (cap > 1 && !isOneByOne)
            return critical[PlaceOf(cap)];
        double[] chances = Chances(cap);
        double sum = 0;
        for (int sample = 0; sample < lengths.Length; sample++)
            sum += chances[sample] * lengths[sample];
        return sum;
    }

    ReadOnlySpan<double> DrawnOf(int cap) => drawn.AsSpan(PlaceOf(cap) * (answers + 1), answers + 1);

    int PlaceOf(int cap) => Array.BinarySearch(caps, cap) is >= 0 and var place ? place
        : throw new ArgumentOutOfRangeException(nameof(cap), cap, "the cap is none of those that were counted");
}
