using System.Buffers;

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
        int states = (firsts + 1) * (seconds + 1) * Kinds;
        (alive, next) = (ArrayPool<double>.Shared.Rent(states), ArrayPool<double>.Shared.Rent(states));
        Array.Clear(alive, 0, states);
    }

    public static long CountOf(AnswerTally tally) => tally.Answers.Aggregate(
        1L + tally.AnswerOfSample.Count(answer => answer < 0), (states, answer) => states * (answer.Count + 1));

    /// <summary>
    /// At each cap up to <paramref name="most"/> the chances to win and the expected samples of each answer, the last one none:
    /// [cap][answer]. Once.
    /// </summary>
    public (double[] Shares, double[] Drawn) Count(int most)
    {
        double[] shares = new double[most * answers], drawn = new double[most * (answers + 1)];
        double[] stopped = new double[answers], stoppedDrawn = new double[answers + 1];
        alive[Mixed] = 1;
        for (int t = 1; t <= most; t++)
        {
            // Of earlier draws no state has more first answers than that.
            Array.Clear(next, 0, Place(Math.Min(firsts, t) + 1, 0, 0));
            DrawOne(t - 1);
            (alive, next) = (next, alive);
            Span<double> sharesNow = shares.AsSpan((t - 1) * answers, answers);
            Span<double> drawnNow = drawn.AsSpan((t - 1) * (answers + 1), answers + 1);
            stopped.CopyTo(sharesNow);
            stoppedDrawn.CopyTo(drawnNow);
            bool asks = t % stop.Window == 0;
            for (int first = 0; first <= Math.Min(firsts, t); first++)
            {
                int last = Math.Min(seconds, t - first);
                for (int second = Math.Max(0, t - first - nones); second <= last; second++)
                {
                    int place = Place(first, second, 0);
                    for (int kind = 0; kind < Kinds; kind++)
                    {
                        double chance = alive[place + kind];
                        if (chance == 0)
                            continue;
                        Add(first, second, t, chance, sharesNow, drawnNow);
                        if (!asks || !Stops(first, second, kind))
                            continue;
                        Add(first, second, t, chance, stopped, stoppedDrawn);
                        alive[place + kind] = 0;
                    }
                }
            }
        }
        ArrayPool<double>.Shared.Return(alive);
        ArrayPool<double>.Shared.Return(next);
        return (shares, drawn);
    }

    bool Stops(int first, int second, int kind) =>
        stop.Window > 1 ? kind != Mixed : Math.Max(first, second) >= stop.Least(Math.Min(first, second));

    int Place(int first, int second, int kind) => (first * (seconds + 1) + second) * Kinds + kind;

    /// <summary>From the states after so many samples to those after one more.</summary>
    void DrawOne(int drawn)
    {
        double left = samples - drawn;
        bool opens = drawn % stop.Window == 0;
        for (int first = 0; first <= Math.Min(firsts, drawn); first++)
        {
            int last = Math.Min(seconds, drawn - first);
            for (int second = Math.Max(0, drawn - first - nones); second <= last; second++)
            {
                int place = Place(first, second, 0);
                for (int kind = 0; kind < Kinds; kind++)
                {
                    if (alive[place + kind] is not 0 and var before)
                        Draw(first, second, kind, opens, before / left, nones - (drawn - first - second));
                }
            }
        }
    }

    void Draw(int first, int second, int kind, bool opens, double chance, int nonesLeft)
    {
        if (first < firsts)
            next[Place(first + 1, second, opens || kind == 0 ? 0 : Mixed)] += chance * (firsts - first);
        if (second < seconds)
            next[Place(first, second + 1, opens || kind == 1 ? 1 : Mixed)] += chance * (seconds - second);
        if (nonesLeft > 0)
            next[Place(first, second, Mixed)] += chance * nonesLeft;
    }

    void Add(int first, int second, int drawn, double chance, Span<double> shares, Span<double> counts)
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
