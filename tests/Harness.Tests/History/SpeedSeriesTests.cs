using Harness.History;
using Harness.Records;
using Harness.Tests.Comparison.Fakes;
using Harness.Tests.Measurement.Fakes;

namespace Harness.Tests.History;

/// <summary>Speeds over commits: only spreads that do not overlap, of one setting on one machine, are a step.</summary>
sealed class SpeedSeriesTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("greedy", "1"));

    static ResultHistory History(params (string Machine, ThroughputRow[] Rows)[] commits)
    {
        using ScratchRepository repository = new();
        foreach ((string machine, ThroughputRow[] rows) in commits)
            repository.Commit(Demo with { Machines = new Dictionary<string, ThroughputRow[]> { [machine] = rows } });
        return ResultHistory.Of("demo", new HistorySelection { Metrics = [HistoryMetric.TokensPerSecond] }, repository.Root);
    }

    [Test]
    public void Only_spreads_that_do_not_overlap_are_a_step()
    {
        // Above, overlapping though each median lies outside the other spread, below.
        SpeedSeries series = History(
            ("m", [ThroughputRows.Of(1, 100, 95, 105)]), ("m", [ThroughputRows.Of(1, 110, 106, 120)]),
            ("m", [ThroughputRows.Of(1, 125, 115, 130)]),
            ("m", [ThroughputRows.Of(1, 50, 40, 114)])).Speeds.Single();
        Assert.That(series.Points.Select(point => point.IsStep), Is.EqualTo(new[] { false, true, false, true }));
        Assert.That(series.Points.Select(point => point.Ratio), Is.EqualTo(new double?[] { null, 1.1, 125 / 110.0, 0.4 }).Within(1e-12));
    }

    [Test]
    public void Another_machine_or_setting_is_another_series()
    {
        ResultHistory history = History(
            ("one", [ThroughputRows.Of(1, 100, 95, 105)]), ("two", [ThroughputRows.Of(1, 200, 195, 205)]),
            ("two", [ThroughputRows.Of(4, 900, 850, 950)]));
        Assert.That(history.Speeds.Select(series => (series.Machine, series.Points.Count)),
            Is.EqualTo(new[] { ("one", 1), ("two", 1), ("two", 1) }));
        Assert.That(history.Speeds.SelectMany(series => series.Points).Select(point => point.IsStep), Has.All.False);
        Assert.That(history.Estimates, Is.Empty);
    }

    [Test]
    public void The_same_measurement_in_another_file_is_no_new_point()
    {
        ResultHistory history = History(
            ("m", [ThroughputRows.Of(1, 100, 95, 105)]), ("m", [ThroughputRows.Of(1, 100, 95, 105), ThroughputRows.Of(4, 300, 200, 310)]),
            ("m", [ThroughputRows.Of(1, 100, 95, 105) with { JoulesPerToken = 2 }]));
        Assert.That(history.Points, Has.Count.EqualTo(3));
        Assert.That(history.Speeds.ToDictionary(series => series.Setting.Split(", ")[1], series => series.Points.Count),
            Is.EqualTo(new Dictionary<string, int> { ["batch 1"] = 1, ["batch 4"] = 1 }));
    }

    [Test]
    public void A_measurement_without_energy_of_earlier_versions_is_read()
    {
        using ScratchRepository repository = new();
        repository.Commit(Demo with
        {
            Machines = new Dictionary<string, ThroughputRow[]> { ["m"] = [ThroughputRows.Of(1, 100, 95, 105)] },
            Text = (file, text) => file.EndsWith("throughput.csv") ? text.Replace(",joules_per_token", "").Replace(",\n", "\n") : text,
        });
        ResultHistory history = ResultHistory.Of("demo", new HistorySelection(), repository.Root);
        Assert.That(history.Points.Single().Refusal, Is.Empty);
        Assert.That(history.Speeds.Single().Points.Single().Row.JoulesPerToken, Is.Null);
    }
}
