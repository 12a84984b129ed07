using System.Text.Json.Nodes;
using Harness.Engines;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models.Checkpoints;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tasks;

namespace Harness.Identity;

/// <summary>An experiment with its inputs found on this machine and hashed: enough to say whether its results are stale.</summary>
public sealed class ResolvedExperiment
{
    readonly ProjectXml xml;

    ResolvedExperiment(RawManifest raw, Manifest manifest, IModelHost models, Func<string, string?>? modelHash)
    {
        xml = ProjectXml.Read(raw.Project);
        Manifest = manifest;
        Paths = ExperimentPaths.Of(manifest, raw.Placement.GetValueOrDefault("Artifacts") is { Length: > 0 } stated ? stated : null);
        Model = ModelLocation.Find(manifest.Model, Paths, xml);
        Tasks = [.. manifest.Pools.Select((pool, index) => At(pool, index, "Task", () => CreateTask(pool)))];
        Prompts = [.. manifest.Pools.Select((pool, index) => At(pool, index, "Prompt", () => PromptTemplate.Load(pool.Task, pool.Prompt, Paths.Project)))];
        RefuseVotes();
        Inputs = new InputHashes(Model.Name, modelHash?.Invoke(Model.Opens) ?? HashOfModel(models), [.. Tasks.Zip(Prompts, (task, prompt) => new PoolInputs(task.DataHash, prompt.ContentHash))]);
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

    /// <exception cref="HarnessException">A wrong manifest; an absent model or data file; an unknown prompt; all at their place in NAME.proj.</exception>
    /// <param name="modelHash">Of the model at a place, where that is known without reading it; null, or null from it, reads the model.</param>
    public static ResolvedExperiment Resolve(RawManifest raw, IModelHost models, Func<string, string?>? modelHash = null) =>
        new(raw, ManifestReader.Read(raw, Registered.All), models, modelHash);

    /// <summary>Says where in NAME.proj a failure without a file of its own belongs.</summary>
    public T At<T>(PoolManifest pool, int index, string attribute, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (HarnessException unplaced) when (unplaced.File is null)
        {
            SourcePlace place = xml.Attribute(ManifestSchema.PoolItem, pool.Name, index, attribute);
            throw unplaced.Diagnostic.With($"pool '{pool.Name}': {unplaced.Message}", place.File, place.Line, place.Column, unplaced);
        }
    }

    ITask CreateTask(PoolManifest pool) => TaskRegistry.Find(pool.Task).Create(new TaskSettings
    {
        Seed = Manifest.Seed,
        Difficulties = pool.Difficulties,
        Problems = pool.Problems,
        DataFolder = Paths.Data,
        ManifestFolder = Paths.Project,
        Options = pool.TaskOptions,
    });

    void RefuseVotes()
    {
        foreach ((int index, StrategyManifest strategy) in Manifest.Strategies.Index())
        {
            int pool = Manifest.Pools.Index().First(candidate => candidate.Item.Name == strategy.Pool).Index;
            if (!Registered.All.Strategies[strategy.Name].VotesOnAnswers || Tasks[pool].HasUniqueAnswers)
                continue;
            SourcePlace place = xml.Attribute(ManifestSchema.StrategyItem, strategy.Name, index, "Include");
            throw Codes.VoteWithoutUniqueAnswer.With(
                $"strategy '{strategy.Name}' counts equal answers, and task '{Manifest.Pools[pool].Task}' of pool '{strategy.Pool}' has many right ones",
                place.File, place.Line, place.Column);
        }
    }

    string HashOfModel(IModelHost models)
    {
        using Checkpoint checkpoint = models.Open(Model.Opens);
        return checkpoint.ContentHash;
    }
}
