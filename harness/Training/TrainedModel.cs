using Harness.Kernels.Configuration;
using Harness.Records;

namespace Harness.Training;

/// <summary>A model that was trained, and how.</summary>
/// <param name="Name">As its manifest has it.</param>
/// <param name="Rows">Of training.csv.</param>
/// <param name="Validation">Of validation.csv.</param>
/// <param name="Evaluations">Of evaluations.csv; none where it was stopped early.</param>
/// <param name="Files">Of its folder, by name; empty where the training was stopped early.</param>
public sealed record TrainedModel(
    string Name, ModelConfig Shape, IReadOnlyList<TrainingRow> Rows, IReadOnlyList<ValidationRow> Validation,
    IReadOnlyList<EvaluationRow> Evaluations, IReadOnlyList<(string Name, byte[] Content)> Files);
