using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class AnchoredBootstrapTests
{
    static ResampledMean[] Of(double[][] vectors, int[]? difficulties = null, int resamples = AnchoredBootstrap.DefaultResamples) =>
        AnchoredBootstrap.OfMeans(vectors, new(difficulties ?? new int[vectors[0].Length], seed: 1), Anchors.Accuracy, resamples);

    [Test]
    public void Many_problems_agree_with_the_normal_approximation()
    {
        double[] values = [.. Enumerable.Range(0, 1000).Select(i => i % 10 < 3 ? 1.0 : 0)];

        Interval interval = AnchoredBootstrap.OfMean(values, seed: 1).Interval();

        double centre = 301 / 1002.0, half = 1.96 * Math.Sqrt(centre * (1 - centre) / 1002);
        Assert.That(interval.Low, Is.EqualTo(centre - half).Within(0.001));
        Assert.That(interval.High, Is.EqualTo(centre + half).Within(0.001));
    }

    /// <summary>All resamples of two problems and two anchors, counted: 4^4 of them.</summary>
    [Test]
    public void Few_problems_have_the_percentiles_of_all_resamples()
    {
        double[] values = [0.25, 0.5, 0, 1];
        double Mean(int i) => (values[i & 3] + values[i >> 2 & 3] + values[i >> 4 & 3] + values[i >> 6]) / 4;
        double[] all = [.. Enumerable.Range(0, 256).Select(Mean).Order()];

        Interval interval = AnchoredBootstrap.OfMean([0.25, 0.5], seed: 1, resamples: 100_000).Interval(0.8);

        Assert.That(interval, Is.EqualTo(new Interval(all[25], all[230])));
    }

    [Test]
    public void Where_all_are_right_the_interval_is_that_of_one_failure_and_one_more_success()
    {
        Interval interval = AnchoredBootstrap.OfMean([.. Enumerable.Repeat(1.0, 98)], seed: 1).Interval();

        // The number of failures drawn is Binomial(100, 1/100): P(at most 3) = .982, P(at most 2) = .921.
        Assert.That(interval, Is.EqualTo(new Interval(0.97, 1)));
    }

    [Test]
    public void The_interval_is_widened_to_its_estimate()
    {
        // The anchors draw the centre from 1 to 2/3.
        ResampledMean mean = AnchoredBootstrap.OfMean([1], seed: 1);
        Assert.That(mean.Interval(0.1).High, Is.EqualTo(1));
        Assert.That(mean.Interval(0.1).Low, Is.LessThan(0.7));
    }

    [Test]
    public void Levels_are_nested_and_of_the_same_resamples()
    {
        ResampledMean mean = AnchoredBootstrap.OfMean([.. Enumerable.Range(0, 40).Select(i => i / 39.0)], seed: 1);
        Interval wide = mean.Interval(0.95), narrow = mean.Interval(0.9);
        Assert.That((wide.Low < narrow.Low, narrow.High < wide.High), Is.EqualTo((true, true)));
    }

    [Test]
    public void Is_a_function_of_its_seed()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => i * i % 49 / 49.0)];
        Interval first = AnchoredBootstrap.OfMean(values, 5).Interval();
        Assert.That(AnchoredBootstrap.OfMean(values, 5).Interval(), Is.EqualTo(first));
        Assert.That(AnchoredBootstrap.OfMean(values, 6).Interval(), Is.Not.EqualTo(first));
    }

    [Test]
    public void Bits_are_those_of_every_machine()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => i * i % 97 / 96.0)];
        int[] difficulties = [.. Enumerable.Range(0, 100).Select(i => i % 3)];

        Interval plain = Of([values])[0].Interval(), stratified = Of([values], difficulties)[0].Interval();

        Assert.That((plain.Low, plain.High), Is.EqualTo((0.42371323529411764, 0.54932598039215652)));
        Assert.That((stratified.Low, stratified.High), Is.EqualTo((0.4237106821895425, 0.54963235294117652)));
    }

    [Test]
    public void Vectors_together_have_the_intervals_that_they_have_alone([Range(1, 9)] int count)
    {
        double[][] vectors = [.. Enumerable.Range(1, count).Select(v => Enumerable.Range(0, 30).Select(i => i * v % 29 / 29.0).ToArray())];
        int[] difficulties = [.. Enumerable.Range(0, 30).Select(i => i % 4)];

        Interval[] together = [.. Of(vectors, difficulties, resamples: 500).Select(mean => mean.Interval())];

        Assert.That(together, Is.EqualTo(vectors.Select(vector => Of([vector], difficulties, resamples: 500)[0].Interval())));
    }

    [Test]
    public void A_difficulty_that_never_varies_adds_no_width()
    {
        double[] values = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 1.0 : i % 3 == 1 ? 0.5 : 0)];
        int[] difficulties = [.. Enumerable.Range(0, 300).Select(i => i % 3)];

        Interval plain = Of([values])[0].Interval(), stratified = Of([values], difficulties)[0].Interval();

        Assert.That(plain.High - plain.Low, Is.EqualTo(2 * 1.96 * Math.Sqrt(1 / 6.0 / 300)).Within(0.004));
        Assert.That(stratified.High - stratified.Low, Is.InRange(0.01, 0.02), "the anchors and the two free draws alone");
    }

    [Test]
    public void A_value_that_is_undefined_makes_its_own_interval_so_and_no_other()
    {
        ResampledMean[] means = Of([[1, double.NaN, 0], [1, 0, 0]]);
        Assert.That(means[0].Interval(), Is.EqualTo(Interval.Undefined));
        Assert.That(means[1].Interval(), Is.EqualTo(AnchoredBootstrap.OfMean([1, 0, 0], 1).Interval()));
        Assert.That(AnchoredBootstrap.OfMean([], 1).Interval(), Is.EqualTo(Interval.Undefined));
    }
}
