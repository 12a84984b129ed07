using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Statistics.Laws;
using Harness.Strategies;
using Harness.Verifiers;
using StrategyOptionValues = System.Collections.Generic.IReadOnlyDictionary<string, int>;

namespace Harness.Manifests;

/// <summary>Types the pools and strategies of a manifest, and binds strategies to the pools that they read.</summary>
sealed class ItemReader(RawManifest raw, Registered registered, ManifestPlaces places, Mistakes mistakes)
{
    bool areNamesSure;

    /// <summary>A pool with what was read of it.</summary>
    sealed record DraftPool(PoolManifest Pool, int Index, bool IsWrong);

    /// <summary>The pools, by their places, that are not as they were meant: what follows from their values is no other mistake.</summary>
    public IReadOnlySet<int> WrongPools { get; private set; } = new HashSet<int>();

    /// <summary>A strategy whose pool's number of samples may not be known yet.</summary>
    sealed record DraftStrategy(BoundStrategy Strategy, DraftPool Pool, ValueReader Values);

    public (IReadOnlyList<PoolManifest> Pools, IReadOnlyList<BoundStrategy> Strategies) Read()
    {
        DraftPool[] pools = [.. raw.Pools.Select(ReadPool)];
        WrongPools = pools.Where(pool => pool.IsWrong).Select(pool => pool.Index).ToHashSet();
        if (pools.Length == 0 && raw.Trains.Count + raw.Data.Count == 0 && !mistakes.Has(Codes.UnknownItem) && !places.LackItems)
            mistakes.Add(Codes.MissingValue.With("the manifest has no Pool, and no Train", raw.Project));
        RefuseDuplicates(pools.Select(pool => pool.Pool.Name), AttributeTable.PoolItem, raw.Pools, "two pools are named");
        RefuseMixed(pools);
        // A pool that is misnamed is one mistake, not another one in each strategy that names it rightly.
        areNamesSure = !mistakes.Has(Codes.UnknownItem) && !mistakes.Has(Codes.DuplicateName) && !places.LackItems
            && pools.All(pool => pool.Pool.Name.Length > 0);
        DraftStrategy?[] drafts = [.. raw.Strategies.Select((values, index) => ReadStrategy(values, index, pools))];
        RefuseDuplicates(drafts.Select(draft => draft is null ? null : $"{draft.Strategy.Name} over {draft.Strategy.Pool.Name}"),
            AttributeTable.StrategyItem, raw.Strategies, "the manifest has twice");
        DraftStrategy[] whole = [.. drafts.OfType<DraftStrategy>()];
        RefuseNamesakes(whole);
        PoolManifest[] complete = [.. pools.Select(pool => pool.IsWrong || whole.Length < drafts.Length ? pool.Pool
            : WithSamples(pool, [.. whole.Where(draft => draft.Pool == pool).Select(draft => draft.Strategy)]))];
        return (complete, [.. whole.Where(draft => !draft.Pool.IsWrong)
            .Select(draft => mistakes.Try(() => Finish(draft, complete), draft.Strategy))]);
    }

    DraftPool ReadPool(IReadOnlyDictionary<string, string> values, int index)
    {
        (PoolManifest pool, AttributeReader read) = new PoolReader(registered, places, mistakes).Read(values, index);
        return new DraftPool(pool, index, read.IsWrong || places.IsRewritten(AttributeTable.PoolItem, index));
    }

    /// <summary>Null where its own attributes, or its pool's name, are wrong.</summary>
    DraftStrategy? ReadStrategy(IReadOnlyDictionary<string, string> values, int index, IReadOnlyList<DraftPool> pools)
    {
        string include = values.GetValueOrDefault(StrategyAttributes.Name.Name, "");
        AttributeReader strategy = new(new ValueReader(values, name => places.Attribute(AttributeTable.StrategyItem, include, index, name),
            $" of strategy '{include}'"), mistakes);
        strategy.Allow(AttributeTable.OfStrategies(registered), Codes.UnknownMetadata, $"attribute of {AttributeTable.StrategyItem}");
        StrategyDefinition? definition = strategy.Read(
            () => strategy.Values.Known(StrategyAttributes.Name.Name, registered.Strategies, known => known.Name, Codes.UnknownStrategy,
                "strategy"), null!);
        DraftPool? pool = !areNamesSure
            ? pools.FirstOrDefault(known =>
                known.Pool.Name.Equals(strategy.Values.Text(StrategyAttributes.Pool.Name), StringComparison.OrdinalIgnoreCase))
            : strategy.Read(() => strategy.Values.Known(StrategyAttributes.Pool.Name, pools, known => known.Pool.Name, Codes.UnknownPool,
                "pool of this manifest"), null!);
        IVerifier? verifier = strategy.Read(() => ReadVerifier(strategy.Values), null);
        IReadOnlyList<int> multipliers = strategy.Read(StrategyAttributes.Multipliers);
        IReadOnlyList<ILaw> laws = strategy.Read<IReadOnlyList<ILaw>>(() => ReadLaws(definition, strategy.Values), []);
        IntervalKind interval = strategy.Read(StrategyAttributes.Interval);
        if (definition is null)
            return null;
        StrategyOptionValues options =
            strategy.Read<StrategyOptionValues>(() => ReadOptions(definition, strategy.Values), StrategyAttributes.NoOptions);
        if (pool is not null)
            mistakes.Try(() => RequireSense(definition, verifier, pool, strategy.Values), false);
        if (pool?.Pool.Recording is not null && laws.FirstOrDefault(law => law.PointsKind == LawPointsKind.Operations) is { } costly)
            mistakes.Add(strategy.Values.Complaint(Codes.BadValue, StrategyAttributes.Laws.Name,
                $"law '{costly.Name}' reads the operations that are spent; pool '{pool.Pool.Name}' is recorded, and says none"));
        if (strategy.IsWrong || pool is null || places.IsRewritten(AttributeTable.StrategyItem, index))
            return null;
        StrategySettings settings = new(definition.ReadsVerifier ? verifier ?? registered.Verifiers[0] : null, options);
        SourcePlace place = places.Attribute(AttributeTable.StrategyItem, include, index, StrategyAttributes.Name.Name);
        return new DraftStrategy(
            Bind(definition, settings, pool.Pool, multipliers, place) with { Laws = laws, Interval = interval }, pool, strategy.Values);
    }

    /// <summary>A registered one, or a reward model by its folder.</summary>
    IVerifier? ReadVerifier(ValueReader values)
    {
        (string verifier, string reward) = (StrategyAttributes.Verifier.Name, StrategyAttributes.Reward.Name);
        if (values.Text(verifier) is { } written && RewardModel.IsPath(written))
            return new RewardModel(Path.TrimEndingDirectorySeparator(written), StrategyAttributes.Reward.Read(values));
        IVerifier? named = values.Choice(verifier, registered.Verifiers, known => known.Name);
        return values.Text(reward) is null || values.Text(reward) == StrategyAttributes.Reward.Default ? named
            : throw values.Complaint(Codes.BadValue, reward, $"{reward} is of a reward model, whose folder Verifier names");
    }

    /// <summary>Laws of coverage are for the strategy that is coverage, laws of a curve for any that is a function of a pool.</summary>
    List<ILaw> ReadLaws(StrategyDefinition? definition, ValueReader values)
    {
        string attribute = StrategyAttributes.Laws.Name;
        List<ILaw> laws = [];
        foreach (string name in values.Texts(attribute))
        {
            ILaw law = registered.PoolLaws.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw values.Complaint(Codes.BadValue, attribute, $"'{name}' is not a law of a pool's samples; expected one of "
                    + $"{string.Join(", ", registered.PoolLaws.Select(known => known.Name))}"
                    + NearestName.Hint(name, registered.PoolLaws.Select(known => known.Name)));
            if (definition is not null && (definition is not PooledStrategyDefinition || (law.IsOfCoverage && !definition.ReadsChecker)))
                throw values.Complaint(Codes.BadValue, attribute, law.IsOfCoverage
                    ? $"law '{law.Name}' is of coverage; strategy '{definition.Name}' is another"
                    : $"law '{law.Name}' is of a pool's samples, and strategy '{definition.Name}' searches");
            if (laws.Contains(law))
                throw values.Complaint(Codes.BadValue, attribute, $"{attribute} lists '{law.Name}' twice");
            laws.Add(law);
        }
        return laws;
    }

    static BoundStrategy Bind(
        StrategyDefinition definition, StrategySettings settings, PoolManifest pool, IReadOnlyList<int> multipliers, SourcePlace place) =>
        definition switch
        {
            PooledStrategyDefinition pooled => new StrategyManifest
            {
                Definition = definition,
                Strategy = pooled.Create(settings),
                Pool = pool,
                Multipliers = multipliers,
                Place = place,
                Verifier = settings.Verifier,
                Options = settings.Options,
            },
            SearchStrategyDefinition searching => new SearchManifest
            {
                Definition = definition,
                Strategy = searching.Create(settings),
                Place = place,
                Pool = pool,
                Multipliers = multipliers,
                Verifier = settings.Verifier,
                Options = settings.Options,
            },
            _ => throw new InvalidOperationException($"strategy '{definition.Name}' is of no known kind"),
        };

    SortedDictionary<string, int> ReadOptions(StrategyDefinition definition, ValueReader values)
    {
        string[] names = [.. definition.Options.Select(option => option.Name)];
        if (registered.StrategyOptions.FirstOrDefault(name => values.Text(name) is not null && !names.Has(name)) is { } foreign)
            throw values.Complaint(Codes.UnknownMetadata, foreign, $"'{foreign}' is not an attribute of strategy '{definition.Name}'");
        return new SortedDictionary<string, int>(
            definition.Options.ToDictionary(option => option.Name,
                option => values.Integer(option.Name, option.Default, option.Low, option.High)),
            StringComparer.Ordinal);
    }

    static bool RequireSense(StrategyDefinition definition, IVerifier? verifier, DraftPool pool, ValueReader values)
    {
        if (verifier is not null && !definition.ReadsVerifier)
            throw values.Complaint(Codes.BadValue, StrategyAttributes.Verifier.Name,
                $"strategy '{definition.Name}' reads no verifier; leave Verifier out");
        if (verifier is RewardModel && pool.Pool.Recording is not null)
            throw values.Complaint(Codes.EngineUnable, StrategyAttributes.Verifier.Name,
                $"a reward model reads tokens, and pool '{pool.Pool.Name}' is recorded: of its samples only texts are known");
        if (definition.NeedsGreedyDecoding && !pool.IsWrong && pool.Pool.Temperature != 0)
            throw values.Complaint(
                Codes.BadValue,
                StrategyAttributes.Pool.Name,
                $"strategy '{definition.Name}' needs a pool at Temperature 0; '{pool.Pool.Name}' "
                + (float.IsNaN(pool.Pool.Temperature) ? "states none" : $"has {pool.Pool.Temperature}"));
        if (definition.VotesOnAnswers && pool.Pool.Task is { HasUniqueAnswers: false } many)
            throw values.Complaint(Codes.VoteWithoutUniqueAnswer, "Include",
                $"strategy '{definition.Name}' counts equal answers, and task '{many.Name}' of pool '{pool.Pool.Name}' has many right "
                + "ones");
        if (verifier is ITextVerifier { NeedsFreeChecker: true } && pool.Pool.Task is { ChecksAgainstGold: true } checks)
            throw values.Complaint(Codes.BadValue, StrategyAttributes.Verifier.Name,
                $"verifier '{verifier.Name}' needs a task that checks answers without knowing the right one; '{checks.Name}' compares with "
                + "it");
        if (verifier is ITextVerifier { NeedsSteps: true } && pool.Pool.Task is { ChecksSteps: false } stepless)
            throw values.Complaint(Codes.BadValue, StrategyAttributes.Verifier.Name,
                $"verifier '{verifier.Name}' needs a task that checks steps; '{stepless.Name}' checks whole answers");
        return true;
    }

    /// <summary>
    /// Samples that are not stated are those of the largest multiplier that reads the pool; none where only searches name it.
    /// </summary>
    PoolManifest WithSamples(DraftPool pool, IReadOnlyList<BoundStrategy> readers)
    {
        if (pool.Pool.Samples > 0)
            return pool.Pool;
        int[] read =
            [.. readers.OfType<StrategyManifest>().SelectMany(reader => reader.Multipliers.Select(reader.Strategy.SamplesFor))];
        if (read.Length > 0)
            return pool.Pool with { Samples = read.Max() };
        if (readers.Count > 0)
            return pool.Pool;
        SourcePlace place = places.Attribute(AttributeTable.PoolItem, pool.Pool.Name, pool.Index, PoolAttributes.Samples.Name);
        mistakes.Add(Codes.MissingValue.With($"pool '{pool.Pool.Name}' has no Samples, and no strategy reads it", place.File, place.Line,
            place.Column));
        return pool.Pool;
    }

    /// <summary>Multipliers beyond the pool are an error, unless the command line made the pool smaller: then they are left out.</summary>
    BoundStrategy Finish(DraftStrategy draft, PoolManifest[] pools)
    {
        PoolManifest pool = pools[draft.Pool.Index];
        BoundStrategy bound = draft.Strategy with { Pool = pool };
        if (bound is not StrategyManifest strategy || pool.Samples == 0)
            return bound;
        if (strategy.Definition.ReadsAllSamples)
            return strategy with { Multipliers = AllSamples(strategy, pool, draft.Values) };
        int[] fitting = [.. strategy.Multipliers.Where(k => strategy.Strategy.SamplesFor(k) <= pool.Samples)];
        string name = PoolAttributes.Samples.Name;
        if (fitting.Length == strategy.Multipliers.Count
            || ((raw.Overrides.Has(name) || raw.Overrides.Has($"{pool.Name}.{name}")) && fitting.Length > 0))
            return strategy with { Multipliers = fitting };
        int beyond = strategy.Multipliers.First(k => strategy.Strategy.SamplesFor(k) > pool.Samples);
        throw draft.Values.Complaint(Codes.MultiplierBeyondSamples, StrategyAttributes.Multipliers.Name,
            $"multiplier {beyond} of strategy '{strategy.Name}' reads {strategy.Strategy.SamplesFor(beyond)} samples; "
            + $"pool '{pool.Name}' has {pool.Samples}");
    }

    /// <summary>Of a strategy that reads all of a pool's samples, whose multiplier may be left out.</summary>
    int[] AllSamples(StrategyManifest strategy, PoolManifest pool, ValueReader values)
    {
        bool isLeftOut = strategy.Multipliers is [1], isTrial = raw.Overrides.Count > 0;
        return isLeftOut || isTrial || (strategy.Multipliers is [var stated] && stated == pool.Samples) ? [pool.Samples]
            : throw values.Complaint(Codes.BadValue, StrategyAttributes.Multipliers.Name,
                $"strategy '{strategy.Name}' reads all {pool.Samples} samples of pool '{pool.Name}'; leave Multipliers out");
    }

    /// <summary>Results call a reward model by its folder's name.</summary>
    void RefuseNamesakes(DraftStrategy[] strategies)
    {
        Dictionary<string, RewardModel> known = new(StringComparer.Ordinal);
        foreach (DraftStrategy draft in strategies)
        {
            if (draft.Strategy.Verifier is RewardModel model && !known.TryAdd(model.Folder, model)
                && known[model.Folder].Path != model.Path)
                mistakes.Add(draft.Values.Complaint(Codes.DuplicateName, StrategyAttributes.Verifier.Name,
                    $"'{model.Path}' and '{known[model.Folder].Path}' are both called {model.Folder}: results could not tell them apart"));
        }
    }

    void RefuseMixed(DraftPool[] pools)
    {
        if (pools.FirstOrDefault(pool => pool.Pool.Recording is not null) is not { } recorded
            || pools.FirstOrDefault(pool => pool.Pool.Recording is null) is not { } generated)
            return;
        SourcePlace place = places.Attribute(
            AttributeTable.PoolItem, generated.Pool.Name, generated.Index, RecordingAttributes.Recorded.Name);
        mistakes.Add(Codes.MixedPools.With(
            $"pool '{recorded.Pool.Name}' is recorded and pool '{generated.Pool.Name}' is not: an experiment replays all or none",
            place.File, place.Line, place.Column));
    }

    void RefuseDuplicates(IEnumerable<string?> names, string item, IReadOnlyList<IReadOnlyDictionary<string, string>> values,
        string complaint)
    {
        const string include = "Include";
        mistakes.AddDuplicates(
            names.Select((name, index) => (name, places.Attribute(item, values[index].GetValueOrDefault(include, ""), index, include))),
            complaint);
    }
}
