using Harness.Records;

namespace Harness.Tests.Measurement.Fakes;

/// <summary>Rows of throughput.csv that differ in what tests look at.</summary>
static class ThroughputRows
{
    /// <summary>Tokens/s at a batch size, of runs that were all alike where no spread is given.</summary>
    public static ThroughputRow Of(int batch, double median, double? low = null, double? high = null) => new()
    {
        Precision = "w8a8",
        Device = "cpu",
        Isa = "avx2",
        Threads = 2,
        Batch = batch,
        PromptTokens = 9,
        TokensPerSample = 16,
        Runs = 5,
        TokensPerSecond = median,
        TokensPerSecondLow = low ?? median,
        TokensPerSecondHigh = high ?? median,
        SamplesPerSecond = median / 16,
        FlopsPerSecond = null,
        CeilingShare = null,
        JoulesPerToken = null,
    };
}
