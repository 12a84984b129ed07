using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tasks;
using Harness.Tasks.Prompts;

namespace Harness.Identity;

/// <summary>An experiment with its inputs found on this machine and hashed: enough to say whether its results are stale.</summary>
public sealed class ResolvedExperiment
{
    readonly ManifestPlaces places;

    ResolvedExperiment(RawManifest raw, Manifest manifest, Func<string, string?>? modelHash)
    {
        places = new ManifestPlaces(raw);
        Mistakes mistakes = new();
        Manifest = manifest;
        Paths = ExperimentPaths.Of(manifest, raw.Placement.GetValueOrDefault("Artifacts") is { Length: > 0 } stated ? stated : null);
        Model = mistakes.Try(() => ModelLocation.Find(manifest.Model, Paths, places.Property(ExperimentAttributes.Model.Name)), null!);
        Tasks = [.. manifest.Pools.Select((pool, index) =>
            mistakes.Try(() => At(pool, index, PoolAttributes.Task.Name, () => CreateTask(pool)), null!))];
        Prompts =
        [
            .. manifest.Pools.Select((pool, index) => mistakes.Try(
                () => At(pool, index, PoolAttributes.Prompt.Name, () => PromptTemplate.Load(pool.Task.Name, pool.Prompt, Paths.Project)),
                    null!)),
        ];
        mistakes.Add(RefuseVotes());
        mistakes.ThrowIfAny();
        Inputs = new InputHashes(Model.Name, modelHash?.Invoke(Model.Opens) ?? HashOfModel(),
            [.. Tasks.Zip(Prompts, (task, prompt) => new PoolInputs(task.DataHash, prompt.ContentHash))]);
        Key = ExperimentKey.Of(manifest, Inputs);
    }

    public Manifest Manifest { get; }

    public ExperimentPaths Paths { get; }

    public ModelLocation Model { get; }

    /// <summary>In the order of the manifest's pools, as <see cref="Prompts"/>.</summary>
    public IReadOnlyList<ITask> Tasks { get; }

    public IReadOnlyList<PromptTemplate> Prompts { get; }

    public InputHashes Inputs { get; }

    /// <summary>What run.json must bear to be up to date.</summary>
    public string Key { get; }

    /// <summary>What the key is made of.</summary>
    public JsonObject Canonical => ExperimentKey.Canonical(Manifest, Inputs);

    /// <exception cref="HarnessException">A wrong manifest; an absent model or data file; an unknown prompt; all at their place
    /// in NAME.proj.</exception>
    /// <param name="modelHash">Of the model at a place, where that is known without reading it; null, or null from it, reads the
    /// model.</param>
    public static ResolvedExperiment Resolve(RawManifest raw, Registered registered, Func<string, string?>? modelHash = null) =>
        new(raw, ManifestReader.Read(raw, registered), modelHash);

    /// <summary>Says where in NAME.proj a failure without a file of its own belongs.</summary>
    public T At<T>(PoolManifest pool, int index, string attribute, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (HarnessException unplaced) when (unplaced.File is null)
        {
            SourcePlace place = places.Attribute(AttributeTable.PoolItem, pool.Name, index, attribute);
            throw unplaced.Diagnostic.With($"pool '{pool.Name}': {unplaced.Message}", place.File, place.Line, place.Column, unplaced);
        }
    }

    ITask CreateTask(PoolManifest pool) => pool.Task.Create(new TaskSettings
    {
        Seed = Manifest.Seed,
        Difficulties = pool.Difficulties,
        Problems = pool.Problems,
        DataFolder = Paths.Data,
        ManifestFolder = Paths.Project,
        Options = pool.TaskOptions,
    });

    IEnumerable<HarnessException> RefuseVotes()
    {
        foreach ((int index, StrategyManifest strategy) in Manifest.Strategies.Index())
        {
            int pool = Manifest.Pools.Index().First(candidate => candidate.Item == strategy.Pool).Index;
            if (!strategy.Definition.VotesOnAnswers || Tasks[pool] is null or { HasUniqueAnswers: true })
                continue;
            SourcePlace place = places.Attribute(AttributeTable.StrategyItem, strategy.Name, index, "Include");
            yield return Codes.VoteWithoutUniqueAnswer.With(
                $"strategy '{strategy.Name}' counts equal answers, and task '{strategy.Pool.Task.Name}' of pool '{strategy.Pool.Name}' has "
                + "many right ones",
                place.File, place.Line, place.Column);
        }
    }

    string HashOfModel()
    {
        using Checkpoint checkpoint = Manifest.Engine.Open(Model.Opens);
        return checkpoint.ContentHash;
    }
}
