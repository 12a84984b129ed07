using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using Harness.Pools;
using Harness.Records;

namespace Harness.Experiments;

/// <summary>Everything that a run will do, checked before it does any of it.</summary>
public sealed record ExperimentPlan
{
    public required ResolvedExperiment Experiment { get; init; }

    /// <summary>What analyses need of the model.</summary>
    public required ModelRecord Model { get; init; }

    /// <summary>In the manifest's order.</summary>
    public required IReadOnlyList<PlannedPool> Pools { get; init; }

    public long Samples => Pools.Sum(pool => pool.Samples);

    /// <summary>Upper bound: no sample stops early.</summary>
    public long Tokens => Pools.Sum(pool => pool.Samples * pool.Decoding.MaxTokens);

    /// <summary>Upper bound of logical operations; a problem's prompt counts once. Null where the model's shape is unknown.</summary>
    public double? Flops => Model.Shape is not { } shape ? null : Pools.Sum(pool => pool.Prompts.Sum(prompt =>
        ModelFlops.Prompt(shape, prompt.Tokens.Length)
        + (double)pool.Manifest.Samples * ModelFlops.Generation(shape, prompt.Tokens.Length, pool.Decoding.MaxTokens)));

    /// <summary>Bytes of weights as the precision stores them; null where the model's shape is unknown.</summary>
    public double? WeightBytes => Model.Shape is not { } shape
        ? null
        : (ModelFlops.BodyWeights(shape) + (shape.TiedEmbedding ? 1 : 2) * (double)ModelFlops.HeadMultiplyAdds(shape)) * BytesPerValue;

    /// <summary>Bytes of keys and values of the longest sample, prompt included; null where the model's shape is unknown.</summary>
    public double? SampleBytes => Model.Shape is not { } shape
        ? null
        : Pools.Max(pool => pool.Prompts.Max(prompt => prompt.Tokens.Length) + pool.Decoding.MaxTokens)
            * 2.0 * shape.Layers
            * (shape.KvWidth * BytesPerValue + (Experiment.Manifest.Precision == Precision.W8A8 ? 4.0 * shape.KvHeads : 0));

    int BytesPerValue => Experiment.Manifest.Precision.WeightBytes();

    /// <exception cref="HarnessException">A prompt that does not fit, or a model that can't be asked.</exception>
    /// <param name="judges">Shapes of reward models, as of <see cref="ModelRecord.Judges"/>.</param>
    public static ExperimentPlan Create(
        ResolvedExperiment experiment, IEngineModel model, IReadOnlyDictionary<string, ModelConfig>? judges = null) => new()
        {
            Experiment = experiment,
            Model = new ModelRecord(model.Shape, model.ContextLength, model.Text is { HasChat: true })
            {
                Judges = judges ?? new Dictionary<string, ModelConfig>(),
            },
            Pools = [.. experiment.Manifest.Pools.Select((_, index) => PlannedPool.Create(experiment, index, model))],
        };
}
