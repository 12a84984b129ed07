using Harness.Diagnostics;
using Harness.Records;
using Harness.Statistics;

namespace Harness.Manifests;

/// <summary>Types a manifest's gates, and refuses those that no result of so many problems could meet.</summary>
sealed class GateReader(
    RawManifest raw, ManifestPlaces places, Mistakes mistakes, IReadOnlyList<PoolManifest> pools,
    IReadOnlyList<StrategyManifest> strategies, ulong seed)
{
    /// <summary>A speed belongs to a machine and not to a pool; a share of a pool's samples belongs to no strategy.</summary>
    static readonly GateMetric[] OfAStrategy = [GateMetric.Accuracy, GateMetric.Tokens, GateMetric.Flops];

    /// <summary>Whether names that are bound to pools and strategies can be judged: what is wrong with those is said already.</summary>
    readonly bool areNamesSure = mistakes.Count == 0;

    /// <param name="Gate">What was read of it.</param>
    /// <param name="Values">Where complaints of one of them point.</param>
    sealed record Draft(GateManifest Gate, ValueReader Values);

    public IReadOnlyList<GateManifest> Read()
    {
        List<GateManifest> gates = [];
        foreach ((int index, IReadOnlyDictionary<string, string> values) in raw.Gates.Index())
        {
            if (Read(values, index) is not { } draft)
                continue;
            mistakes.Try(() => Check(draft), false);
            gates.Add(draft.Gate);
        }
        mistakes.AddDuplicates(gates.Select(gate => ((string?)gate.Name, gate.Place)), "two gates are named");
        return gates;
    }

    Draft? Read(IReadOnlyDictionary<string, string> values, int index)
    {
        string include = values.GetValueOrDefault(GateAttributes.Name.Name, "");
        AttributeReader gate = new(new ValueReader(values, name => places.Attribute(AttributeTable.GateItem, include, index, name),
            $" of gate '{include}'"), mistakes);
        gate.Allow(AttributeTable.OfGates, Codes.UnknownMetadata, $"attribute of {AttributeTable.GateItem}");
        string name = gate.Read(GateAttributes.Name);
        GateMetric metric = gate.Read(GateAttributes.Metric);
        (string? pool, string? strategy) = (gate.Read(GateAttributes.Pool), gate.Read(GateAttributes.Strategy));
        int multiplier = gate.Read(GateAttributes.Multiplier), batch = gate.Read(GateAttributes.Batch);
        GateManifest typed = new()
        {
            Name = name,
            Metric = metric,
            Difficulty = gate.Read(GateAttributes.Difficulty) ?? AccuracyRow.AllDifficulties,
            Batch = batch > 0 ? batch : null,
            Min = gate.Read(GateAttributes.Min),
            Max = gate.Read(GateAttributes.Max),
            MaxRegression = gate.Read(GateAttributes.MaxRegression),
            Baseline = gate.Read(GateAttributes.Baseline) ?? GateAttributes.Baseline.Fallback!,
            EquivalentTo = gate.Read(GateAttributes.EquivalentTo),
            Margin = gate.Read(GateAttributes.Margin),
            IsStrict = gate.Read(GateAttributes.Strict) ?? false,
            Place = places.Attribute(AttributeTable.GateItem, include, index, GateAttributes.Name.Name),
        };
        if (gate.IsWrong || !areNamesSure || places.IsRewritten(AttributeTable.GateItem, index))
            return null;
        GateManifest bound = gate.Read(() => Bind(typed, pool, strategy, multiplier, gate.Values), typed);
        return gate.IsWrong ? null : new Draft(bound, gate.Values);
    }

    GateManifest Bind(GateManifest gate, string? pool, string? strategy, int multiplier, ValueReader values)
    {
        string metric = GateMetrics.NameOf(gate.Metric);
        RefuseForeign(gate, metric, pool, strategy, multiplier, values);
        if (gate.Metric == GateMetric.TokensPerSecond)
            return gate;
        PoolManifest read = values.Known(
            GateAttributes.Pool.Name, pools, known => known.Name, Codes.UnknownPool, "pool of this manifest");
        RequireDifficulty(gate, read, values);
        // Of the only difficulty there are rows over all alone.
        if (DifficultiesOf(read).Count == 1)
            gate = gate with { Difficulty = AccuracyRow.AllDifficulties };
        if (!OfAStrategy.Contains(gate.Metric))
            return gate with { Pool = read };
        StrategyManifest[] over = [.. strategies.Where(known => known.Pool == read)];
        StrategyManifest bound = values.Known(
            GateAttributes.Strategy.Name, over, known => known.Name, Codes.UnknownStrategy, $"strategy of the manifest over '{read.Name}'");
        int chosen = multiplier > 0 ? multiplier : bound.Multipliers.DefaultIfEmpty(0).Max();
        // The command line may have made the pool too small for it.
        if (!bound.Multipliers.Contains(chosen) && raw.Overrides.Count == 0)
        {
            throw values.Complaint(Codes.BadValue, GateAttributes.Multiplier.Name,
                $"Multiplier of gate '{gate.Name}' is {multiplier}; expected one of strategy '{bound.Name}': "
                + string.Join(", ", bound.Multipliers));
        }
        return gate with { Pool = read, Strategy = bound, Multiplier = chosen };
    }

    static void RefuseForeign(GateManifest gate, string metric, string? pool, string? strategy, int multiplier, ValueReader values)
    {
        bool isSpeed = gate.Metric == GateMetric.TokensPerSecond, hasStrategy = OfAStrategy.Contains(gate.Metric);
        (AttributeDefinition Attribute, bool IsForeign)[] stated =
        [
            (GateAttributes.Pool, isSpeed && pool is not null), (GateAttributes.Strategy, !hasStrategy && strategy is not null),
            (GateAttributes.Multiplier, !hasStrategy && multiplier > 0), (GateAttributes.Batch, !isSpeed && gate.Batch is not null),
            (GateAttributes.Difficulty, isSpeed && gate.Difficulty != AccuracyRow.AllDifficulties),
        ];
        if (stated.FirstOrDefault(one => one.IsForeign).Attribute is { } foreign)
        {
            throw values.Complaint(Codes.BadValue, foreign.Name,
                $"{foreign.Name} of gate '{gate.Name}' says nothing of {metric}; leave it out");
        }
    }

    static void RequireDifficulty(GateManifest gate, PoolManifest pool, ValueReader values)
    {
        // Those of a file's problems are known once it is read.
        IReadOnlyList<int> difficulties = DifficultiesOf(pool);
        string[] known = [AccuracyRow.AllDifficulties, .. difficulties.Select(difficulty => CsvFields.Write(difficulty))];
        if (difficulties.Count > 0 && !known.Contains(gate.Difficulty))
        {
            throw values.Complaint(Codes.BadValue, GateAttributes.Difficulty.Name,
                $"Difficulty of gate '{gate.Name}' is '{gate.Difficulty}'; expected one of {string.Join(", ", known)}");
        }
    }

    bool Check(Draft draft)
    {
        (GateManifest gate, ValueReader values) = (draft.Gate, draft.Values);
        RequireOneCondition(gate, values);
        RequireRange(gate, values, GateAttributes.MaxRegression, gate.MaxRegression);
        RequireRange(gate, values, GateAttributes.Margin, gate.Margin);
        if (gate.Min > gate.Max)
        {
            throw values.Complaint(Codes.BadValue, GateAttributes.Min.Name,
                $"Min of gate '{gate.Name}' is {CsvFields.Write(gate.Min.Value)}, above its Max of {CsvFields.Write(gate.Max.Value)}");
        }
        if (gate.Metric == GateMetric.Accuracy)
        {
            RequireShare(gate, values, GateAttributes.Min, gate.Min);
            RequireShare(gate, values, GateAttributes.Max, gate.Max);
            if (raw.Overrides.Count == 0)
                RequireShowable(gate, values);
        }
        return true;
    }

    static void RequireOneCondition(GateManifest gate, ValueReader values)
    {
        int conditions = (gate.Min is not null || gate.Max is not null ? 1 : 0) + (gate.MaxRegression is not null ? 1 : 0)
            + (gate.EquivalentTo is not null ? 1 : 0);
        if (conditions != 1)
        {
            throw values.Complaint(conditions == 0 ? Codes.MissingValue : Codes.BadValue, GateAttributes.Name.Name,
                $"gate '{gate.Name}' has {(conditions == 0 ? "no condition" : "several conditions")}: give it Min or Max or both, or "
                + "MaxRegression, or EquivalentTo and Margin");
        }
        if (gate.EquivalentTo is not null != gate.Margin is not null)
        {
            string absent = gate.Margin is null ? GateAttributes.Margin.Name : GateAttributes.EquivalentTo.Name;
            throw values.Complaint(Codes.MissingValue, GateAttributes.Name.Name, $"{absent} of gate '{gate.Name}' is missing");
        }
    }

    static void RequireShare(GateManifest gate, ValueReader values, AttributeDefinition attribute, double? bound)
    {
        if (bound is { } stated && !(stated is >= 0 and <= 1))
        {
            throw values.Complaint(Codes.BadValue, attribute.Name,
                $"{attribute.Name} of gate '{gate.Name}' is '{values.Text(attribute.Name)}'; an accuracy lies from 0 to 1, such as 0.4 or "
                + "40%");
        }
    }

    static void RequireRange(GateManifest gate, ValueReader values, AttributeDefinition attribute, double? share)
    {
        if (share is { } stated && !(stated is >= 0 and < 1))
        {
            throw values.Complaint(Codes.BadValue, attribute.Name,
                $"{attribute.Name} of gate '{gate.Name}' is '{values.Text(attribute.Name)}'; expected a share from 0 to below 1, such as "
                + "5%");
        }
    }

    /// <summary>Whatever the results, so many problems leave an interval of some width.</summary>
    void RequireShowable(GateManifest gate, ValueReader values)
    {
        int[] problems = ProblemsOf(gate);
        AttainableInterval attainable = new(problems, seed);
        if (gate.Min is { } low && attainable.GreatestLow < low)
        {
            Refuse(GateAttributes.Min, $"of which all are right, have an interval from {Rounded(attainable.GreatestLow)}",
                attainable.ProblemsForEnd(1 - low, more => more.GreatestLow >= low));
        }
        if (gate.Max is { } high && attainable.LeastHigh > high)
        {
            Refuse(GateAttributes.Max, $"of which none is right, have an interval to {Rounded(attainable.LeastHigh)}",
                attainable.ProblemsForEnd(high, more => more.LeastHigh <= high));
        }
        if (gate is { Min: { } from, Max: { } to } && attainable.WidthAt((from + to) / 2) is var width && width > to - from)
        {
            Refuse(GateAttributes.Max, $"all of the same accuracy between Min and Max, have an interval of width {Rounded(width)}",
                to > from ? (int)Math.Ceiling((problems.Sum() + 2) * width / (to - from)) : 0);
        }
        if (gate.Margin is { } margin && attainable.LeastMargin > margin)
        {
            Refuse(GateAttributes.Margin, $"of which none differs, have an interval of +-{Rounded(attainable.LeastMargin)}",
                attainable.ProblemsForMargin(margin));
        }

        void Refuse(AttributeDefinition attribute, string limit, int needed) => throw values.Complaint(
            Codes.GateNotShowable, attribute.Name,
            $"{attribute.Name} of gate '{gate.Name}' is '{values.Text(attribute.Name)}', which no result of {problems.Sum()} problems can "
            + $"show: as many, {limit}; " + (needed == 0 ? "no number of problems can show it" : $"it takes {needed} problems"));
    }

    /// <summary>Problems by difficulty, over which a task that makes them cycles; all as one where a file decides.</summary>
    static int[] ProblemsOf(GateManifest gate)
    {
        PoolManifest pool = gate.Pool!;
        IReadOnlyList<int> difficulties = DifficultiesOf(pool);
        if (difficulties.Count == 0)
            return [pool.Problems];
        int[] each = [.. difficulties.Select((_, place) => (pool.Problems - place + difficulties.Count - 1) / difficulties.Count)];
        return gate.Difficulty == AccuracyRow.AllDifficulties ? [.. each.Where(count => count > 0)]
            : [Math.Max(1, each[difficulties.Index().First(one => CsvFields.Write(one.Item) == gate.Difficulty).Index])];
    }

    static IReadOnlyList<int> DifficultiesOf(PoolManifest pool) =>
        pool.Difficulties.Count > 0 ? pool.Difficulties : pool.Task.DefaultDifficulties;

    static string Rounded(double value) => CsvFields.Write(SignificantDigits.Round(Math.Round(value, 4)));
}
