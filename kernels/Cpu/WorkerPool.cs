using System.Runtime.ExceptionServices;

namespace Harness.Kernels.Cpu;

/// <summary>
/// Threads that run one piece of work together, in phases. A worker that waits spins briefly, so that the hundreds of short phases of
/// a decoding step do not pass through the kernel, and then yields, so that a busy machine still moves.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    const int SpinsBeforeYield = 4096;
    const int YieldsBeforeSleep = 64;
    readonly Thread[] threads;
    readonly SemaphoreSlim[] wake;
    Action<int>? work;
    ExceptionDispatchInfo? failure;
    int arrived;
    int phase;
    int next;
    int generation;
    int running;
    bool disposed;

    /// <param name="workers">The caller's thread is one of them.</param>
    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Workers = workers;
        threads = new Thread[workers - 1];
        wake = new SemaphoreSlim[workers - 1];
        for (int i = 0; i < threads.Length; i++)
        {
            int worker = i + 1;
            wake[i] = new SemaphoreSlim(0);
            threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"kernels-{worker}" };
            threads[i].Start();
        }
    }

    public int Workers { get; }

    /// <summary>Whether a worker of this run has thrown: long work without phases ends early by it.</summary>
    public bool HasFailed => Volatile.Read(ref failure) is not null;

    /// <summary>
    /// Runs <paramref name="body"/> on every worker (0 is the caller) and returns when all have ended. An exception of any is thrown here;
    /// it releases the others from their phases.
    /// </summary>
    public void Run(Action<int> body)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        failure = null;
        work = body;
        arrived = 0;
        next = 0;
        Volatile.Write(ref running, threads.Length);
        Interlocked.Increment(ref generation);
        foreach (SemaphoreSlim sleeper in wake)
            sleeper.Release();
        Execute(0);
        var wait = default(PhaseWait);
        while (Volatile.Read(ref running) != 0)
            wait.Once();
        work = null;
        failure?.Throw();
    }

    /// <summary>Waits until every worker has come here; memory written before is visible after.</summary>
    public void Barrier()
    {
        int current = Volatile.Read(ref phase);
        if (Interlocked.Increment(ref arrived) == Workers)
        {
            arrived = 0;
            next = 0;
            Volatile.Write(ref phase, current + 1);
        }
        else
        {
            var wait = default(PhaseWait);
            while (Volatile.Read(ref phase) == current)
            {
                if (Volatile.Read(ref failure) is not null)
                    break;
                wait.Once();
            }
        }
        if (Volatile.Read(ref failure) is not null)
            throw new OperationCanceledException("another worker failed");
    }

    /// <summary>
    /// The next unclaimed piece of this phase, counting from 0; each piece goes to one worker. Reset by <see cref="Barrier"/>.
    /// </summary>
    public int Claim() => Interlocked.Increment(ref next) - 1;

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        work = null;
        foreach (SemaphoreSlim sleeper in wake)
            sleeper.Release();
        foreach (Thread thread in threads)
            thread.Join();
        foreach (SemaphoreSlim sleeper in wake)
            sleeper.Dispose();
    }

    void Execute(int worker)
    {
        try
        {
            work!(worker);
        }
#pragma warning disable CA1031 // Whatever a worker throws is carried to the caller of Run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
        }
    }

    void Loop(int worker)
    {
        int seen = 0;
        while (true)
        {
            for (int i = 0; i < SpinsBeforeYield && Volatile.Read(ref generation) == seen; i++)
                Thread.SpinWait(4);
            wake[worker - 1].Wait();
            if (disposed)
                return;
            seen = Volatile.Read(ref generation);
            Execute(worker);
            Interlocked.Decrement(ref running);
        }
    }

    struct PhaseWait
    {
        int count;

        public void Once()
        {
            count++;
            if (count < SpinsBeforeYield)
                Thread.SpinWait(1);
            else if (count < SpinsBeforeYield + YieldsBeforeSleep)
                Thread.Yield();
            else
                Thread.Sleep(0);
        }
    }
}
