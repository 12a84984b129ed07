using System.Text.Json.Nodes;
using Harness.Kernels;
using Harness.Kernels.Configuration;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Tasks;

namespace Harness.Identity;

/// <summary>Contents that a pool's tokens depend on beside its manifest.</summary>
/// <param name="Data">SHA-256 of the task's data, or null for a generated task.</param>
/// <param name="Prompt">SHA-256 of the prompt template; null of a recorded pool, which has none.</param>
/// <param name="Shots">Solved problems that the prompt shows.</param>
/// <param name="Recorded">SHA-256 of a recorded pool's file; null of a pool that is generated.</param>
public sealed record PoolInputs(string? Data, string? Prompt, int Shots, string? Recorded = null);

/// <summary>Contents that an experiment's results depend on beside its manifest.</summary>
/// <param name="ModelName">As <see cref="ModelLocation.Name"/>; with <paramref name="Model"/> empty where the pools are recorded.</param>
/// <param name="Pools">In the manifest's order.</param>
public sealed record InputHashes(string ModelName, string Model, IReadOnlyList<PoolInputs> Pools)
{
    /// <summary>By the name of data that models learn from, SHA-256 of what its texts depend on beside the manifest.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    /// <summary>By the name of an evaluation, SHA-256 of its prompt template.</summary>
    public IReadOnlyDictionary<string, string> Evaluations { get; init; } = new Dictionary<string, string>();

    /// <summary>By what the manifest writes, SHA-256 of models that others go on from, and of those that verify.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>As of <see cref="ExperimentKey.OfAnswerer"/>, where reward models learn from answers; else empty.</summary>
    public string Answers { get; init; } = "";
}

/// <summary>
/// What decides whether results are stale: one key a pool (model, prompt, decoding, data, numerics), and one of the analysis (strategies,
/// intervals). Each is SHA-256 over canonical JSON: members in ordinal order, no white space. Neither time stamps, machines, places of
/// files nor titles are part of them.
/// </summary>
public static class ExperimentKey
{
    /// <summary>What all samples of a pool depend on.</summary>
    public static string OfPool(Manifest manifest, PoolManifest pool, InputHashes inputs)
    {
        JsonObject sample = Sample(manifest, pool, inputs);
        sample["name"] = pool.Name;
        sample["problems"] = pool.Problems;
        sample["samples"] = pool.Samples;
        sample["tasks"] = TasksVersion.Current;
        return HashOf(sample);
    }

    /// <summary>
    /// What the tokens of one sample depend on. How many problems and samples there are does not: the first ones are the same. Solved
    /// problems of a prompt follow the ones that are asked where problems are generated, so there the number of problems counts.
    /// </summary>
    /// <param name="maxTokens">As the prompts and the model's context leave it.</param>
    public static string OfSample(Manifest manifest, PoolManifest pool, InputHashes inputs, int maxTokens)
    {
        JsonObject sample = Sample(manifest, pool, inputs);
        sample["max_tokens"] = maxTokens;
        sample["problems"] = InputsOf(manifest, pool, inputs) is { Shots: > 0, Data: null } ? pool.Problems : null;
        sample["tasks"] = pool.Task.ChecksAgainstGold ? null : TasksVersion.Current;
        return HashOf(sample);
    }

    /// <summary>What all bytes of a model that is trained depend on.</summary>
    public static string OfTraining(TrainManifest train, InputHashes inputs)
    {
        JsonObject training = new()
        {
            ["data"] = new JsonArray([.. train.Data.Select(data =>
            {
                JsonObject described = DataAttributes.Describe(data);
                described.Remove(DataAttributes.For.KeyName!);
                described["content"] = inputs.Data[data.Name];
                return (JsonNode)described;
            })]),
            ["model"] = TrainAttributes.Describe(train),
            ["training"] = TrainingVersion.Current,
        };
        if (train.From is { } from)
            training["from"] = inputs.Models[from];
        if (train.Judges is not null)
            training["answers"] = inputs.Answers;
        return HashOf(training);
    }

    /// <summary>What the answers that reward models learn to judge depend on beside their data.</summary>
    /// <param name="model">SHA-256 of the Model.</param>
    public static string OfAnswerer(Manifest manifest, string model) => HashOf(new JsonObject
    {
        ["engine"] = manifest.Engine.Name,
        ["model"] = model,
        ["numerics"] = NumericsVersion.Current,
        ["precision"] = PrecisionName(manifest.Precision),
        ["seed"] = manifest.Seed,
        ["tasks"] = TasksVersion.Current,
    });

    /// <summary>What all answers of an evaluation depend on, beside the models.</summary>
    /// <param name="prompt">SHA-256 of its template.</param>
    /// <param name="answers">As of <see cref="OfAnswerer"/>: of what is judged, not answered, who answers.</param>
    public static string OfEvaluation(Manifest manifest, EvaluationManifest evaluation, string prompt, string answers)
    {
        JsonObject described = DescribeEvaluation(manifest, evaluation, prompt);
        if (evaluation.IsJudged)
            described["answers"] = answers;
        return HashOf(described);
    }

    /// <summary>What the answers of one model to an evaluation depend on.</summary>
    /// <param name="model">As of <see cref="OfTraining"/>.</param>
    /// <param name="maxTokens">As the prompts and the model's context leave it.</param>
    public static string OfAnswers(Manifest manifest, EvaluationManifest evaluation, string prompt, string model, int maxTokens)
    {
        JsonObject described = DescribeEvaluation(manifest, evaluation with { Models = [] }, prompt);
        described["max_tokens"] = maxTokens;
        described["model"] = model;
        return HashOf(described);
    }

    /// <summary>What the samples that reward models learn from depend on, each of them; labels are made of them.</summary>
    /// <param name="pool">Of one split.</param>
    /// <param name="prompt">SHA-256 of its template.</param>
    /// <param name="model">SHA-256 of the Model.</param>
    /// <param name="maxTokens">As the prompts and the model's context leave it.</param>
    public static string OfLabelledSamples(Manifest manifest, PoolManifest pool, string prompt, string model, int maxTokens) =>
        HashOf(new JsonObject
        {
            ["answerer"] = OfAnswerer(manifest, model),
            ["max_tokens"] = maxTokens,
            ["pool"] = PoolAttributes.DescribeSample(pool),
            ["prompt"] = prompt,
        });

    static JsonObject DescribeEvaluation(Manifest manifest, EvaluationManifest evaluation, string prompt) => new()
    {
        ["engine"] = manifest.Engine.Name,
        ["evaluation"] = EvaluationAttributes.Describe(evaluation),
        ["numerics"] = NumericsVersion.Current,
        ["prompt"] = prompt,
        ["seed"] = manifest.Seed,
        ["tasks"] = TasksVersion.Current,
    };

    /// <summary>Models of one trunk differ only in their budgets: they share all steps up to the fall of the shortest one.</summary>
    public static string OfTrunk(TrainManifest train, InputHashes inputs) =>
        OfTraining(train with { Name = "", Tokens = 0, Decay = 0, IsCommitted = true }, inputs);

    /// <summary>What else everything that is computed from the samples depends on.</summary>
    public static string OfAnalysis(Manifest manifest, InputHashes inputs)
    {
        JsonObject analysis = ManifestKeys.OfAnalysis(manifest);
        if (manifest.RewardModels.Count > 0)
            analysis["reward_models"] = ModelsOf(manifest.RewardModels.Select(model => model.Path), inputs);
        analysis["version"] = AnalysisVersion.Current;
        return HashOf(analysis);
    }

    /// <summary>What run.json says of the experiment: all that the keys are made of, and the title.</summary>
    public static JsonObject Describe(Manifest manifest, InputHashes inputs)
    {
        JsonObject hashes = new(), versions = new() { ["analysis"] = AnalysisVersion.Current };
        if (manifest.AsksModel)
        {
            hashes["model"] = inputs.Model;
            versions["numerics"] = NumericsVersion.Current;
        }
        JsonObject keys = new()
        {
            ["analysis"] = OfAnalysis(manifest, inputs),
            ["pools"] = new JsonObject(manifest.Pools.OrderBy(pool => pool.Name, StringComparer.Ordinal)
                .Select(pool => KeyValuePair.Create(pool.Name, (JsonNode?)OfPool(manifest, pool, inputs)))),
        };
        if (inputs.Models.Count > 0)
            hashes["models"] = ModelsOf(inputs.Models.Keys, inputs);
        if (manifest.IsTraining)
        {
            hashes["data"] = new JsonObject(inputs.Data.OrderBy(data => data.Key, StringComparer.Ordinal)
                .Select(data => KeyValuePair.Create(data.Key, (JsonNode?)data.Value)));
            versions["training"] = TrainingVersion.Current;
            keys["models"] = new JsonObject(manifest.Trains.OrderBy(train => train.Name, StringComparer.Ordinal)
                .Select(train => KeyValuePair.Create(train.Name, (JsonNode?)OfTraining(train, inputs))));
        }
        if (manifest.Evaluations.Count > 0)
        {
            keys["evaluations"] = new JsonObject(manifest.Evaluations.OrderBy(evaluation => evaluation.Name, StringComparer.Ordinal)
                .Select(evaluation => KeyValuePair.Create(
                    evaluation.Name, (JsonNode?)OfEvaluation(
                        manifest, evaluation, inputs.Evaluations[evaluation.Name], inputs.Answers))));
            versions["numerics"] = NumericsVersion.Current;
        }
        hashes["pools"] = new JsonObject(manifest.Pools.Zip(inputs.Pools).OrderBy(pair => pair.First.Name, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.First.Name, (JsonNode?)Describe(pair.Second))));
        if (!manifest.IsTraining || manifest.Evaluations.Count > 0)
            versions["tasks"] = TasksVersion.Current;
        return new JsonObject
        {
            ["inputs"] = hashes,
            ["keys"] = Sorted(keys),
            ["manifest"] = DescribeManifest(manifest, inputs.ModelName),
            ["schema"] = SchemaVersions.Results,
            ["versions"] = versions,
        };
    }

    /// <summary>The member <c>manifest</c> of run.json.</summary>
    /// <param name="manifest">All attributes that a key has, and the title.</param>
    /// <param name="modelName">As <see cref="InputHashes.ModelName"/>.</param>
    public static JsonObject DescribeManifest(Manifest manifest, string modelName)
    {
        JsonObject described = ManifestKeys.OfPools(manifest, modelName);
        foreach ((string name, JsonNode? value) in ManifestKeys.OfAnalysis(manifest).Concat(ManifestKeys.OfTraining(manifest)))
            described[name] = value?.DeepClone();
        described["name"] = manifest.Name;
        described["title"] = manifest.Title;
        return Sorted(described);
    }

    /// <summary>Names a manifest alone, as for the folder of an overridden run.</summary>
    public static string OfManifest(Manifest manifest)
    {
        JsonObject described = ManifestKeys.OfPools(manifest, manifest.Model);
        described["analysis"] = ManifestKeys.OfAnalysis(manifest);
        foreach ((string name, JsonNode? value) in ManifestKeys.OfTraining(manifest))
            described[name] = value?.DeepClone();
        return HashOf(described);
    }

    public static string PrecisionName(Precision precision) => precision.ToString().ToLowerInvariant();

    /// <summary>A recorded sample depends on its file, and on no model or arithmetic.</summary>
    static JsonObject Sample(Manifest manifest, PoolManifest pool, InputHashes inputs)
    {
        JsonObject sample = new()
        {
            ["engine"] = manifest.Engine.Name,
            ["inputs"] = Describe(InputsOf(manifest, pool, inputs)),
            ["pool"] = PoolAttributes.DescribeSample(pool),
            ["seed"] = manifest.Seed,
        };
        if (pool.Recording is null)
        {
            sample["model"] = inputs.Model;
            sample["numerics"] = NumericsVersion.Current;
            sample["precision"] = PrecisionName(manifest.Precision);
        }
        return sample;
    }

    static PoolInputs InputsOf(Manifest manifest, PoolManifest pool, InputHashes inputs) =>
        inputs.Pools[manifest.Pools.Index().First(candidate => ReferenceEquals(candidate.Item, pool)).Index];

    static JsonObject ModelsOf(IEnumerable<string> written, InputHashes inputs) => new(
        written.Distinct().Order(StringComparer.Ordinal).Select(path => KeyValuePair.Create(path, (JsonNode?)inputs.Models[path])));

    static JsonObject Describe(PoolInputs inputs) => inputs.Recorded is null
        ? new() { ["data"] = inputs.Data, ["prompt"] = inputs.Prompt, ["shots"] = inputs.Shots }
        : new() { ["data"] = inputs.Data, ["recorded"] = inputs.Recorded };

    static JsonObject Sorted(JsonObject json) =>
        new(
            json.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    static string HashOf(JsonObject json) => Hashes.OfText(Sorted(json).ToJsonString(RunJson.Compact));
}
