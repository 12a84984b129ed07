using Harness.Records;

namespace Harness.Pages;

/// <param name="Text">Null where this machine does not have it.</param>
sealed record BrowsedSample(SampleRow Row, string? Text);
