using System.Diagnostics;
using System.Globalization;
using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Tests.Shared;

/// <summary>
/// Runs seeded mutations of a file through a reader: each ends well or with a code, in time, and allocates no more than its reader is
/// allowed. HARNESS_FUZZ_CASES runs more cases a file, HARNESS_FUZZ_SEED other ones.
/// </summary>
static class Fuzz
{
    /// <summary>What a changed file may allocate beside twice its size and what the original does: messages, growing tables.</summary>
    const long FixedBytes = 1 << 20;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    static readonly int Cases = Setting("HARNESS_FUZZ_CASES", 120);
    static readonly int Seed = Setting("HARNESS_FUZZ_SEED", 1);

    /// <param name="open">Reads the file of these bytes; what it allocates is measured.</param>
    /// <param name="use">Uses what was read; only its time is measured. It disposes.</param>
    public static void Run<T>(string name, byte[] original, Mutator mutate, Func<byte[], T> open, Action<T> use)
    {
        long allowed = Original(original, open, use) + FixedBytes;
        int current = 0;
        var tally = new Tally();
        Exception? failure = null;
        var worker = new Thread(() =>
        {
            try
            {
                for (; current < Cases; Interlocked.Increment(ref current))
                    RunCase(name, current, mutate(original, new Random(Hash(name, current))), open, use, allowed, tally);
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        worker.IsBackground = true;
        worker.Start();
        for (int seen = 0; !worker.Join(Longest); seen = current)
        {
            if (seen == current)
                Assert.Fail($"{name}, seed {Seed}, case {current}: not done after {Longest.TotalSeconds} s");
        }
        if (failure is not null)
            Assert.Fail(failure.ToString());
        TestContext.Out.WriteLine(
            $"{name}: {Cases} cases, {tally.Refused} refused; at most {tally.MostBytes:N0} bytes allocated and "
            + $"{tally.Slowest.TotalMilliseconds:F0} ms in one");
        Assert.That(tally.Refused, Is.GreaterThan(0), $"no mutation of {name} was noticed");
    }

    /// <summary>Bytes that the file as it is allocates, after a first time that fills what is kept.</summary>
    static long Original<T>(byte[] original, Func<byte[], T> open, Action<T> use)
    {
        long allocated = 0;
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            T opened = open(original);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            try
            {
                use(opened);
            }
            catch (HarnessException)
            {
                // A reference of another model than the one at hand is a real file too.
            }
        }
        return allocated;
    }

    static void RunCase<T>(string name, int index, byte[] mutated, Func<byte[], T> open, Action<T> use, long allowed, Tally tally)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            use(Open(mutated, open, allowed + 2 * mutated.Length, tally));
        }
        catch (HarnessException)
        {
            tally.Refused++;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{name}, seed {Seed}, case {index}: {error}", error);
        }
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        tally.Slowest = taken > tally.Slowest ? taken : tally.Slowest;
    }

    /// <summary>What was opened; a refusal may allocate no more than a success.</summary>
    static T Open<T>(byte[] mutated, Func<byte[], T> open, long allowed, Tally tally)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            T opened = open(mutated);
            RequireModest(before, allowed, tally);
            return opened;
        }
        catch (HarnessException)
        {
            RequireModest(before, allowed, tally);
            throw;
        }
    }

    static void RequireModest(long before, long allowed, Tally tally)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        tally.MostBytes = Math.Max(tally.MostBytes, allocated);
        if (allocated > allowed)
            throw new InvalidOperationException($"{allocated:N0} bytes were allocated, where {allowed:N0} are allowed");
    }

    /// <summary>The same on every machine, unlike System.HashCode.</summary>
    static int Hash(string name, int index) =>
        Encoding.UTF8.GetBytes(name).Aggregate(Seed * 1_000_003 + index, (hash, value) => unchecked(hash * 31 + value));

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    sealed class Tally
    {
        public int Refused { get; set; }

        public long MostBytes { get; set; }

        public TimeSpan Slowest { get; set; }
    }
}
