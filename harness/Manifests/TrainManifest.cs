using Harness.Kernels.Configuration;
using Harness.Kernels.Sampling;
using Harness.Kernels.Training;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>Which tokens of a sequence a model learns to predict.</summary>
public enum LossPart
{
    /// <summary>Those after the prompt.</summary>
    Answer,

    /// <summary>Every one but the first.</summary>
    All,
}

/// <summary>A model that the experiment makes, and how it is trained.</summary>
public sealed record TrainManifest
{
    /// <summary>Also the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>The item that lists it, perhaps with others: the models of one item differ in budget, learning rate or seed.</summary>
    public string Item { get; init; } = "";

    /// <summary>Of a model that goes on from another, that one's; it is known when that is found.</summary>
    public required ModelConfig Shape { get; init; }

    /// <summary>As written: the model whose weights it begins with; null: random ones.</summary>
    public string? From { get; init; }

    /// <summary>Layers on top of that model's own.</summary>
    public int AddedLayers { get; init; }

    /// <summary>
    /// The most times that the layers are passed with the same weights; each step passes them a random number of times, up to this.
    /// </summary>
    public int Loops { get; init; } = 1;

    /// <summary>The folder is a llama of so many passes; 0: one of our own, passed <see cref="Loops"/> times.</summary>
    public int UnrolledAt { get; init; }

    public bool IsLooped => Loops > 1;

    /// <summary>Coefficient of the loss that balances experts; 0 in a dense model.</summary>
    public double BalanceLoss { get; init; }

    /// <summary>The most tokens that pass the model, padding among them: there are as many steps as whole batches in it.</summary>
    public required long Tokens { get; init; }

    /// <summary>The most tokens of a step, padding among them.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>The highest.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Steps in which it rises to that.</summary>
    public required int Warmup { get; init; }

    /// <summary>The share of all steps, at the end, in which it falls to zero.</summary>
    public required double Decay { get; init; }

    public required AdamWSettings Optimizer { get; init; }

    public required LossPart Loss { get; init; }

    /// <summary>Of its first weights and of its data.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The most tokens of the texts on which the loss is validated, padding among them.</summary>
    public required int ValidationTokens { get; init; }

    /// <summary>Steps from one row of training.csv to the next.</summary>
    public required int LogEvery { get; init; }

    /// <summary>Steps from one validation to the next; the last step has one too.</summary>
    public required int ValidateEvery { get; init; }

    /// <summary>Whether its folder is written beside the manifest, for other experiments to build on.</summary>
    public required bool IsCommitted { get; init; }

    /// <summary>What it learns from, in the manifest's order; at least one.</summary>
    public required IReadOnlyList<DataManifest> Data { get; init; }

    /// <summary>What it learns to judge, where it is a reward model; null where it learns to write.</summary>
    public RewardForm? Judges => Data.Count > 0 ? Data[0].Labelling?.Form : null;

    /// <summary>Where the manifest names it.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Stands for the shape of a model that goes on from another.</summary>
    internal static ModelConfig ShapeToCome { get; } = ShapeText.Parse("d=1;layers=1;heads=1;kv=1;head=2;ffn=1;context=2;tied=1");

    /// <summary>Why a step holds no sequence as long as the context; null where it does.</summary>
    internal string? ShortBatch => BatchTokens > Shape.ContextLength ? null
        : $"BatchTokens is {BatchTokens}: a sequence may have one more than the context, {Shape.ContextLength}";

    /// <summary>The shape that passes of the layers come to.</summary>
    public ModelConfig ShapeOf(int loops) => Shape with { Layers = Shape.Layers * loops };

    /// <summary>Times that a step passes the layers, each number alike.</summary>
    /// <param name="step">1-based.</param>
    public int LoopsOf(long step) =>
        Loops == 1 ? 1 : 1 + new ProblemRandom(Seed, 0, (int)step, RandomPurpose.TrainingLoops).Below(Loops);

    public long Steps => Tokens / BatchTokens;

    /// <summary>Steps that it shares with a schedule that differs only in its budget and its fall.</summary>
    public long StepsBeforeFall => Math.Min(Steps - Schedule.DecaySteps, Steps - 1);

    public WarmupStableDecay Schedule => WarmupStableDecay.WithShare(LearningRate, Steps, Warmup, Decay);
}
