using Harness.Diagnostics;
using Harness.Engines;
using Harness.Engines.Recorded;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Registry;

namespace Harness.Manifests;

/// <summary>Types and checks a resolved manifest; every complaint points into NAME.proj, and all are made at once.</summary>
public sealed class ManifestReader
{
    readonly RawManifest raw;
    readonly Registered registered;
    readonly ProjectXml xml;
    readonly ManifestPlaces places;
    readonly Mistakes mistakes = new();

    ManifestReader(RawManifest raw, Registered registered)
    {
        this.raw = raw;
        this.registered = registered;
        xml = ProjectXml.Read(raw.Project);
        places = new ManifestPlaces(raw, xml);
    }

    /// <exception cref="HarnessException">The one wrong name or value (codes 0001 to 0017, 0101), before anything runs.</exception>
    /// <exception cref="ManifestException">All of them, where there are several.</exception>
    public static Manifest Read(RawManifest raw, Registered registered)
    {
        DraftManifest draft = Draft(raw, registered);
        draft.Mistakes.ThrowIfAny();
        return draft.Manifest;
    }

    /// <summary>What can be read of a manifest, right or wrong.</summary>
    public static DraftManifest Draft(RawManifest raw, Registered registered) => new ManifestReader(raw, registered).Draft();

    DraftManifest Draft()
    {
        HarnessException[] ofMSBuild = [.. raw.Mistakes.Select(mistake => mistake.ToException()).OfType<HarnessException>()];
        mistakes.Add(ofMSBuild);
        mistakes.Add(new ProjectNames(xml, registered).Unknown());
        AttributeReader properties = new(new ValueReader(raw.Properties, places.Property, ""), mistakes);
        properties.Allow(AttributeTable.Properties, Codes.UnknownProperty, "property");
        AttributeReader placement = new(new ValueReader(raw.Placement, places.Property, "", KernelCodes.BadPlacement), mistakes);
        placement.Allow([.. AttributeTable.PlacementProperties, .. PlacementAttributes.OfTheBuild, .. AttributeTable.BuildSwitches],
            Codes.UnknownProperty, "property");
        ItemReader items = new(raw, registered, places, mistakes);
        (IReadOnlyList<PoolManifest> pools, IReadOnlyList<BoundStrategy> bound) = items.Read();
        StrategyManifest[] strategies = [.. bound.OfType<StrategyManifest>()];
        bool isRecorded = pools.Any(pool => pool.Recording is not null);
        IEngine? engine = ReadEngine(properties, isRecorded);
        bool isTraining = pools.Count == 0 && raw.Trains.Count + raw.Data.Count > 0;
        string model = ReadModel(properties, isRecorded, isTraining);
        Precision precision = ReadPrecision(properties, engine);
        ulong seed = properties.Read(ExperimentAttributes.Seed);
        HeadlineManifest? headline = ReadHeadline(properties, strategies);
        double margin = ReadMargin(properties);
        IReadOnlyList<TrainManifest> trains = ReadTrains(pools, seed);
        IReadOnlyList<EvaluationManifest> evaluations = new EvaluationReader(raw, registered, places, mistakes, trains).Read();
        Manifest manifest = new()
        {
            Name = raw.Name,
            Project = raw.Project,
            Title = properties.Read(ExperimentAttributes.Title) ?? raw.Name,
            // What is a model, and where it lies, is its engine's to say.
            Model = engine is null ? "" : model,
            Engine = engine ?? registered.Engines[0],
            IsEngineDefault = engine == registered.Engines[0],
            Precision = precision,
            Headline = headline,
            Seed = seed,
            Margin = margin,
            Pools = pools,
            Strategies = strategies,
            Gates = new GateReader(raw, places, mistakes, pools, strategies, seed).Read(),
            Searches = [.. bound.OfType<SearchManifest>()],
            Trains = trains,
            Evaluations = evaluations,
            Laws = new LawReader(raw, places, mistakes, trains, [.. evaluations.Where(evaluation => !evaluation.IsJudged)]).Read(),
            StopAfter = ReadStopAfter(placement),
            Placement = ReadPlacement(placement),
            DataFolder = placement.Read(PlacementAttributes.HarnessData),
            Record = placement.Read(PlacementAttributes.Record) ?? false,
            Redraw = placement.Read(PlacementAttributes.Redraw) ?? false,
            Overrides = raw.Overrides,
        };
        // Of a text that MSBuild rewrites, the value is not the one that was written.
        HashSet<SourcePlace> rewritten = [.. ofMSBuild.Where(mistake => mistake.Diagnostic == Codes.RewrittenText).Select(PlaceOf)];
        return new DraftManifest(manifest, items.WrongPools,
            mistakes.Without(mistake => mistake.Diagnostic != Codes.RewrittenText && rewritten.Contains(PlaceOf(mistake))));
    }

    static SourcePlace PlaceOf(HarnessException mistake) => new(mistake.File ?? "", mistake.Line, mistake.Column);

    /// <summary>STRATEGY, STRATEGY@MULTIPLIER or either followed by " over POOL", of a strategy that one can deploy.</summary>
    HeadlineManifest? ReadHeadline(AttributeReader properties, IReadOnlyList<StrategyManifest> strategies)
    {
        if (properties.Read(ExperimentAttributes.Headline) is not { } written)
            return null;
        string[] parts = written.Split(" over ", 2, StringSplitOptions.TrimEntries), named = parts[0].Split('@', 2);
        StrategyManifest[] known =
            [.. strategies.Where(strategy => strategy.Name == named[0] && (parts.Length == 1 || strategy.Pool.Name == parts[1]))];
        int multiplier = known.Length == 0 ? 0 : named.Length == 1 ? known[0].Multipliers.Max()
            : int.TryParse(named[1], out int stated) ? stated : 0;
        if (known.Length == 1 && known[0].Multipliers.Contains(multiplier) && known[0].IsDeployable)
            return new HeadlineManifest(known[0], multiplier);
        string deployable = string.Join(
            ", ",
            strategies.Where(strategy => strategy.IsDeployable)
                .Select(strategy => $"{strategy.Name}@{strategy.Multipliers.Max()} over {strategy.Pool.Name}"));
        SourcePlace place = places.Property(ExperimentAttributes.Headline.Name);
        mistakes.Add(Codes.BadValue.With($"Headline is '{written}'; expected one of {deployable}", place.File, place.Line, place.Column));
        return null;
    }

    int ReadStopAfter(AttributeReader placement)
    {
        int steps = placement.Read(PlacementAttributes.StopAfter);
        if (steps > 0 && raw.Trains.Count == 0)
            mistakes.Add(placement.Values.Complaint(KernelCodes.BadPlacement, PlacementAttributes.StopAfter.Name,
                "StopAfter is stated, and the manifest trains no model: leave it out"));
        return steps;
    }

    double ReadMargin(AttributeReader properties)
    {
        double margin = properties.Read(ExperimentAttributes.Margin) ?? 0;
        if (margin is >= 0 and < 1)
            return margin;
        mistakes.Add(properties.Values.Complaint(Codes.BadValue, ExperimentAttributes.Margin.Name,
            $"Margin is '{properties.Values.Text(ExperimentAttributes.Margin.Name)}'; expected {ExperimentAttributes.Margin.Values}"));
        return 0;
    }

    /// <summary>Null where the name is not one. Recorded pools are the business of one engine, which has no other.</summary>
    IEngine? ReadEngine(AttributeReader properties, bool isRecorded)
    {
        string name = ExperimentAttributes.Engine.Name;
        RecordedEngine? replays = registered.Engines.OfType<RecordedEngine>().FirstOrDefault();
        if (properties.Values.Text(name) is null)
            return isRecorded && replays is not null ? replays : registered.Engines[0];
        IEngine? engine = properties.Read<IEngine?>(
            () => properties.Values.Known(name, registered.Engines, known => known.Name, Codes.UnknownEngine, "registered engine"),
            null);
        if (engine is not null && isRecorded != engine is RecordedEngine)
            mistakes.Add(properties.Values.Complaint(Codes.EngineUnable, name, isRecorded
                ? $"engine '{engine.Name}' generates, and the pools are recorded; leave Engine out"
                : $"engine '{engine.Name}' replays recorded samples, and no pool names a file with Recorded"));
        return engine;
    }

    /// <summary>Empty where the pools are recorded, and where models are made that learn from no other's answers.</summary>
    string ReadModel(AttributeReader properties, bool isRecorded, bool isTraining)
    {
        string name = ExperimentAttributes.Model.Name;
        bool isLabelled = isTraining && raw.Data.Any(data => data.Any(attribute => attribute.Value.Length > 0
            && attribute.Key.Equals(DataAttributes.Labels.Name, StringComparison.OrdinalIgnoreCase)));
        if ((!isRecorded && !isTraining) || isLabelled)
            return properties.Read(() => properties.Values.Required(name), "");
        if (properties.Values.Text(name) is not null)
            mistakes.Add(properties.Values.Complaint(Codes.BadValue, name,
                $"Model is stated, and {(isRecorded ? "the pools are recorded" : "no pool asks one")}: leave it out"));
        return "";
    }

    /// <summary>An experiment makes models or asks one: what is made is asked in another experiment, which names it as its Model.</summary>
    IReadOnlyList<TrainManifest> ReadTrains(IReadOnlyList<PoolManifest> pools, ulong seed)
    {
        IReadOnlyList<TrainManifest> trains = new TrainingReader(raw, registered, places, mistakes, seed).Read();
        if (pools.Count == 0 || trains.Count == 0)
            return trains;
        SourcePlace place = places.Attribute(AttributeTable.TrainItem, trains[0].Name, 0, TrainAttributes.Name.Name);
        mistakes.Add(Codes.TrainingUnable.With(
            $"the manifest trains '{trains[0].Name}' and has pools: ask it in another experiment, whose Model is "
            + $"../{raw.Name}/{trains[0].Name}", place.File, place.Line, place.Column));
        return trains;
    }

    /// <summary>Committed files are exact, so that only exact precisions of exact engines are an experiment's.</summary>
    Precision ReadPrecision(AttributeReader properties, IEngine? engine)
    {
        string bf16 = ExperimentAttributes.NameOf(Precision.Bf16), name = ExperimentAttributes.Precision.Name;
        if (!bf16.Equals(properties.Values.Text(name), StringComparison.OrdinalIgnoreCase))
        {
            Precision precision = properties.Read(ExperimentAttributes.Precision);
            if (engine?.IsExact(precision) == false)
                mistakes.Add(properties.Values.Complaint(Codes.EngineUnable, ExperimentAttributes.Engine.Name,
                    $"engine '{engine.Name}' gives results in {ExperimentAttributes.NameOf(precision)} that belong to one machine, and an "
                    + "experiment's files are exact"));
            return precision;
        }
        mistakes.Add(properties.Values.Complaint(Codes.PrecisionNotExact, name,
            $"Precision is '{bf16}', whose results are measured, and an experiment's files are exact; expected one of "
            + $"{ExperimentAttributes.Precision.Values} (`harness bench` and `harness precisions` measure bf16)"));
        return ExperimentAttributes.Precision.Fallback;
    }

    static Placement ReadPlacement(AttributeReader values) => new()
    {
        Device = values.Read(PlacementAttributes.Device),
        Threads = values.Read(PlacementAttributes.Threads),
        Batch = values.Read(PlacementAttributes.Batch),
        Isa = values.Read(PlacementAttributes.Isa),
        MemoryBytes = values.Read(PlacementAttributes.Memory),
    };
}
