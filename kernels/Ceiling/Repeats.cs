using System.Diagnostics;

namespace Harness.Kernels.Ceiling;

/// <summary>Rate of a kernel on several threads at once: the median of repeats, each of which all threads start together.</summary>
static class Repeats
{
    const int Count = 5;

    /// <summary>Work done by all threads, in what <paramref name="work"/> counts, a second.</summary>
    /// <param name="work">Does a short piece (thread) and returns how much it was.</param>
    /// <param name="duration">Time of all repeats together.</param>
    public static double MedianRate(int threads, TimeSpan duration, Func<int, long> work)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        double[] rates = new double[Count];
        for (int i = 0; i < Count; i++)
            rates[i] = Rate(threads, duration / Count, work);
        Array.Sort(rates);
        return rates[Count / 2];
    }

    static double Rate(int threads, TimeSpan duration, Func<int, long> work)
    {
        double[] rates = new double[threads];
        using Barrier start = new(threads);
        Thread[] workers = Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            work(index);
            start.SignalAndWait();
            Stopwatch clock = Stopwatch.StartNew();
            long done = 0;
            do
                done += work(index);
            while (clock.Elapsed < duration);
            rates[index] = done / clock.Elapsed.TotalSeconds;
        })).ToArray();
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        return rates.Sum();
    }
}
