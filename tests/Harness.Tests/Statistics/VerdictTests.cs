using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class VerdictTests
{
    // R: p.adjust(c(.01, .04, .03, .005, .5), "holm")
    [Test]
    public void Holm_agrees_with_published_software() =>
        Assert.That(Holm.Adjust([0.01, 0.04, 0.03, 0.005, 0.5]), Is.EqualTo(new[] { 0.04, 0.09, 0.09, 0.025, 0.5 }).Within(1e-15));

    [Test]
    public void Holm_never_exceeds_one_nor_counts_what_is_undefined()
    {
        Assert.That(Holm.Adjust([0.6, double.NaN, 0.02]), Is.EqualTo(new[] { 0.6, double.NaN, 0.04 }).Within(1e-15));
        Assert.That(Holm.Adjust([0.9, 0.8]), Is.EqualTo(new[] { 1.0, 1.0 }));
        Assert.That(Holm.Adjust([]), Is.Empty);
    }

    static PairedDifference Difference(double low95, double low90, double high90, double high95, double p) =>
        new((low90 + high90) / 2, new(low95, high95), new(low90, high90), 0.01, 100, p, PairedDifference.PermutationTest);

    [TestCase(-0.03, -0.02, 0.02, 0.03, 0.7, 0.7, 0.02, Verdict.Same, null)]
    [TestCase(-0.03, -0.02, 0.02, 0.03, 0.7, 0.7, 0.019, Verdict.CannotTell, null)]
    [TestCase(-0.03, -0.02, 0.02, 0.03, 0.7, 0.7, 0, Verdict.CannotTell, null)]
    [TestCase(0.1, 0.11, 0.19, 0.2, 0.001, 0.05, 0.02, Verdict.Changed, null)]
    [TestCase(-0.01, 0.01, 0.19, 0.2, 0.01, 0.02, 0.02, Verdict.Changed, "the test rejects equality, but the interval reaches 0")]
    [TestCase(0.001, 0.002, 0.01, 0.015, 0.01, 0.02, 0.02, Verdict.Changed, "smaller than the margin")]
    [TestCase(0.001, 0.002, 0.01, 0.015, 0.01, 0.2, 0.02, Verdict.Same, "the interval excludes 0")]
    [TestCase(0.01, 0.02, 0.1, 0.15, 0.01, 0.06, 0.02, Verdict.CannotTell, "not after its adjustment")]
    [TestCase(0.01, 0.02, 0.1, 0.15, 0.06, 0.06, 0.02, Verdict.CannotTell, "close to their limits")]
    [TestCase(double.NaN, double.NaN, double.NaN, double.NaN, 1, 1, 0.02, Verdict.CannotTell, null)]
    public void Test_margin_and_interval_decide_and_a_reason_says_where_they_disagree(
        double low95, double low90, double high90, double high95, double p, double adjusted, double margin, Verdict verdict, string? reason)
    {
        ReasonedVerdict result = ReasonedVerdict.Of(false, Difference(low95, low90, high90, high95, p), adjusted, margin);

        Assert.That(result.Verdict, Is.EqualTo(verdict));
        Assert.That(result.Reason, reason is null ? Is.Null : Does.Contain(reason));
    }

    [Test]
    public void What_is_identical_needs_no_statistics() =>
        Assert.That(
            ReasonedVerdict.Of(true, Difference(0.1, 0.1, 0.2, 0.2, 0.001), 0.001, 0),
            Is.EqualTo(new ReasonedVerdict(Verdict.Identical, null)));
}
