using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;
using Harness.Tests.Measurement.Fakes;

namespace Harness.Tests.Measurement;

public sealed class ThroughputComparisonTests
{
    static ThroughputRow Row(int batch, double tokensPerSecond, string device = "cuda") =>
        ThroughputRows.Of(batch, tokensPerSecond) with { Device = device, Isa = "sm_90", Threads = 1 };

    static BenchmarkReport Bench(params (int Samples, double Rate)[] rates) => new(
        "tiny", "w8a8", "cpu", "avx512", 2, 128, 17, 5,
        [
            new BenchmarkRow("ceiling", null, "int8 operations/s", 1e11, 1e11, 1e11, null, null, null),
            .. rates.Select(rate => new BenchmarkRow(
                $"decode, {rate.Samples} samples", rate.Samples, "tokens/s", rate.Rate, rate.Rate, rate.Rate, null, null, null)),
        ]);

    [Test]
    public void Rows_of_equal_settings_are_compared_by_their_medians()
    {
        ThroughputComparison comparison = Compare([Row(1, 1000), Row(4, 2000), Row(16, 4000)], [Row(16, 5000), Row(1, 790), Row(4, 1600)]);
        Assert.That(comparison.Changes.Select(change => change.Ratio), Is.EqualTo(new[] { 0.79, 0.8, 1.25 }));
        Assert.That(comparison.Slower(0.8).Select(change => change.Before), Is.EqualTo(new[] { 1000.0 }));
        Assert.That(comparison.Unmatched, Is.Empty);
    }

    [Test]
    public void Settings_of_one_file_alone_are_named_and_not_slower()
    {
        ThroughputComparison comparison = Compare([Row(1, 1000), Row(4, 2000)], [Row(1, 1000, "cpu"), Row(4, 2000)]);
        Assert.That(
            comparison.Unmatched,
            Is.EqualTo(new[] { "w8a8 cuda sm_90 1 threads, batch 1, 9 + 16 tokens", "w8a8 cpu sm_90 1 threads, batch 1, 9 + 16 tokens" }));
        Assert.That(comparison.Slower(0.8), Is.Empty);
    }

    [Test]
    public void Rates_of_a_benchmark_are_read_from_its_JSON()
    {
        IReadOnlyList<MeasuredRate> rates = Read(JsonStyle.Write(Bench((1, 150), (64, 940))), "bench.json");
        Assert.That(rates, Is.EqualTo(new[]
        {
            new MeasuredRate("tiny w8a8 cpu avx512 2 threads, decode, 1 samples, 128 + 17 tokens", 150),
            new MeasuredRate("tiny w8a8 cpu avx512 2 threads, decode, 64 samples, 128 + 17 tokens", 940),
        }));
    }

    [TestCase("[{\"Work\": \"ceiling\"}]"), TestCase("{\"model\": \"tiny\"}"), TestCase("{")]
    public void Other_JSON_is_refused_at_its_place(string json)
    {
        HarnessException refused = Assert.Throws<HarnessException>(() => Read(json, "other.json"))!;
        Assert.That((refused.Diagnostic, refused.Line), Is.EqualTo((Codes.ResultsCorrupt, 1)));
    }

    [Test]
    public void Two_rates_of_one_setting_are_refused() =>
        Assert.That(
            () => Read(JsonStyle.Write(Bench((1, 150), (1, 151))), "twice.json"),
            Throws.InstanceOf<HarnessException>().With.Message.Contains("two rates"));

    static ThroughputComparison Compare(ThroughputRow[] before, ThroughputRow[] after) =>
        ThroughputComparison.Of(Rates(before), Rates(after));

    static IReadOnlyList<MeasuredRate> Rates(ThroughputRow[] rows) =>
        Read(System.Text.Encoding.UTF8.GetString(ThroughputTable.Csv.Write(rows)), "throughput.csv");

    static IReadOnlyList<MeasuredRate> Read(string content, string name)
    {
        string folder = Directory.CreateTempSubdirectory("harness-").FullName;
        try
        {
            string path = Path.Combine(folder, name);
            File.WriteAllText(path, content);
            return MeasuredRates.Read(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
