using Harness.Statistics;

namespace Harness.Tests.Statistics;

[TestFixture]
sealed class RatioBootstrapTests
{
    /// <summary>Where every problem has as many samples it is the mean of their shares.</summary>
    [Test]
    public void Of_equal_problems_it_is_the_mean_of_shares()
    {
        int[] counts = [0, 1, 2, 3, 4, 4, 1, 0];
        ProblemDraws draws = new(new int[counts.Length], 5);
        ResampledMean ratio = RatioBootstrap.Of(counts, [.. counts.Select(_ => 4)], draws, 500);
        Assert.That(ratio.Estimate, Is.EqualTo(15.0 / 32).Within(1e-12));
        (double low, double high) = (ratio.Interval().Low, ratio.Interval().High);
        ResampledMean mean = AnchoredBootstrap.OfMeans(
            [[.. counts.Select(count => count / 4.0)]], draws, Anchors.Accuracy, 500)[0];
        // The anchors weigh one sample here and a problem there: the intervals are near, not the same.
        Assert.That(low, Is.EqualTo(mean.Interval().Low).Within(0.06));
        Assert.That(high, Is.EqualTo(mean.Interval().High).Within(0.06));
    }

    [Test]
    public void A_problem_with_more_samples_weighs_more_and_one_without_nothing()
    {
        ProblemDraws draws = new(new int[3], 5);
        Assert.That(RatioBootstrap.Of([9, 0, 0], [9, 1, 0], draws).Estimate, Is.EqualTo(0.9).Within(1e-12));
        Assert.That(RatioBootstrap.Of([0, 0, 0], [0, 0, 0], draws).Interval().Low, Is.NaN);
        Interval sure = RatioBootstrap.Of([4, 4, 4], [4, 4, 4], draws).Interval();
        Assert.That(sure.High, Is.EqualTo(1));
        Assert.That(sure.Low, Is.LessThan(1), "three problems that are all right prove no certainty");
    }
}
