using Harness.Identity;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Registry;
using Harness.Strategies;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>Types and checks a resolved manifest; every complaint points into NAME.proj.</summary>
public sealed class ManifestReader
{
    readonly RawManifest raw;
    readonly Registered registered;
    readonly ProjectXml xml;
    readonly IReadOnlyList<string> poolAttributes;
    readonly IReadOnlyList<string> strategyAttributes;

    ManifestReader(RawManifest raw, Registered registered)
    {
        this.raw = raw;
        this.registered = registered;
        xml = ProjectXml.Read(raw.Project);
        poolAttributes = [.. ManifestSchema.PoolAttributes, .. registered.TaskOptions];
        strategyAttributes = [.. ManifestSchema.StrategyAttributes, .. registered.StrategyOptions];
    }

    /// <exception cref="HarnessException">The first wrong name or value (codes 0001 to 0010, 0101), before anything runs.</exception>
    public static Manifest Read(RawManifest raw, Registered registered) => new ManifestReader(raw, registered).Read();

    Manifest Read()
    {
        ProjectNames.Check(xml, poolAttributes, strategyAttributes);
        ValueReader properties = new(raw.Properties, name => xml.Property(name), "");
        properties.AllowOnly(ManifestSchema.Properties, Codes.UnknownProperty, "property");
        ValueReader placement = new(raw.Placement, name => xml.Property(name), "", Codes.BadPlacement);
        placement.AllowOnly(ManifestSchema.PlacementProperties, Codes.UnknownProperty, "property");
        PoolManifest[] pools = [.. raw.Pools.Select(ReadPool)];
        RefuseDuplicates(pools.Select(pool => pool.Name), ManifestSchema.PoolItem, raw.Pools, "two pools are named");
        DraftStrategy[] drafts = [.. raw.Strategies.Select((values, index) => ReadStrategy(values, index, pools))];
        RefuseDuplicates(
            drafts.Select(draft => $"{draft.Strategy.Name} over {draft.Strategy.Pool.Name}"), ManifestSchema.StrategyItem, raw.Strategies, "the manifest has twice");
        pools = [.. pools.Select((pool, index) => WithSamples(pool, index, drafts.Where(draft => draft.Pool == index).Select(draft => draft.Strategy)))];
        if (pools.Length == 0)
            throw Codes.MissingValue.With("the manifest has no Pool", raw.Project);
        return new Manifest
        {
            Name = raw.Name,
            Project = raw.Project,
            Title = properties.Text("Title") ?? raw.Name,
            Model = properties.Required("Model"),
            Engine = registered.Engines[0],
            Precision = ReadPrecision(properties),
            Seed = properties.Unsigned("Seed", 1),
            Pools = pools,
            Strategies = [.. drafts.Select(draft => Finish(draft, pools))],
            Placement = ReadPlacement(placement),
            DataFolder = placement.Text("HarnessData"),
            Record = placement.Flag("Record") ?? false,
            Overrides = raw.Overrides,
        };
    }

    /// <summary>Committed files are exact, so that only the exact precisions are an experiment's.</summary>
    static Precision ReadPrecision(ValueReader properties)
    {
        string[] exact = [.. Precisions.Exact.Select(ExperimentKey.PrecisionName)];
        string bf16 = ExperimentKey.PrecisionName(Precision.Bf16);
        if (bf16.Equals(properties.Text("Precision"), StringComparison.OrdinalIgnoreCase))
            throw properties.Complaint(Codes.PrecisionNotExact, "Precision", $"Precision is 'bf16', whose results are measured, and an experiment's files are exact; expected one of {string.Join(", ", exact)} (`harness bench` and `harness precisions` measure bf16)");
        string name = properties.Choice("Precision", exact) ?? exact[0];
        return Precisions.Exact[Array.IndexOf(exact, name)];
    }

    static Placement ReadPlacement(ValueReader values) => new()
    {
        Device = values.Text("Device") is { } named && CudaDevices.Names(named) ? named.ToLowerInvariant() : values.Choice("Device", ["auto", "cpu", "cuda", "cuda:N"]) ?? "auto",
        Threads = values.Integer("Threads", 0, 0, 4096),
        Batch = values.Integer("Batch", 0, 0, 1 << 20),
        Isa = values.Choice("Isa", ["auto", "portable", "avx2", "avxvnni", "avx512"]) ?? "auto",
        MemoryBytes = values.Bytes("Memory"),
    };

    PoolManifest ReadPool(IReadOnlyDictionary<string, string> values, int index)
    {
        string include = values.GetValueOrDefault("Include", "");
        ValueReader pool = new(values, name => xml.Attribute(ManifestSchema.PoolItem, include, index, name), $" of pool '{include}'");
        pool.AllowOnly(["Include", .. poolAttributes], Codes.UnknownMetadata, "attribute of Pool");
        TaskDefinition task = pool.Known("Task", registered.Tasks, known => known.Name, Codes.UnknownTask, "task");
        IReadOnlyList<string> options = task.Options;
        if (registered.TaskOptions.FirstOrDefault(name => pool.Text(name) is not null && !options.Has(name)) is { } foreign)
            throw pool.Complaint(Codes.UnknownMetadata, foreign, $"'{foreign}' is not an attribute of task '{task.Name}'");
        return new PoolManifest
        {
            Name = pool.FileName("Include"),
            Task = task,
            Prompt = pool.Text("Prompt") ?? "think",
            Difficulties = pool.Integers("Difficulty", 0),
            Problems = pool.Integer("Problems", null, 1, 10_000_000),
            Samples = pool.Integer("Samples", 0, 1, 10_000_000),
            Temperature = ReadTemperature(pool),
            TopK = pool.Integer("TopK", 0, 0, int.MaxValue),
            TopP = pool.Real("TopP", 1, 0, 1, aboveLow: true),
            MinP = pool.Real("MinP", 0, 0, 1),
            MaxTokens = pool.Integer("MaxTokens", 0, 1, 1 << 24),
            StopStrings = pool.Texts("StopStrings"),
            Chat = pool.Flag("Chat"),
            TaskOptions = new SortedDictionary<string, string>(
                options.Where(name => pool.Text(name) is not null).ToDictionary(name => name, name => pool.Text(name)!), StringComparer.Ordinal),
        };
    }

    static float ReadTemperature(ValueReader pool)
    {
        float temperature = pool.Real("Temperature", 1, 0, 100);
        return temperature == 0 || temperature >= DecodingSettings.LowestTemperature
            ? temperature
            : throw pool.Complaint(Codes.BadValue, "Temperature", $"Temperature is {temperature}; expected 0 (greedy) or at least {DecodingSettings.LowestTemperature}");
    }

    /// <summary>A strategy whose pool's number of samples may not be known yet.</summary>
    sealed record DraftStrategy(StrategyManifest Strategy, int Pool, ValueReader Values);

    DraftStrategy ReadStrategy(IReadOnlyDictionary<string, string> values, int index, PoolManifest[] pools)
    {
        string include = values.GetValueOrDefault("Include", "");
        ValueReader strategy = new(values, name => xml.Attribute(ManifestSchema.StrategyItem, include, index, name), $" of strategy '{include}'");
        strategy.AllowOnly(["Include", .. strategyAttributes], Codes.UnknownMetadata, "attribute of Strategy");
        PooledStrategyDefinition definition = strategy.Known("Include", registered.Strategies, known => known.Name, Codes.UnknownStrategy, "strategy");
        PoolManifest pool = strategy.Known("Pool", pools, known => known.Name, Codes.UnknownPool, "pool of this manifest");
        IVerifier? verifier = strategy.Choice("Verifier", registered.Verifiers, known => known.Name);
        RequireSense(definition, verifier, pool, strategy);
        StrategySettings settings = new(definition.ReadsVerifier ? verifier ?? registered.Verifiers[0] : null, ReadOptions(definition, strategy));
        StrategyManifest typed = new()
        {
            Definition = definition,
            Strategy = definition.Create(settings),
            Pool = pool,
            Multipliers = strategy.Integers("Multipliers", 1) is { Count: > 0 } listed ? listed : [1],
            Verifier = settings.Verifier,
            Options = settings.Options,
        };
        return new DraftStrategy(typed, Array.IndexOf(pools, pool), strategy);
    }

    SortedDictionary<string, int> ReadOptions(StrategyDefinition definition, ValueReader values)
    {
        string[] names = [.. definition.Options.Select(option => option.Name)];
        if (registered.StrategyOptions.FirstOrDefault(name => values.Text(name) is not null && !names.Has(name)) is { } foreign)
            throw values.Complaint(Codes.UnknownMetadata, foreign, $"'{foreign}' is not an attribute of strategy '{definition.Name}'");
        return new SortedDictionary<string, int>(
            definition.Options.ToDictionary(option => option.Name, option => values.Integer(option.Name, option.Default, option.Low, option.High)),
            StringComparer.Ordinal);
    }

    static void RequireSense(StrategyDefinition definition, IVerifier? verifier, PoolManifest pool, ValueReader values)
    {
        if (verifier is not null && !definition.ReadsVerifier)
            throw values.Complaint(Codes.BadValue, "Verifier", $"strategy '{definition.Name}' reads no verifier; leave Verifier out");
        if (definition.NeedsGreedyDecoding && pool.Temperature != 0)
            throw values.Complaint(Codes.BadValue, "Pool", $"strategy '{definition.Name}' needs a pool at Temperature 0; '{pool.Name}' has {pool.Temperature}");
    }

    /// <summary>Samples that are not stated are those of the largest multiplier that reads the pool.</summary>
    PoolManifest WithSamples(PoolManifest pool, int index, IEnumerable<StrategyManifest> readers)
    {
        if (pool.Samples > 0)
            return pool;
        int[] read = [.. readers.SelectMany(reader => reader.Multipliers.Select(reader.Strategy.SamplesFor))];
        if (read.Length > 0)
            return pool with { Samples = read.Max() };
        SourcePlace place = xml.Attribute(ManifestSchema.PoolItem, pool.Name, index, "Samples");
        throw Codes.MissingValue.With($"pool '{pool.Name}' has no Samples, and no strategy reads it", place.File, place.Line, place.Column);
    }

    /// <summary>Multipliers beyond the pool are an error, unless the command line made the pool smaller: then they are left out.</summary>
    StrategyManifest Finish(DraftStrategy draft, PoolManifest[] pools)
    {
        PoolManifest pool = pools[draft.Pool];
        StrategyManifest strategy = draft.Strategy with { Pool = pool };
        int[] fitting = [.. strategy.Multipliers.Where(k => strategy.Strategy.SamplesFor(k) <= pool.Samples)];
        if (fitting.Length == strategy.Multipliers.Count || (raw.Overrides.Has("Samples") && fitting.Length > 0))
            return strategy with { Multipliers = fitting };
        int beyond = strategy.Multipliers.First(k => strategy.Strategy.SamplesFor(k) > pool.Samples);
        throw draft.Values.Complaint(Codes.MultiplierBeyondSamples, "Multipliers",
            $"multiplier {beyond} of strategy '{strategy.Name}' reads {strategy.Strategy.SamplesFor(beyond)} samples; pool '{pool.Name}' has {pool.Samples}");
    }

    void RefuseDuplicates(IEnumerable<string> names, string item, IReadOnlyList<IReadOnlyDictionary<string, string>> values, string complaint)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach ((int index, string name) in names.Index())
        {
            if (seen.Add(name))
                continue;
            SourcePlace place = xml.Attribute(item, values[index]["Include"], index, "Include");
            throw Codes.DuplicateName.With($"{complaint} '{name}'", place.File, place.Line, place.Column);
        }
    }
}
