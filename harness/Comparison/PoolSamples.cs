using Harness.Records;

namespace Harness.Comparison;

/// <summary>The samples of one pool on both sides, side by side.</summary>
public sealed class PoolSamples
{
    readonly List<MovedSample> tokens = [], judged = [], scored = [];

    PoolSamples(string pool) => Pool = pool;

    public string Pool { get; }

    /// <summary>Samples that both sides have.</summary>
    public int Common { get; private set; }

    public int OnlyBefore { get; private set; }

    public int OnlyAfter { get; private set; }

    /// <summary>Whether the token ids of all that both sides have are known: a recording may leave them out.</summary>
    public bool KnowsTokens { get; private set; } = true;

    /// <summary>Whose token ids have another hash; where they are unknown, whose answers differ and come of another recording.</summary>
    public IReadOnlyList<MovedSample> Tokens => tokens;

    /// <summary>
    /// How many tokens of the first one that moved are equal on both sides, and the ids that follow; null where a side no longer has them.
    /// </summary>
    public (int Equal, int? Before, int? After)? FirstToken { get; private set; }

    /// <summary>Of the same token ids, with another answer, or right on one side only.</summary>
    public IReadOnlyList<MovedSample> Judged => judged;

    /// <summary>Of the same token ids and answers, with another value elsewhere.</summary>
    public IReadOnlyList<MovedSample> Scored => scored;

    /// <summary>Right answers of problems that changed.</summary>
    public IReadOnlyList<MovedGold> Golds { get; private init; } = [];

    /// <summary>Rewards of the same verifier and sample that changed.</summary>
    public IReadOnlyList<MovedReward> Rewards { get; private init; } = [];

    /// <summary>Whether tokens, answers, and all else that strategies read are equal sample by sample.</summary>
    public bool IsIdentical => OnlyBefore + OnlyAfter + tokens.Count + judged.Count + scored.Count + Rewards.Count == 0;

    /// <summary>By pool, in the order of the earlier side, then those of the later side alone.</summary>
    public static IReadOnlyList<PoolSamples> Of(ExperimentFiles before, ExperimentFiles after)
    {
        ILookup<string, SampleRow> old = before.Samples.Samples.ToLookup(row => row.Pool);
        ILookup<string, SampleRow> now = after.Samples.Samples.ToLookup(row => row.Pool);
        IReadOnlySet<string> columns = before.ColumnsOf(SampleTable.Csv.FileName).Intersect(after.ColumnsOf(SampleTable.Csv.FileName))
            .ToHashSet();
        return [.. old.Select(pool => pool.Key).Union(now.Select(pool => pool.Key)).Select(pool =>
        {
            PoolSamples samples = new(pool) { Golds = GoldsOf(pool, before, after), Rewards = RewardsOf(pool, before, after) };
            samples.Compare(old[pool], now[pool], columns, RecordingOf(before, pool) == RecordingOf(after, pool));
            samples.FirstToken = samples.tokens is [{ } first, ..] && before.Tokens(first.Before) is { } drawn
                && after.Tokens(first.After) is { } redrawn ? Apart(drawn, redrawn) : null;
            return samples;
        })];
    }

    /// <summary>The hash of the recorded file; null of a pool that is generated.</summary>
    internal static string? RecordingOf(ExperimentFiles files, string pool) =>
        files.Run["inputs"]?["pools"]?[pool]?["recorded"]?.ToString();

    static (int, int?, int?) Apart(IReadOnlyList<int> before, IReadOnlyList<int> after)
    {
        int equal = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return (equal, equal < before.Count ? before[equal] : null, equal < after.Count ? after[equal] : null);
    }

    void Compare(IEnumerable<SampleRow> before, IEnumerable<SampleRow> after, IReadOnlySet<string> columns, bool isOneSource)
    {
        Dictionary<(int, int), SampleRow> left = after.ToDictionary(row => (row.Problem, row.Sample));
        foreach (SampleRow old in before)
        {
            if (!left.Remove((old.Problem, old.Sample), out SampleRow? now))
                OnlyBefore++;
            else
                Add(new MovedSample(old, now), columns, isOneSource);
        }
        OnlyAfter = left.Count;
    }

    void Add(MovedSample sample, IReadOnlySet<string> columns, bool isOneSource)
    {
        Common++;
        (SampleRow old, SampleRow now) = (sample.Before, sample.After);
        bool known = old.TokensHash.Length > 0 && now.TokensHash.Length > 0;
        bool judged = old.Answer != now.Answer || old.Correct != now.Correct;
        KnowsTokens &= known;
        if (old.TokensHash != now.TokensHash || (!known && !isOneSource && judged))
            tokens.Add(sample);
        else if (judged)
            this.judged.Add(sample);
        else if (!ReferenceEquals(old, now) && SampleTable.Csv.FirstDifference(old, now, columns) is not null)
            scored.Add(sample);
    }

    /// <summary>Of problems that both sides list: a schema without right answers lists none.</summary>
    static MovedGold[] GoldsOf(string pool, ExperimentFiles before, ExperimentFiles after)
    {
        if (ReferenceEquals(before.Samples.Problems, after.Samples.Problems))
            return [];
        Dictionary<int, string> old = before.Samples.Problems.Where(row => row.Pool == pool)
            .ToDictionary(row => row.Problem, row => row.Gold);
        return
        [
            .. after.Samples.Problems.Where(row => row.Pool == pool && old.TryGetValue(row.Problem, out string? gold) && gold != row.Gold)
                .Select(row => new MovedGold(row.Problem, old[row.Problem], row.Gold)),
        ];
    }

    /// <summary>Of samples that both sides have scored: a verifier that only one of the manifests names is a change of inputs.</summary>
    static MovedReward[] RewardsOf(string pool, ExperimentFiles before, ExperimentFiles after)
    {
        if (ReferenceEquals(before.Samples.Rewards, after.Samples.Rewards))
            return [];
        Dictionary<(string, int, int), double> old = before.Samples.Rewards.Where(row => row.Pool == pool)
            .ToDictionary(row => (row.Verifier, row.Problem, row.Sample), row => row.Reward);
        return
        [
            .. after.Samples.Rewards.Where(row => row.Pool == pool
                && old.TryGetValue((row.Verifier, row.Problem, row.Sample), out double was) && !was.Equals(row.Reward))
                .Select(row => new MovedReward(row, old[(row.Verifier, row.Problem, row.Sample)])),
        ];
    }
}
