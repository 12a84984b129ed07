using Harness.Measurement;
using Harness.Records;

namespace Harness.Tests.Measurement;

public sealed class ThroughputComparisonTests
{
    static ThroughputRow Row(int batch, double tokensPerSecond, string device = "cuda") => new()
    {
        Precision = "w8a8",
        Device = device,
        Isa = "sm_90",
        Threads = 1,
        Batch = batch,
        PromptTokens = 9,
        TokensPerSample = 16,
        Runs = 15,
        TokensPerSecond = tokensPerSecond,
        TokensPerSecondLow = tokensPerSecond,
        TokensPerSecondHigh = tokensPerSecond,
        SamplesPerSecond = tokensPerSecond / 16,
        FlopsPerSecond = 1e9,
        CeilingShare = null,
        JoulesPerToken = null,
    };

    [Test]
    public void Rows_of_equal_settings_are_compared_by_their_medians()
    {
        ThroughputComparison comparison = ThroughputComparison.Of([Row(1, 1000), Row(4, 2000), Row(16, 4000)], [Row(16, 5000), Row(1, 790), Row(4, 1600)]);
        Assert.That(comparison.Changes.Select(change => change.Ratio), Is.EqualTo(new[] { 0.79, 0.8, 1.25 }));
        Assert.That(comparison.Slower(0.8).Select(change => change.Before), Is.EqualTo(new[] { 1000.0 }));
        Assert.That(comparison.Unmatched, Is.Empty);
    }

    [Test]
    public void Settings_of_one_file_alone_are_named_and_not_slower()
    {
        ThroughputComparison comparison = ThroughputComparison.Of([Row(1, 1000), Row(4, 2000)], [Row(1, 1000, "cpu"), Row(4, 2000)]);
        Assert.That(comparison.Unmatched, Is.EqualTo(new[] { "w8a8 cuda sm_90 1 threads, batch 1, 9 + 16 tokens", "w8a8 cpu sm_90 1 threads, batch 1, 9 + 16 tokens" }));
        Assert.That(comparison.Slower(0.8), Is.Empty);
    }
}
