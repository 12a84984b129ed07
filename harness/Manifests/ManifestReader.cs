using Harness.Identity;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Registry;
using Harness.Strategies;

namespace Harness.Manifests;

/// <summary>Types and checks a resolved manifest; every complaint points into NAME.proj.</summary>
public sealed class ManifestReader
{
    readonly RawManifest raw;
    readonly Registered registered;
    readonly ProjectXml xml;
    readonly IReadOnlyList<string> poolAttributes;

    ManifestReader(RawManifest raw, Registered registered)
    {
        this.raw = raw;
        this.registered = registered;
        xml = ProjectXml.Read(raw.Project);
        poolAttributes = [.. ManifestSchema.PoolAttributes, .. registered.TaskOptions];
    }

    /// <exception cref="HarnessException">The first wrong name or value (codes 0001 to 0010, 0101), before anything runs.</exception>
    public static Manifest Read(RawManifest raw, Registered registered) => new ManifestReader(raw, registered).Read();

    Manifest Read()
    {
        ProjectNames.Check(xml, poolAttributes);
        ValueReader properties = new(raw.Properties, name => xml.Property(name), "");
        properties.AllowOnly(ManifestSchema.Properties, Codes.UnknownProperty, "property");
        ValueReader placement = new(raw.Placement, name => xml.Property(name), "", Codes.BadPlacement);
        placement.AllowOnly(ManifestSchema.PlacementProperties, Codes.UnknownProperty, "property");
        PoolManifest[] pools = [.. raw.Pools.Select(ReadPool)];
        RefuseDuplicates(pools.Select(pool => pool.Name), ManifestSchema.PoolItem, raw.Pools, "two pools are named");
        (StrategyManifest Strategy, ValueReader Values)[] strategies = [.. raw.Strategies.Select((values, index) => ReadStrategy(values, index, pools))];
        RefuseDuplicates(strategies.Select(pair => $"{pair.Strategy.Name} over {pair.Strategy.Pool}"), ManifestSchema.StrategyItem, raw.Strategies, "the manifest has twice");
        pools = [.. pools.Select((pool, index) => WithSamples(pool, index, strategies.Select(pair => pair.Strategy)))];
        if (pools.Length == 0)
            throw Codes.MissingValue.With("the manifest has no Pool", raw.Project);
        return new Manifest
        {
            Name = raw.Name,
            Project = raw.Project,
            Title = properties.Text("Title") ?? raw.Name,
            Model = properties.Required("Model"),
            Precision = ReadPrecision(properties),
            Seed = properties.Unsigned("Seed", 1),
            Pools = pools,
            Strategies = [.. strategies.Select(pair => FitSamples(pair.Strategy, pair.Values, pools))],
            Placement = ReadPlacement(placement),
            DataFolder = placement.Text("HarnessData"),
            Record = placement.Flag("Record") ?? false,
            Redraw = placement.Flag("Redraw") ?? false,
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
        string task = pool.Known("Task", registered.Tasks, Codes.UnknownTask, "task");
        IReadOnlyList<string> options = TaskRegistry.Find(task).Options;
        if (registered.TaskOptions.FirstOrDefault(name => pool.Text(name) is not null && !options.Has(name)) is { } foreign)
            throw pool.Complaint(Codes.UnknownMetadata, foreign, $"'{foreign}' is not an attribute of task '{task}'");
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

    (StrategyManifest, ValueReader) ReadStrategy(IReadOnlyDictionary<string, string> values, int index, PoolManifest[] pools)
    {
        string include = values.GetValueOrDefault("Include", "");
        ValueReader strategy = new(values, name => xml.Attribute(ManifestSchema.StrategyItem, include, index, name), $" of strategy '{include}'");
        strategy.AllowOnly(["Include", .. ManifestSchema.StrategyAttributes], Codes.UnknownMetadata, "attribute of Strategy");
        StrategyManifest typed = new()
        {
            Name = strategy.Known("Include", registered.Strategies.Keys, Codes.UnknownStrategy, "strategy"),
            Pool = strategy.Known("Pool", pools.Select(pool => pool.Name), Codes.UnknownPool, "pool of this manifest"),
            Multipliers = strategy.Integers("Multipliers", 1) is { Count: > 0 } listed ? listed : [1],
            Verifier = strategy.Choice("Verifier", registered.Verifiers),
        };
        RequireSense(typed, registered.Strategies[typed.Name], pools.First(pool => pool.Name == typed.Pool), strategy);
        return (typed, strategy);
    }

    static void RequireSense(StrategyManifest typed, IStrategy strategy, PoolManifest pool, ValueReader values)
    {
        if (typed.Verifier is not null && !strategy.ReadsVerifier)
            throw values.Complaint(Codes.BadValue, "Verifier", $"strategy '{typed.Name}' reads no verifier; leave Verifier out");
        if (strategy.NeedsGreedyDecoding && pool.Temperature != 0)
            throw values.Complaint(Codes.BadValue, "Pool", $"strategy '{typed.Name}' needs a pool at Temperature 0; '{pool.Name}' has {pool.Temperature}");
    }

    /// <summary>Samples that are not stated are those of the largest multiplier that reads the pool.</summary>
    PoolManifest WithSamples(PoolManifest pool, int index, IEnumerable<StrategyManifest> strategies)
    {
        if (pool.Samples > 0)
            return pool;
        int[] read = [.. strategies.Where(strategy => strategy.Pool == pool.Name)
            .SelectMany(strategy => strategy.Multipliers.Select(k => registered.Strategies[strategy.Name].SamplesFor(k)))];
        if (read.Length > 0)
            return pool with { Samples = read.Max() };
        SourcePlace place = xml.Attribute(ManifestSchema.PoolItem, pool.Name, index, "Samples");
        throw Codes.MissingValue.With($"pool '{pool.Name}' has no Samples, and no strategy reads it", place.File, place.Line, place.Column);
    }

    /// <summary>Multipliers beyond the pool are an error, unless the command line made the pool smaller: then they are left out.</summary>
    StrategyManifest FitSamples(StrategyManifest strategy, ValueReader values, PoolManifest[] pools)
    {
        PoolManifest pool = pools.First(candidate => candidate.Name == strategy.Pool);
        IStrategy estimator = registered.Strategies[strategy.Name];
        int[] fitting = [.. strategy.Multipliers.Where(k => estimator.SamplesFor(k) <= pool.Samples)];
        if (fitting.Length == strategy.Multipliers.Count || (raw.Overrides.Has("Samples") && fitting.Length > 0))
            return strategy with { Multipliers = fitting };
        int beyond = strategy.Multipliers.First(k => estimator.SamplesFor(k) > pool.Samples);
        throw values.Complaint(Codes.MultiplierBeyondSamples, "Multipliers",
            $"multiplier {beyond} of strategy '{strategy.Name}' reads {estimator.SamplesFor(beyond)} samples; pool '{pool.Name}' has {pool.Samples}");
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
