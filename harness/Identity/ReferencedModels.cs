using Harness.Diagnostics;
using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Identity;

/// <summary>Models that a manifest names beside its Model, found here: those that others go on from, and those that verify.</summary>
sealed class ReferencedModels
{
    readonly IEngine engine;
    readonly Dictionary<string, ModelLocation> locations = new(StringComparer.Ordinal);
    readonly Dictionary<string, ModelConfig> shapes = new(StringComparer.Ordinal);

    /// <param name="mistakes">Are told of those that are absent, or no models of their kind.</param>
    public ReferencedModels(Manifest manifest, ExperimentPaths paths, Mistakes mistakes)
    {
        engine = manifest.Engine;
        foreach (TrainManifest train in manifest.Trains.Where(train => train.From is not null))
        {
            mistakes.Try(() => train.Place.Of(() => Find(train.From!, paths) && TakeShape(train), $"model '{train.Name}': "), false);
        }
        foreach (StrategyManifest strategy in manifest.Strategies.Where(strategy => strategy.Verifier is RewardModel))
        {
            RewardModel judge = (RewardModel)strategy.Verifier!;
            mistakes.Try(() => strategy.Place.Of(() => Find(judge.Path, paths) && RequireRead(judge),
                $"strategy '{strategy.Name}': verifier '{judge.Path}': "), false);
        }
    }

    /// <summary>By what the manifest writes.</summary>
    public ModelLocation this[string written] => locations[written];

    /// <summary>The manifest, in which models that go on from others have their shapes, as far as those were found.</summary>
    public Manifest WithShapes(Manifest manifest) => shapes.Count == 0 ? manifest : manifest with
    {
        Trains = [.. manifest.Trains.Select(train =>
            train.From is { } from && shapes.TryGetValue(from, out ModelConfig? shape)
                ? train with { Shape = shape with { Layers = shape.Layers + train.AddedLayers } } : train)],
    };

    /// <summary>SHA-256 of each, by what the manifest writes.</summary>
    /// <param name="known">Of the model at a place, where that is known without reading it.</param>
    public IReadOnlyDictionary<string, string> Hashes(Func<string, string?>? known) => locations.ToDictionary(
        each => each.Key, each => known?.Invoke(each.Value.Opens) ?? HashOf(engine, each.Value.Opens), StringComparer.Ordinal);

    /// <summary>Of a reward model, how it is read is a part of what it is.</summary>
    public static string HashOf(IEngine engine, string place)
    {
        using IEngineModel opened = engine.Open(place);
        string form = Path.Combine(place, RewardForm.FileName);
        return File.Exists(form) ? Records.Hashes.OfText($"{opened.ContentHash}\n{Records.Hashes.OfFile(form)}") : opened.ContentHash;
    }

    bool Find(string written, ExperimentPaths paths)
    {
        if (!locations.ContainsKey(written))
            locations.Add(written, ModelLocation.Find(engine, written, paths));
        return true;
    }

    bool RequireRead(RewardModel judge) => RewardForm.Read(this[judge.Path].Opens).Kind == RewardKind.Steps || judge.Of == StepReward.Last
        ? true
        : throw Codes.BadValue.With($"Reward is {judge.Of.ToString().ToLowerInvariant()}, and it judges whole answers: leave Reward out");

    bool TakeShape(TrainManifest train)
    {
        using IEngineModel opened = engine.Open(this[train.From!].Opens);
        if (opened.Shape is not { } shape || opened.Text is not { } text || !HasWords(shape, text))
            throw Codes.TrainingUnable.With($"From is '{train.From}', which has another vocabulary than the "
                + $"{GeneratedWords.Vocabulary.Count} words that models are trained on");
        if ((train with { Shape = shape }).ShortBatch is { } tooSmall)
            throw Codes.BadValue.With(tooSmall);
        shapes[train.From!] = shape;
        return true;
    }

    static bool HasWords(ModelConfig shape, IModelText text) => shape.Vocabulary == GeneratedWords.Vocabulary.Count
        && Enumerable.Range(0, shape.Vocabulary).All(token => text.Written(token) == GeneratedWords.Word(token));
}
