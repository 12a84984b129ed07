namespace Harness.Training;

/// <summary>How far a model's training is.</summary>
/// <param name="Steps">Done.</param>
/// <param name="Total">Of the schedule.</param>
/// <param name="Loss">Of the last step; NaN before the first.</param>
/// <param name="Tokens">That passed since this run began, without padding.</param>
/// <param name="Begun">Steps that were done when this run began.</param>
public readonly record struct TrainingStatus(string Model, long Steps, long Total, double Loss, long Tokens, long Begun);
