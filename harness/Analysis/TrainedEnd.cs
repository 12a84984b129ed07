using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;

namespace Harness.Analysis;

/// <summary>What a model's training came to: a point of the laws of losses.</summary>
/// <param name="Model">As the manifest has it.</param>
/// <param name="Last">Of its rows of training.csv.</param>
/// <param name="Losses">At its last step, by the name of data, and over all; nats a token.</param>
/// <param name="Coverages">By the name of an evaluation, the coverage (pass@k) of some k over all its problems.</param>
public sealed record TrainedEnd(
    TrainManifest Model, TrainingRow Last, IReadOnlyDictionary<string, double> Losses,
    IReadOnlyDictionary<string, IReadOnlyList<(int K, double Coverage)>> Coverages)
{
    /// <param name="rows">Of training.csv, of this model.</param>
    /// <param name="validation">Of validation.csv, of this model.</param>
    /// <param name="evaluations">Of evaluations.csv, of this model.</param>
    public static TrainedEnd Of(
        TrainManifest model, IReadOnlyList<TrainingRow> rows, IReadOnlyList<ValidationRow> validation,
        IReadOnlyList<EvaluationRow> evaluations)
    {
        TrainingRow last = rows[^1];
        Dictionary<string, double> losses =
            validation.Where(row => row.Step == last.Step).ToDictionary(row => row.Data, row => row.Loss, StringComparer.Ordinal);
        losses[EntropyRow.AllData] = last.ValidationLoss ?? double.NaN;
        return new TrainedEnd(model, last, losses, evaluations.GroupBy(row => row.Evaluation).ToDictionary(
            group => group.Key, group => CoveragesOf([.. group.Where(row => row.Loops == LoopsOf(model, group))]),
            StringComparer.Ordinal));
    }

    /// <summary>As many passes as it was trained for, else the most that it is asked at.</summary>
    static int LoopsOf(TrainManifest model, IEnumerable<EvaluationRow> rows) =>
        rows.Any(row => row.Loops == model.Loops) ? model.Loops : rows.Max(row => row.Loops);

    /// <summary>At 1, 2, 4 and so on, and all samples.</summary>
    static IReadOnlyList<(int, double)> CoveragesOf(EvaluationRow[] problems) =>
        [.. ModelAccuracy.CountsOf(problems.Min(row => row.Samples)).Select(k =>
            (k, Mean.Of([.. problems.Select(row => PassAtK.Coverage(row.Samples, row.Correct, k))])))];

    /// <summary>Of a mixture of experts, those that a token passes.</summary>
    public double Parameters(ModelSize size) =>
        TrainingFlops.Parameters(Model.Shape, embedding: size == ModelSize.All, active: true);

    public double Flops(ModelSize size) => size == ModelSize.All ? Last.Flops : Last.FlopsWithoutHead;

    /// <summary>Without padding.</summary>
    public double Tokens => Last.Tokens;
}
