using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Pools;

namespace Harness.Experiments;

/// <summary>Everything that a run will do, checked before it does any of it.</summary>
public sealed record ExperimentPlan
{
    public required ResolvedExperiment Experiment { get; init; }

    public required ModelConfig Model { get; init; }

    /// <summary>In the manifest's order.</summary>
    public required IReadOnlyList<PlannedPool> Pools { get; init; }

    public long Samples => Pools.Sum(pool => pool.Samples);

    /// <summary>Upper bound: no sample stops early.</summary>
    public long Tokens => Pools.Sum(pool => pool.Samples * pool.Decoding.MaxTokens);

    /// <summary>Upper bound of logical operations; a problem's prompt counts once.</summary>
    public double Flops => Pools.Sum(pool => pool.Prompts.Sum(prompt =>
        ModelFlops.Prompt(Model, prompt.Tokens.Length)
        + (double)pool.Manifest.Samples * ModelFlops.Generation(Model, prompt.Tokens.Length, pool.Decoding.MaxTokens)));

    /// <summary>Bytes of weights as the precision stores them.</summary>
    public double WeightBytes
    {
        get
        {
            double parameters =
                ModelFlops.BodyMultiplyAdds(Model) + (Model.TiedEmbedding ? 1 : 2) * (double)ModelFlops.HeadMultiplyAdds(Model);
            return parameters * BytesPerValue;
        }
    }

    /// <summary>Bytes of keys and values of the longest sample, prompt included.</summary>
    public double SampleBytes => Pools.Max(pool => pool.Prompts.Max(prompt => prompt.Tokens.Length) + pool.Decoding.MaxTokens)
        * 2.0 * Model.Layers
            * (Model.KvWidth * BytesPerValue + (Experiment.Manifest.Precision == Precision.W8A8 ? 4.0 * Model.KvHeads : 0));

    int BytesPerValue => Experiment.Manifest.Precision.WeightBytes();

    public static ExperimentPlan Create(ResolvedExperiment experiment, Checkpoint model) => new()
    {
        Experiment = experiment,
        Model = model.Config,
        Pools = [.. experiment.Manifest.Pools.Select((_, index) => PlannedPool.Create(experiment, index, model))],
    };
}
