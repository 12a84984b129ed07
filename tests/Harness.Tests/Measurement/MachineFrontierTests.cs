using Harness.Measurement;
using Harness.Records;
using Harness.Tests.Measurement.Fakes;

namespace Harness.Tests.Measurement;

sealed class MachineFrontierTests
{
    static FrontierRow Row(string unit) => new()
    {
        Problems = "sums",
        Unit = unit,
        Scope = FrontierRow.OverAll,
        Bin = FrontierRow.OverAll,
        Budget = 300,
        Pool = "sums",
        Strategy = "majority-vote",
        Multiplier = 8,
        Halves = "",
        Judged = 10,
        Accuracy = 0.5,
        CiLow = 0.3,
        CiHigh = 0.7,
        Cost = 200,
        CostOfPass = 400,
    };

    [Test]
    public void Tokens_are_seconds_at_the_rate_of_the_largest_batch()
    {
        FrontierRow row = MachineFrontier.Of(
            [Row("flops"), Row("tokens")], [ThroughputRows.Of(64, 1000), ThroughputRows.Of(1, 10)]).Single();
        Assert.That((row.Unit, row.Budget, row.Cost, row.CostOfPass), Is.EqualTo(("seconds", 0.3, 0.2, 0.4)));
        Assert.That((row.Strategy, row.Multiplier, row.Accuracy), Is.EqualTo(("majority-vote", (int?)8, 0.5)));
    }

    [Test]
    public void A_meter_gives_joules_too()
    {
        IReadOnlyList<FrontierRow> rows = MachineFrontier.Of([Row("tokens")], [ThroughputRows.Of(64, 1000) with { JoulesPerToken = 0.5 }]);
        Assert.That(rows.Select(row => (row.Unit, row.Budget)), Is.EqualTo(new[] { ("seconds", 0.3), ("joules", 150) }));
    }

    [Test]
    public void Without_rates_or_tokens_there_is_none()
    {
        Assert.That(MachineFrontier.Of([Row("tokens")], []), Is.Empty);
        Assert.That(MachineFrontier.Of([Row("flops")], [ThroughputRows.Of(64, 1000)]), Is.Empty);
    }
}
