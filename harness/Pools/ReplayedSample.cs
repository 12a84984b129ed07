using Harness.Records;
using Harness.Samples;

namespace Harness.Pools;

/// <summary>A sample of a recorded pool.</summary>
/// <param name="Row">As samples.csv has it.</param>
/// <param name="Text">Null where the recording has none.</param>
public sealed record ReplayedSample(SampleRow Row, Problem Problem, string? Text);
