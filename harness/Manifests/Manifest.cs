using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Strategies;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>An experiment, typed and checked: what it is, apart from where it runs.</summary>
public sealed record Manifest
{
    public required string Name { get; init; }

    /// <summary>Absolute path of NAME.proj.</summary>
    public required string Project { get; init; }
    public required string Title { get; init; }

    /// <summary>As written in the manifest: a path, or a name that the engine knows; empty where the pools are recorded.</summary>
    public required string Model { get; init; }

    /// <summary>What answers the prompts.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>Whether it is the engine of manifests that name none.</summary>
    public required bool IsEngineDefault { get; init; }
    public required Precision Precision { get; init; }
    public required ulong Seed { get; init; }
    public required IReadOnlyList<PoolManifest> Pools { get; init; }

    /// <summary>Those that are functions of a pool.</summary>
    public required IReadOnlyList<StrategyManifest> Strategies { get; init; }

    /// <summary>Conditions that its results must meet.</summary>
    public IReadOnlyList<GateManifest> Gates { get; init; } = [];

    /// <summary>
    /// A smaller difference in accuracy does not matter, so that two strategies may be called the same; 0: none is stated.
    /// </summary>
    public double Margin { get; init; }

    /// <summary>Those that generate for themselves.</summary>
    public IReadOnlyList<SearchManifest> Searches { get; init; } = [];

    /// <summary>Models that it makes.</summary>
    public IReadOnlyList<TrainManifest> Trains { get; init; } = [];

    /// <summary>What the models that it makes are asked.</summary>
    public IReadOnlyList<EvaluationManifest> Evaluations { get; init; } = [];

    /// <summary>Of those, what models answer.</summary>
    public IReadOnlyList<EvaluationManifest> Answered => [.. Evaluations.Where(evaluation => !evaluation.IsJudged)];

    /// <summary>Of those, what reward models judge.</summary>
    public IReadOnlyList<EvaluationManifest> Judged => [.. Evaluations.Where(evaluation => evaluation.IsJudged)];

    /// <summary>Laws that are fitted to the losses of the models that it makes.</summary>
    public IReadOnlyList<LawManifest> Laws { get; init; } = [];

    /// <summary>Whether it makes models.</summary>
    public bool IsTraining => Trains.Count > 0;

    /// <summary>Verify trains only so many steps of each model, and compares what is known of them; 0: all.</summary>
    public int StopAfter { get; init; }
    public required Placement Placement { get; init; }
    public string? DataFolder { get; init; }
    /// <summary>Measure this machine for a minute and commit what it gave under machines/.</summary>
    public bool Record { get; init; }

    /// <summary>Draw every figure with the renderer in use, also those that another one drew.</summary>
    public bool Redraw { get; init; }
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>What the README's sentence is about; null: the best of those that one can deploy, chosen on other problems.</summary>
    public HeadlineManifest? Headline { get; init; }

    /// <summary>Whether its pools are replayed from files, so that there is no model and nothing is generated.</summary>
    public bool IsRecorded => Pools.Any(pool => pool.Recording is not null);

    /// <summary>
    /// Whether it generates with a model, and so has one: for its pools, or for labels of its answers that reward models learn.
    /// </summary>
    public bool AsksModel => !IsRecorded && (!IsTraining || LabelsAnswers);

    /// <summary>Whether models that it makes learn to judge the answers of its Model.</summary>
    public bool LabelsAnswers => Trains.Any(train => train.Judges is not null);

    /// <summary>Models that verify, each folder once, in the order of the strategies.</summary>
    public IReadOnlyList<RewardModel> RewardModels =>
    [
        .. Strategies.Select(strategy => strategy.Verifier).OfType<RewardModel>().Select(model => model with { Of = StepReward.Last })
            .Distinct(),
    ];

    /// <summary>Those of them that verify answers of a pool.</summary>
    public IReadOnlyList<RewardModel> RewardModelsOf(PoolManifest pool) =>
    [
        .. Strategies.Where(strategy => strategy.Pool == pool).Select(strategy => strategy.Verifier).OfType<RewardModel>()
            .Select(model => model with { Of = StepReward.Last }).Distinct().OrderBy(model => model.Folder, StringComparer.Ordinal),
    ];

    /// <summary>Those of a pool's verifiers that read texts, in ordinal order of their names.</summary>
    public IReadOnlyList<ITextVerifier> TextVerifiersOf(PoolManifest pool) =>
    [
        .. Strategies.Where(strategy => strategy.Pool == pool).Select(strategy => strategy.Verifier).OfType<ITextVerifier>().Distinct()
            .OrderBy(verifier => verifier.Name, StringComparer.Ordinal),
    ];
}

/// <summary>One pool: a task, its prompt template and its decoding.</summary>
public sealed record PoolManifest
{
    public required string Name { get; init; }
    public required TaskDefinition Task { get; init; }

    /// <summary>A template of the task (think, direct) or a file; empty where the pool is recorded.</summary>
    public required string Prompt { get; init; }
    public required IReadOnlyList<int> Difficulties { get; init; }
    public required int Problems { get; init; }
    public required int Samples { get; init; }

    /// <summary>NaN of a recorded pool that does not state it.</summary>
    public required float Temperature { get; init; }
    public required int TopK { get; init; }
    public required float TopP { get; init; }
    public required float MinP { get; init; }
    public required int MaxTokens { get; init; }
    public required IReadOnlyList<string> StopStrings { get; init; }

    /// <summary>Null: as the model has a chat template or not.</summary>
    public bool? Chat { get; init; }

    /// <summary>What the chat template takes for the day's date.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Attributes that belong to the task (jsonl: Data, QuestionField, ...).</summary>
    public required IReadOnlyDictionary<string, string> TaskOptions { get; init; }

    /// <summary>Where its samples are read; null where they are generated.</summary>
    public RecordingManifest? Recording { get; init; }
}

/// <summary>A strategy that is a function of its pool.</summary>
public sealed record StrategyManifest : BoundStrategy
{
    /// <summary>Made with the verifier and the options that the manifest gives it.</summary>
    public required IPooledStrategy Strategy { get; init; }
}

/// <summary>The strategy and multiplier that a manifest puts into its README's sentence.</summary>
public sealed record HeadlineManifest(StrategyManifest Strategy, int Multiplier);
