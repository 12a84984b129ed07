namespace Harness.Statistics.Stopping;

/// <summary>
/// The same over all orders of samples that give at most two answers, or none: a state is how many of each were drawn and whether the
/// window so far agrees, and its chance follows from those of one sample less.
/// </summary>
sealed class OrderStates
{
    /// <summary>The window so far: all the first answer, all the second, or anything else.</summary>
    const int Kinds = 3, Mixed = 2;

    readonly IVoteStop stop;
    readonly int answers, samples, firsts, seconds, nones;

    /// <summary>Chances of the states that go on, by first answers, second answers and kind; what else was drawn gave none.</summary>
    double[] alive, next;

    public OrderStates(AnswerTally tally, IVoteStop stop)
    {
        this.stop = stop;
        (answers, samples) = (tally.Answers.Length, tally.Samples);
        firsts = answers > 0 ? tally.Answers[0].Count : 0;
        seconds = answers > 1 ? tally.Answers[1].Count : 0;
        nones = samples - firsts - seconds;
        alive = new double[(firsts + 1) * (seconds + 1) * Kinds];
        next = new double[alive.Length];
    }

    public static long CountOf(AnswerTally tally) => tally.Answers.Aggregate(
        1L + tally.AnswerOfSample.Count(answer => answer < 0), (states, answer) => states * (answer.Count + 1));

    /// <summary>At each cap the chances to win and the expected samples of each answer, the last one none.</summary>
    public (double[][] Shares, double[][] Drawn) Count()
    {
        double[][] shares = [.. Enumerable.Range(0, samples).Select(_ => new double[answers])];
        double[][] drawn = [.. Enumerable.Range(0, samples).Select(_ => new double[answers + 1])];
        double[] stopped = new double[answers], stoppedDrawn = new double[answers + 1];
        alive[Mixed] = 1;
        for (int t = 1; t <= samples; t++)
        {
            Array.Clear(next);
            foreach ((int first, int second) in StatesAfter(t - 1))
                Draw(first, second, t - 1);
            (alive, next) = (next, alive);
            stopped.CopyTo(shares[t - 1], 0);
            stoppedDrawn.CopyTo(drawn[t - 1], 0);
            foreach ((int first, int second) in StatesAfter(t))
            {
                for (int kind = 0; kind < Kinds; kind++)
                {
                    double chance = alive[Place(first, second, kind)];
                    if (chance == 0)
                        continue;
                    Add(first, second, t, chance, shares[t - 1], drawn[t - 1]);
                    if (t % stop.Window != 0 || !stop.Stops(Math.Max(first, second), Math.Min(first, second), kind != Mixed))
                        continue;
                    Add(first, second, t, chance, stopped, stoppedDrawn);
                    alive[Place(first, second, kind)] = 0;
                }
            }
        }
        return (shares, drawn);
    }

    int Place(int first, int second, int kind) => (first * (seconds + 1) + second) * Kinds + kind;

    IEnumerable<(int First, int Second)> StatesAfter(int drawn)
    {
        for (int first = 0; first <= Math.Min(firsts, drawn); first++)
        {
            for (int second = Math.Max(0, drawn - first - nones); second <= Math.Min(seconds, drawn - first); second++)
                yield return (first, second);
        }
    }

    void Draw(int first, int second, int drawn)
    {
        double left = samples - drawn;
        bool opens = drawn % stop.Window == 0;
        for (int kind = 0; kind < Kinds; kind++)
        {
            double chance = alive[Place(first, second, kind)] / left;
            if (chance == 0)
                continue;
            if (first < firsts)
                next[Place(first + 1, second, opens || kind == 0 ? 0 : Mixed)] += chance * (firsts - first);
            if (second < seconds)
                next[Place(first, second + 1, opens || kind == 1 ? 1 : Mixed)] += chance * (seconds - second);
            if (drawn - first - second < nones)
                next[Place(first, second, Mixed)] += chance * (nones - (drawn - first - second));
        }
    }

    void Add(int first, int second, int drawn, double chance, double[] shares, double[] counts)
    {
        if (first >= second && first > 0)
            shares[0] += first > second ? chance : chance / 2;
        if (second >= first && second > 0)
            shares[1] += second > first ? chance : chance / 2;
        if (answers > 0)
            counts[0] += chance * first;
        if (answers > 1)
            counts[1] += chance * second;
        counts[^1] += chance * (drawn - first - second);
    }
}
