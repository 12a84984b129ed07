using System.Text.Json;
using Harness.Statistics;
using Harness.Tests.Shared;

namespace Harness.Tests.Statistics;

public sealed class PassAtKTests
{
    [Test]
    public void Coverage_is_the_share_of_all_subsets([Range(1, 8)] int samples)
    {
        for (int correct = 0; correct <= samples; correct++)
        {
            for (int k = 1; k <= samples; k++)
            {
                double any = Subsets.MeanOver(samples, k, subset => subset.Any(i => i < correct) ? 1 : 0);
                Assert.That(PassAtK.Coverage(samples, correct, k), Is.EqualTo(any).Within(1e-14), $"c={correct} k={k}");
            }
        }
    }

    [Test]
    public void At_least_so_many_right_is_the_share_of_all_subsets([Range(1, 8)] int samples)
    {
        for (int correct = 0; correct <= samples; correct++)
        {
            for (int k = 1; k <= samples; k++)
            {
                for (int least = 1; least <= k; least++)
                {
                    double share = Subsets.MeanOver(samples, k, subset => subset.Count(i => i < correct) >= least ? 1 : 0);
                    Assert.That(
                        PassAtK.AtLeast(samples, correct, k, least), Is.EqualTo(share).Within(1e-14), $"c={correct} k={k} least={least}");
                }
            }
        }
    }

    [Test]
    public void All_of_many_samples_right_keeps_its_digits() =>
        Assert.That(PassAtK.AtLeast(1000, 990, 3, 3), Is.EqualTo(990.0 / 1000 * 989 / 999 * 988 / 998).Within(1e-15));

    [Test]
    public void Half_of_very_many_samples_right_is_even() =>
        Assert.That(PassAtK.AtLeast(20_000, 10_000, 9_999, 5_000), Is.EqualTo(0.5).Within(1e-12));

    [TestCase(0)]
    [TestCase(4)]
    public void A_share_outside_the_draws_is_refused(int least) =>
        Assert.That(() => PassAtK.AtLeast(9, 3, 3, least), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void More_draws_than_samples_are_undefined() => Assert.That(PassAtK.Coverage(4, 4, 5), Is.NaN);

    [TestCase(64, 0, 64, 0)]
    [TestCase(64, 64, 7, 1)]
    [TestCase(64, 1, 64, 1)]
    [TestCase(10_000, 1, 10_000, 1)]
    public void Certain_outcomes_are_exact(int samples, int correct, int k, double expected) =>
        Assert.That(PassAtK.Coverage(samples, correct, k), Is.EqualTo(expected));

    [Test]
    public void Many_samples_keep_their_digits() =>
        Assert.That(PassAtK.Coverage(10_000, 3, 100), Is.EqualTo(1 - 9900.0 / 10000 * 9899 / 9999 * 9898 / 9998).Within(1e-13));

    [TestCase(-1, 0, 1)]
    [TestCase(4, 5, 1)]
    [TestCase(4, 2, 0)]
    public void Impossible_counts_are_refused(int samples, int correct, int k) =>
        Assert.That(() => PassAtK.Coverage(samples, correct, k), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(1, 0.0403, 5e-5)]
    [TestCase(10, 0.2148, 5e-5)]
    [TestCase(50, 0.4068, 5e-5)]
    [TestCase(100, 0.49, 1e-12)]
    public void Reproduces_the_published_figures_of_the_recorded_pool(int k, double published, double rounding)
    {
        using JsonDocument pool = JsonDocument.Parse(File.ReadAllBytes(Repository.Data("data/game24/gpt4-cot-100x100.json")));
        JsonElement[] problems = [.. pool.RootElement.EnumerateArray().Select(problem => problem.GetProperty("infos"))];

        double coverage = Mean.Of([.. problems.Select(samples => PassAtK.Coverage(
            samples.GetArrayLength(), samples.EnumerateArray().Count(sample => sample.GetProperty("r").GetDouble() == 1), k))]);

        Assert.That(coverage, Is.EqualTo(published).Within(rounding));
    }
}
