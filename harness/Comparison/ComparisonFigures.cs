using Harness.Figures;

namespace Harness.Comparison;

/// <summary>Overlays of accuracy against the multiplier, a figure for each experiment in which something moved.</summary>
public static class ComparisonFigures
{
    /// <summary>In the order of the experiments; none of one whose sides share no row.</summary>
    public static IReadOnlyList<Figure> Of(ResultComparison comparison) =>
    [
        .. comparison.Experiments.Where(experiment => experiment.Moved < MovedKind.Schema)
            .Select(experiment => ExperimentFigures.AccuracyCompared(
                FileName(experiment), experiment.Name, (comparison.Before, experiment.RowsBefore),
                (comparison.After, experiment.RowsAfter)))
            .OfType<Figure>(),
    ];

    public static string FileName(ExperimentComparison experiment) => $"{experiment.Name}.svg";
}
