using Harness.Comparison;
using Harness.Records;
using Harness.Tests.Comparison.Fakes;
using Harness.Tests.Measurement.Fakes;

namespace Harness.Tests.Comparison;

sealed class ThroughputMoveTests
{

    static IReadOnlyList<ThroughputMove> Moves(
        IReadOnlyDictionary<string, ThroughputRow[]> before, IReadOnlyDictionary<string, ThroughputRow[]> after)
    {
        using ScratchRepository repository = new();
        ResultFiles demo = ResultFiles.Of("demo", ("greedy", "1"));
        string first = repository.Commit(demo with { Machines = before });
        return Compared.Of(repository.Root, first, repository.Commit(demo with { Machines = after })).Experiments.Single().Throughput;
    }

    static Dictionary<string, ThroughputRow[]> On(string machine, params ThroughputRow[] rows) => new() { [machine] = rows };

    [Test]
    public void Medians_of_the_same_setting_are_divided()
    {
        IReadOnlyList<ThroughputMove> moves = Moves(
            On("m", ThroughputRows.Of(1, 100, 95, 105), ThroughputRows.Of(4, 300, 200, 310), ThroughputRows.Of(8, 1, 1, 1)),
            On("m", ThroughputRows.Of(4, 330, 190, 340), ThroughputRows.Of(1, 110, 106, 112), ThroughputRows.Of(16, 1, 1, 1)));
        Assert.That(moves.Select(move => (move.Machine, move.Setting)), Is.EqualTo(new[]
        {
            ("m", "w8a8 cpu avx2 2 threads, batch 1, 9 + 16 tokens"), ("m", "w8a8 cpu avx2 2 threads, batch 4, 9 + 16 tokens"),
        }));
        Assert.That(moves.Select(move => move.Ratio), Is.EqualTo(new[] { 1.1, 1.1 }).Within(1e-12));
        Assert.That(moves.Select(move => move.IsOutsideBothSpreads), Is.EqualTo(new[] { true, false }));
    }

    [TestCase(106, 104, 108, true), TestCase(106, 99, 108, false), TestCase(105, 104, 108, false), TestCase(94, 93, 99, true)]
    [TestCase(94, 93, 100, false)]
    public void Each_median_must_lie_outside_of_the_other_s_spread(double median, double low, double high, bool expected) => Assert.That(
        Moves(On("m", ThroughputRows.Of(1, 100, 95, 105)), On("m", ThroughputRows.Of(1, median, low, high))).Single()
            .IsOutsideBothSpreads, Is.EqualTo(expected));

    [Test]
    public void Nothing_is_said_of_other_machines_or_of_what_was_not_measured_again()
    {
        Assert.That(Moves(On("m", ThroughputRows.Of(1, 100, 95, 105)), On("other", ThroughputRows.Of(1, 200, 195, 205))), Is.Empty);
        Assert.That(Moves(On("m", ThroughputRows.Of(1, 100, 95, 105)), On("m", ThroughputRows.Of(1, 100, 95, 105))), Is.Empty);
    }
}
