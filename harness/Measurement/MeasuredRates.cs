using System.Text.Json;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Measurement;

/// <summary>One rate of a file of measurements.</summary>
/// <param name="Setting">In words, all that decides the rate. Rates with equal settings can be compared.</param>
public sealed record MeasuredRate(string Setting, double TokensPerSecond);

/// <summary>Reads the files that hold rates: throughput.csv, and what `harness bench --json` writes.</summary>
public static class MeasuredRates
{
    static readonly JsonSerializerOptions Reading =
        new(JsonStyle.Indented) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    /// <exception cref="HarnessException"><see cref="Codes.ResultsMissing"/>; <see cref="Codes.ResultsCorrupt"/> where it is neither, or
    /// holds two rates of one setting.</exception>
    public static IReadOnlyList<MeasuredRate> Read(string path)
    {
        IReadOnlyList<MeasuredRate> rates = IsJson(path)
            ? [.. ReadBenchmark(path)]
            : [.. ThroughputTable.Csv.Read(path).Select(row => new MeasuredRate(SettingOf(row), row.TokensPerSecond))];
        string? twice = rates.GroupBy(rate => rate.Setting).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? rates : throw Codes.ResultsCorrupt.With($"two rates of one setting: {twice}", path);
    }

    static bool IsJson(string path)
    {
        if (!File.Exists(path))
            return false;
        using StreamReader text = Storage.Reading(path, () => File.OpenText(path));
        while (char.IsWhiteSpace((char)Math.Max(text.Peek(), 0)))
            text.Read();
        return text.Peek() is '{' or '[';
    }

    static IEnumerable<MeasuredRate> ReadBenchmark(string path)
    {
        BenchmarkReport? report;
        try
        {
            report = JsonSerializer.Deserialize<BenchmarkReport>(Storage.Reading(path, () => File.ReadAllBytes(path)), Reading);
        }
        catch (JsonException bad)
        {
            throw Codes.ResultsCorrupt.With(
                "not what `harness bench --json` writes",
                path, (int)(bad.LineNumber ?? 0) + 1, (int)(bad.BytePositionInLine ?? 0) + 1, bad);
        }
        return report!.Rows.Where(row => row.Unit == "tokens/s").Select(row => new MeasuredRate(
            $"{report.Model} {report.Precision} {report.Device} {report.Isa} {report.Threads} threads, {row.Work}, "
            + $"{report.PromptTokens} + {report.TokensPerSample} tokens", row.Median));
    }

    /// <summary>In words, all that decides the rate of a row.</summary>
    public static string SettingOf(ThroughputRow row) =>
        $"{row.Precision} {row.Device} {row.Isa} {row.Threads} threads, batch {row.Batch}, "
        + $"{row.PromptTokens} + {CsvFields.Write(row.TokensPerSample)} tokens";
}
