using Harness.Pools;

namespace Harness.Experiments;

/// <summary>Counts what a run has finished, pool by pool, and says how far it is. Safe to read while another thread counts.</summary>
public sealed class RunProgress
{
    readonly Lock gate = new();
    readonly TimeProvider clock;
    readonly PoolProgress[] pools;
    readonly long started, total, resumed, keptTokens;
    int current;
    long fresh, freshTokens;

    /// <param name="pools">Each with what earlier runs had finished of it, in the order in which they are generated.</param>
    public RunProgress(IEnumerable<(PlannedPool Pool, IEnumerable<LoggedGeneration> Kept)> pools, TimeProvider? clock = null)
    {
        this.clock = clock ?? TimeProvider.System;
        this.pools = [.. pools.Select(pair => new PoolProgress(pair.Pool, pair.Kept))];
        started = this.clock.GetTimestamp();
        total = this.pools.Sum(pool => pool.Samples);
        resumed = this.pools.Sum(pool => pool.Finished);
        keptTokens = this.pools.Sum(pool => pool.FinishedTokens);
    }

    /// <summary>Samples of earlier runs.</summary>
    public long Resumed => resumed;

    /// <summary>Samples of this run.</summary>
    public long Generated => Interlocked.Read(ref fresh);

    /// <summary>Tokens of this run.</summary>
    public long GeneratedTokens => Interlocked.Read(ref freshTokens);

    /// <summary>All samples that a later run finds.</summary>
    public long Kept => resumed + Generated;

    public long Total => total;

    /// <summary>The pool, by its place, whose samples come next.</summary>
    public void Begin(int pool) => current = pool;

    /// <summary>Counts a sample of the pool that was begun last.</summary>
    public void Add(LoggedGeneration finished)
    {
        lock (gate)
        {
            pools[current].Add(finished);
            fresh++;
            freshTokens += finished.Generation.Tokens.Length;
        }
    }

    public ProgressLine Line()
    {
        lock (gate)
        {
            return new ProgressLine(pools[current].Name, Kept, total, resumed, freshTokens, clock.GetElapsedTime(started))
            {
                KeptTokens = keptTokens,
                ExpectedTokens = pools.Sum(pool => pool.ExpectedTokens),
            };
        }
    }

    sealed class PoolProgress
    {
        readonly int maxTokens;

        public PoolProgress(PlannedPool pool, IEnumerable<LoggedGeneration> kept)
        {
            (Name, Samples, maxTokens) = (pool.Manifest.Name, pool.Samples, pool.Decoding.MaxTokens);
            bool IsOfPool(LoggedGeneration sample) =>
                sample.Generation.Problem < pool.Prompts.Count && sample.Generation.Sample < pool.Manifest.Samples;
            foreach (LoggedGeneration sample in kept.Where(IsOfPool))
                Add(sample);
        }

        public string Name { get; }

        public long Samples { get; }

        public long Finished { get; private set; }

        public long FinishedTokens { get; private set; }

        /// <summary>What is left is as long as what is finished, and at most MaxTokens where nothing is.</summary>
        public double ExpectedTokens =>
            FinishedTokens + (Samples - Finished) * (Finished > 0 ? (double)FinishedTokens / Finished : maxTokens);

        public void Add(LoggedGeneration finished)
        {
            Finished++;
            FinishedTokens += finished.Generation.Tokens.Length;
        }
    }
}
