using Harness.Records;

namespace Harness.Comparison;

/// <summary>One sample as both sides have it.</summary>
public readonly record struct MovedSample(SampleRow Before, SampleRow After);
