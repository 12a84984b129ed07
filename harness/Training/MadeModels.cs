using Harness.Records;

namespace Harness.Training;

/// <summary>All that an experiment which makes models came to.</summary>
/// <param name="Models">In the manifest's order.</param>
/// <param name="Labels">Of the answers that reward models learnt to judge; none without such models.</param>
/// <param name="Judged">Answers to the evaluations that reward models judge, with their rewards.</param>
public sealed record MadeModels(IReadOnlyList<TrainedModel> Models, IReadOnlyList<LabelRow> Labels, SampleFiles Judged);
