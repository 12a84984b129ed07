using System.Text.Json.Nodes;
using Harness.Figures;
using Harness.Manifests;
using Harness.Measurement;
using Harness.Results;

namespace Harness.Pages;

/// <summary>
/// The figures of an experiment's results, drawn from its committed rows with what run.json says for their titles: so every point has its
/// values, and no drawing of somebody else gets into a page.
/// </summary>
static class CommittedFigures
{
    /// <summary>Their names begin with the experiment's.</summary>
    public static IReadOnlyList<Figure> Of(CommittedExperiment experiment) =>
    [
        .. ExperimentFigures.Draw(experiment.Accuracy, FactsOf(experiment)).Select(figure => Named(experiment, figure, "")),
        .. new[] { ExperimentFigures.Frontier(experiment.Frontier, FactsOf(experiment)) }.OfType<Figure>()
            .Select(figure => Named(experiment, figure, "")),
        .. new[] { TrainingFigures.Loss(experiment.Title, experiment.Training, ModelsOf(experiment)) }.OfType<Figure>()
            .Select(figure => Named(experiment, figure, "")),
        .. new[] { VerifierResults.Figure(experiment.Title, experiment.Calibration) }.OfType<Figure>()
            .Select(figure => Named(experiment, figure, "")),
        .. EvaluationFigures.Draw(experiment.Title, experiment.ModelAccuracy)
            .Select(figure => Named(experiment, figure, "")),
        .. LossLawDrawing.Draw(experiment.Title, experiment.LossPoints, experiment.ModelLaws)
            .Select(figure => Named(experiment, figure, "")),
        .. experiment.Machines.Select(machine => MachineRecords.Plot(machine.Throughput, machine.Name) is { } figure
            ? Named(experiment, figure, $"{MachineRecords.Folder}/{machine.Name}/")
            : null).OfType<Figure>(),
    ];

    /// <summary>The pools of the manifest, and how each was asked.</summary>
    public static IEnumerable<(string Name, string Facts)> PoolsOf(CommittedExperiment experiment) =>
        FactsOf(experiment).Pools.Select(pool => (pool.Name, AccuracyPanels.FactsOf(pool)));

    static Figure Named(CommittedExperiment experiment, Figure figure, string folder) =>
        figure with { FileName = $"{experiment.Name}/{folder}{figure.FileName}" };

    static FigureFacts FactsOf(CommittedExperiment experiment) => new(
        experiment.Title, ModelOf(experiment), [.. experiment.Pools.Select(pool => FactsOf(experiment, pool))])
    {
        IsRecorded = experiment.IsRecorded,
    };

    /// <summary>What each model is that the experiment trains, by its name.</summary>
    static Dictionary<string, string> ModelsOf(CommittedExperiment experiment) => experiment.Trains.ToDictionary(
        train => Text(train, "name"), train => TrainingResults.Facts(ShapeText.Parse(Text(train, "shape"))));

    static string ModelOf(CommittedExperiment experiment)
    {
        if (experiment.IsRecorded)
            return string.Join(", ", experiment.Pools.Select(pool => Path.GetFileName(Text(pool, "recorded"))).Distinct());
        string shape = experiment.Run["model"] is JsonObject model && model["architecture"] is { } architecture
            ? $" ({architecture}, {model["layers"]} layers of width {model["width"]})"
            : "";
        return experiment.Manifest is { } manifest
            ? $"{Text(manifest, "model").Split('/')[^1]} at {Text(manifest, "precision")}{shape}"
            : "not known";
    }

    static PoolFacts FactsOf(CommittedExperiment experiment, JsonObject pool)
    {
        string name = Text(pool, "name");
        int problems = experiment.Accuracy.Where(row => row.Pool == name).Select(row => row.Problems).DefaultIfEmpty().Max();
        return new PoolFacts(
            name,
            Text(pool, "task"),
            Text(experiment.Pools.First(other => AsksTheSame(other, pool)), "name"),
            Text(pool, "prompt"),
            pool["temperature"] is JsonValue value && value.TryGetValue(out double temperature) ? temperature : double.NaN,
            pool["problems"] is JsonValue stated && stated.TryGetValue(out int number) ? number : problems);
    }

    static bool AsksTheSame(JsonObject first, JsonObject second) => PoolAttributes.All.Where(attribute => attribute.Role == PoolRole.Asks)
        .Select(attribute => attribute.KeyName!).Append("options").All(name => JsonNode.DeepEquals(first[name], second[name]));

    static string Text(JsonObject members, string name) => members[name] is JsonValue value ? value.ToString() : "";
}
