using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Engines.Recorded;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Training;

namespace Harness.Identity;

/// <summary>An experiment with its inputs found on this machine and hashed: enough to say whether its results are stale.</summary>
public sealed class ResolvedExperiment
{
    readonly ManifestPlaces places;
    readonly ModelLocation? model;
    readonly IReadOnlyList<ITask>? tasks;
    readonly IReadOnlyList<RecordedFile?>? recordings;
    readonly IReadOnlyList<TrainingData>? learned;
    readonly ReferencedModels? referenced;
    readonly Mistakes? absent;

    /// <param name="draft">Its mistakes are joined by those that its inputs show, so that all are said at once.</param>
    ResolvedExperiment(RawManifest raw, DraftManifest draft, Func<string, string?>? modelHash)
    {
        (Manifest manifest, IReadOnlySet<int> wrong, Mistakes mistakes) = draft;
        places = new ManifestPlaces(raw);
        Manifest = manifest;
        mistakes.Add(manifest.Searches.Select(search => Codes.SearchInExperiment.With(
            $"strategy '{search.Name}' searches, which experiments do not run",
            search.Place.File, search.Place.Line, search.Place.Column)));
        // A folder of its own, for the results of an overridden manifest, needs a whole one.
        Paths = ExperimentPaths.Of(mistakes.Count > 0 ? manifest with { Overrides = [] } : manifest,
            raw.Placement.GetValueOrDefault("Artifacts"));
        ModelLocation? location = string.IsNullOrEmpty(manifest.Model) ? null
            : mistakes.Try(
                () => ModelLocation.Find(manifest.Engine, manifest.Model, Paths, places.Property(ExperimentAttributes.Model.Name)), null!);
        ITask?[] found = [.. manifest.Pools.Select((pool, index) => wrong.Contains(index) ? null
            : mistakes.Try<ITask?>(() => At(pool, index, PoolAttributes.Task.Name, () => CreateTask(pool)), null))];
        RecordedFile?[] files = [.. manifest.Pools.Select((pool, index) => wrong.Contains(index) || pool.Recording is null ? null
            : mistakes.Try<RecordedFile?>(() => At(pool, index, RecordingAttributes.Recorded.Name,
                () => RecordedFile.Find(pool.Recording.File, Paths.Project, Paths.Data)), null))];
        ReferencedModels others = new(manifest, Paths, mistakes);
        Manifest = manifest = others.WithShapes(manifest);
        TrainingData?[] data = mistakes.Count > 0 ? []
            : [.. manifest.Trains.Select(train => mistakes.Try<TrainingData?>(() => OpenData(train), null))];
        Prompts = [.. manifest.Pools.Select((pool, index) => wrong.Contains(index) || pool.Recording is not null ? null
            : mistakes.Try<PromptTemplate?>(() => At(pool, index, PoolAttributes.Prompt.Name,
                () => PromptTemplate.Load(pool.Task.Name, pool.Prompt, Paths.Project)), null))];
        Dictionary<string, (PromptTemplate, ITask)> evaluations = new(StringComparer.Ordinal);
        foreach (EvaluationManifest evaluation in manifest.Evaluations)
            _ = mistakes.Try(() => evaluations[evaluation.Name] = OpenEvaluation(evaluation), default);
        Evaluations = evaluations;
        if (mistakes.Count > 0 && mistakes.AreAll(AbsentInputs.Is)
            && CommittedInputs.Read(Paths.RunJson, manifest, Prompts) is { } committed)
        {
            absent = mistakes;
            Inputs = committed.Inputs with { Evaluations = PromptsOfEvaluations };
            Manifest = committed.Manifest;
            return;
        }
        mistakes.ThrowIfAny();
        (model, referenced) = (location, others);
        tasks = [.. found.OfType<ITask>()];
        recordings = files;
        learned = [.. data.OfType<TrainingData>()];
        (string name, string hash) = manifest.AsksModel ? (Model.Name, modelHash?.Invoke(Model.Opens) ?? HashOfModel()) : ("", "");
        Inputs = new InputHashes(name, hash, [.. Tasks.Zip(Prompts, files).Select(pool =>
            new PoolInputs(pool.First.DataHash, pool.Second?.ContentHash, pool.Second?.Shots ?? 0, pool.Third?.Hash))])
        {
            Data = learned.SelectMany(each => each.Hashes).DistinctBy(each => each.Key).ToDictionary(StringComparer.Ordinal),
            Evaluations = PromptsOfEvaluations,
            Models = others.Hashes(modelHash),
            Answers = manifest.LabelsAnswers ? ExperimentKey.OfAnswerer(manifest, hash) : "",
        };
    }

    public Manifest Manifest { get; }

    public ExperimentPaths Paths { get; }

    /// <summary>In the order of the manifest's pools; null of a recorded one.</summary>
    public IReadOnlyList<PromptTemplate?> Prompts { get; }

    /// <summary>The template and the problems of each evaluation, by its name.</summary>
    public IReadOnlyDictionary<string, (PromptTemplate Prompt, ITask Task)> Evaluations { get; }

    /// <summary>
    /// Of this machine's files; where the model or data is not here, of the committed results, as long as the manifest asks for the same
    /// pools.
    /// </summary>
    public InputHashes Inputs { get; }

    /// <summary>Why nothing can be generated here; null where everything is here.</summary>
    public string? Absence => absent?.First.Message;

    /// <exception cref="HarnessException">The model or data is not on this machine; <see cref="Codes.EngineUnable"/> where the pools are
    /// recorded.</exception>
    public ModelLocation Model => model ?? throw (Manifest.AsksModel ? Absent() : Codes.EngineUnable.With(
        $"{(Manifest.IsTraining ? $"{Manifest.Name} makes models and asks none" : $"the pools of {Manifest.Name} are recorded")}: there is "
        + "no model to ask", Manifest.Project));

    /// <summary>Where a model lies that another goes on from, or that verifies, by what the manifest writes.</summary>
    /// <exception cref="HarnessException">It is not on this machine.</exception>
    public string PlaceOf(string written) => (referenced ?? throw Absent())[written].Opens;

    /// <summary>In the order of the manifest's pools.</summary>
    /// <exception cref="HarnessException">The model or data is not on this machine.</exception>
    public IReadOnlyList<ITask> Tasks => tasks ?? throw Absent();

    /// <summary>In the order of the manifest's pools; null of one that is generated.</summary>
    /// <exception cref="HarnessException">The file or data is not on this machine.</exception>
    public IReadOnlyList<RecordedFile?> Recordings => recordings ?? throw Absent();

    /// <summary>In the order of the models that the manifest trains.</summary>
    /// <exception cref="HarnessException">A file is not on this machine.</exception>
    public IReadOnlyList<TrainingData> LearnedFrom => learned ?? throw Absent();

    /// <summary>What run.json says of it.</summary>
    public JsonObject Description => ExperimentKey.Describe(Manifest, Inputs);

    /// <exception cref="HarnessException">A wrong manifest; an absent model or data file; an unknown prompt; all at their place
    /// in NAME.proj.</exception>
    /// <param name="modelHash">Of the model at a place, where that is known without reading it; null, or null from it, reads the
    /// model.</param>
    public static ResolvedExperiment Resolve(RawManifest raw, Registered registered, Func<string, string?>? modelHash = null) =>
        new(raw, ManifestReader.Draft(raw, registered), modelHash);

    /// <summary>Looks for mistakes in the manifest and the files that it names, whatever model and data are absent.</summary>
    /// <exception cref="HarnessException">The one mistake.</exception>
    /// <exception cref="ManifestException">All of them, where there are several.</exception>
    public static void Check(RawManifest raw, Registered registered)
    {
        const string unread = "";
        Mistakes mistakes = new();
        _ = mistakes.Try(() => Resolve(raw, registered, _ => unread), null!);
        mistakes.Without(AbsentInputs.Is).ThrowIfAny();
    }

    /// <summary>Says where in NAME.proj a failure without a file of its own belongs.</summary>
    public T At<T>(PoolManifest pool, int index, string attribute, Func<T> act) =>
        places.Attribute(AttributeTable.PoolItem, pool.Name, index, attribute).Of(act, $"pool '{pool.Name}': ");

    TrainingData OpenData(TrainManifest train) =>
        train.Place.Of(() => new TrainingData(train, [Paths.Project, Paths.Data]), $"model '{train.Name}': ");

    (PromptTemplate, ITask) OpenEvaluation(EvaluationManifest evaluation) => evaluation.Place.Of(
        () => (PromptTemplate.Load(evaluation.Pool.Task.Name, evaluation.Pool.Prompt, Paths.Project), CreateTask(evaluation.Pool)),
        $"evaluation '{evaluation.Name}': ");

    Dictionary<string, string> PromptsOfEvaluations =>
        Evaluations.ToDictionary(each => each.Key, each => each.Value.Prompt.ContentHash, StringComparer.Ordinal);

    ITask CreateTask(PoolManifest pool) => pool.Task.Create(new TaskSettings
    {
        Seed = Manifest.Seed,
        Difficulties = pool.Difficulties,
        Problems = (pool.Recording?.FirstProblem ?? 0) + pool.Problems,
        DataFolder = Paths.Data,
        ManifestFolder = Paths.Project,
        Options = pool.TaskOptions,
    });

    Exception Absent() => ManifestException.Of(absent!.All);

    string HashOfModel() => ReferencedModels.HashOf(Manifest.Engine, Model.Opens);
}
