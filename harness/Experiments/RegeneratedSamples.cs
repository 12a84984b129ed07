using Harness.Pools;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Samples that are generated again, beside the committed rows.</summary>
/// <param name="committed">Of all pools, in the order of samples.csv.</param>
sealed class RegeneratedSamples(IReadOnlyList<PlannedPool> pools, IReadOnlyList<SampleRow> committed)
{
    readonly SampleRow[] rows = [.. committed];
    readonly SortedDictionary<int, (int Pool, LoggedGeneration Sample)> generated = [];

    /// <summary>The committed rows, replaced where they are generated again.</summary>
    public IReadOnlyList<SampleRow> Rows => rows;

    /// <summary>What judges say of those that are generated again, in the order of rewards.csv.</summary>
    public IEnumerable<RewardRow> RewardsBy(PoolJudges judges) => generated.Values.GroupBy(each => each.Pool)
        .SelectMany(pool => judges.Judge(pools[pool.Key], [.. pool.Select(each => each.Sample)]));

    /// <summary>What moved; nothing where all is as committed.</summary>
    public MovedRows Moved { get; } = new();

    /// <summary>The first in the order of samples.csv that is not as committed.</summary>
    public (int Place, LoggedGeneration Sample, PlannedPool Pool)? FirstDifference { get; private set; }

    public long Count { get; private set; }

    public long Tokens { get; private set; }

    public bool Has(int pool, int problem, int sample) => generated.ContainsKey(PlaceOf(pool, problem, sample));

    public void Add(int pool, LoggedGeneration sample)
    {
        int place = PlaceOf(pool, sample.Generation.Problem, sample.Generation.Sample);
        rows[place] = PoolGeneration.Row(pools[pool], sample);
        generated[place] = (pool, sample);
        Moved.Add(committed[place], rows[place]);
        if ((FirstDifference is null || place < FirstDifference.Value.Place)
            && SampleTable.Csv.FirstDifference(committed[place], rows[place]) is not null)
            FirstDifference = (place, sample, pools[pool]);
        Count++;
        Tokens += sample.Generation.Tokens.Length;
    }

    int PlaceOf(int pool, int problem, int sample) =>
        (int)pools.Take(pool).Sum(before => before.Samples) + problem * pools[pool].Manifest.Samples + sample;
}
