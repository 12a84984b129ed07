namespace Harness.Measurement;

/// <summary>
/// The one loop that repeats a measurement. Its first run is not timed: code is compiled in it and memory touched. Timed runs
/// follow until the rule says that they are enough.
/// </summary>
/// <param name="clock">The system's by default.</param>
public sealed class MeasurementLoop(StoppingRule rule, TimeProvider? clock = null)
{
    const int MostTimesARun = 100_000;
    const double SurelyLong = 5;
    readonly TimeProvider clock = clock ?? TimeProvider.System;

    /// <summary>Repeats runs that measure themselves.</summary>
    /// <param name="run">One run. It ends early, by <see cref="OperationCanceledException"/>, where its token is cancelled.</param>
    /// <param name="values">The quantities of one run that the rule judges; every run has the same number of them.</param>
    /// <returns>What each timed run gave; a run that outlasts the rule's limit is given up, and the ones before it are returned, none where
    /// it was the first.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was requested.</exception>
    public IReadOnlyList<T> Repeat<T>(Func<CancellationToken, T> run, Func<T, IReadOnlyList<double>> values, CancellationToken cancellation)
    {
        long started = clock.GetTimestamp();
        using CancellationTokenSource limit = new(rule.Limit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        List<T> runs = [];
        List<List<double>> series = [];
        try
        {
            run(either.Token);
            do
            {
                either.Token.ThrowIfCancellationRequested();
                T result = run(either.Token);
                runs.Add(result);
                Append(series, values(result));
            }
            while (!rule.IsEnough(series, runs.Count, clock.GetElapsedTime(started)));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return runs;
        }
        return runs;
    }

    /// <summary>
    /// Repeats work that the loop times, and gives the seconds of each run. A run is the work once, or as many times as the rule's shortest
    /// run asks for, its seconds then those of one of them.
    /// </summary>
    /// <inheritdoc cref="Repeat{T}" path="/returns"/>
    public IReadOnlyList<double> Seconds(Action<CancellationToken> work, CancellationToken cancellation)
    {
        int times = 0;
        return Repeat(
            token =>
            {
                if (times == 0)
                {
                    // It may compile code: only where it took long is it known that the next will not be short.
                    double first = Timed(work, 1, token);
                    times = first >= SurelyLong * rule.ShortestRun.TotalSeconds ? 1 : TimesARun(Timed(work, 1, token));
                    return 0;
                }
                return Timed(work, times, token) / times;
            },
            seconds => [seconds],
            cancellation);
    }

    int TimesARun(double seconds) =>
        seconds > 0 ? (int)Math.Clamp(Math.Ceiling(rule.ShortestRun.TotalSeconds / seconds), 1, MostTimesARun) : 1;

    double Timed(Action<CancellationToken> work, int times, CancellationToken token)
    {
        long start = clock.GetTimestamp();
        for (int i = 0; i < times; i++)
            work(token);
        return clock.GetElapsedTime(start).TotalSeconds;
    }

    static void Append(List<List<double>> series, IReadOnlyList<double> values)
    {
        if (series.Count == 0)
            series.AddRange(values.Select(_ => new List<double>()));
        foreach ((int index, double value) in values.Index())
            series[index].Add(value);
    }
}
