using System.Globalization;
using Harness.Figures;
using Harness.Identity;
using Harness.Manifests;

namespace Harness.Results;

/// <summary>What an experiment's figures say beside its rows: title, model, and how each pool was asked.</summary>
static class FigureTitles
{
    public static FigureFacts Of(AnalysedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        string shape = experiment.Model.Shape is { } model
            ? $" ({model.Architecture}, {Number(model.Layers)} layers of width {Number(model.Width)})"
            : "";
        return new FigureFacts(
            manifest.Title,
            manifest.IsRecorded ? string.Join(", ", manifest.Pools.Select(pool => Path.GetFileName(pool.Recording!.Name)).Distinct())
                : $"{experiment.ModelName.Split('/')[^1]} at {ExperimentKey.PrecisionName(manifest.Precision)}{shape}",
            [.. manifest.Pools.Select(pool => new PoolFacts(
                pool.Name,
                pool.Task.Name,
                manifest.Pools.First(other => PoolAttributes.AreSame(other, pool, PoolRole.Asks)).Name,
                pool.Prompt,
                pool.Temperature,
                experiment.Pools[pool].Length))])
        {
            IsRecorded = manifest.IsRecorded,
        };
    }

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
