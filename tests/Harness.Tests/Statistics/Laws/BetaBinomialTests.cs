using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

public sealed class BetaBinomialTests
{
    [Test]
    public void Coverage_is_the_expectation_over_the_beta_law([Values(1, 5, 200)] int k)
    {
        // The mean of 1 - (1 - p)^k over Beta(2, 3), whose density is 12 p (1 - p)^2.
        double sum = 0;
        const int Steps = 200_000;
        for (int i = 0; i < Steps; i++)
        {
            double p = (i + 0.5) / Steps;
            sum += 12 * p * (1 - p) * (1 - p) * (1 - Math.Pow(1 - p, k)) / Steps;
        }
        Assert.That(BetaBinomialLaw.Coverage([2, 3], k), Is.EqualTo(sum).Within(1e-8));
        Assert.That(BetaBinomialLaw.Coverage([2, 3, 0.25], k), Is.EqualTo(0.75 * sum).Within(1e-8));
    }

    [Test]
    public void Finds_the_law_that_counts_were_drawn_from()
    {
        LawFit fit = new BetaBinomialLaw(false).Fit(Drawn(problems: 4000, samples: 32, unsolvable: 0));
        Assert.That(fit.Parameters[0], Is.EqualTo(0.5).Within(0.04));
        Assert.That(fit.Parameters[1], Is.EqualTo(2).Within(0.2));
        Assert.That(fit.Reached, Is.EqualTo(fit.Starts));
    }

    [Test]
    public void Finds_the_share_that_no_sample_ever_solves()
    {
        LawData data = Drawn(problems: 4000, samples: 64, unsolvable: 0.3);
        LawFit with = new BetaBinomialLaw(true).Fit(data), without = new BetaBinomialLaw(false).Fit(data);
        Assert.That(with.Parameters, Is.EqualTo(new[] { 0.5, 2, 0.3 }).Within(0.25));
        Assert.That(with.Parameters[2], Is.EqualTo(0.3).Within(0.05));
        Assert.That(with.Loss, Is.LessThan(without.Loss - 10));
        // The forecast far beyond the samples: nearly 70 % with the share, much more without.
        Assert.That(BetaBinomialLaw.Coverage(with.Parameters, 100_000), Is.EqualTo(0.7).Within(0.05));
    }

    [Test]
    public void Counts_that_are_all_alike_have_no_law()
    {
        BetaBinomialLaw law = new(false);
        Assert.That(law.Fit(new LawData([[8, 8, 8]], [3, 3, 3])).IsDefined, Is.False);
        Assert.That(law.Fit(new LawData([[8, 8, 8]], [0, 0, 0])).IsDefined, Is.False);
        LawFit wrong = law.Fit(new LawData([[8, 8, 8, 8]], [0, 3, 9, -1]));
        Assert.That(wrong.Dropped, Is.EqualTo(2), "more right than drawn, and less than none");
    }

    /// <summary>Rates from Beta(.5, 2): the square of a sine, by Johnk's method.</summary>
    static LawData Drawn(int problems, int samples, double unsolvable)
    {
        Random random = new(3);
        double[] counts = new double[problems];
        for (int problem = 0; problem < problems; problem++)
        {
            double rate = random.NextDouble() < unsolvable ? 0 : Rate();
            for (int sample = 0; sample < samples; sample++)
                counts[problem] += random.NextDouble() < rate ? 1 : 0;
        }
        return new LawData([[.. counts.Select(_ => (double)samples)]], counts);

        double Rate()
        {
            while (true)
            {
                double x = Math.Pow(random.NextDouble(), 1 / 0.5), y = Math.Pow(random.NextDouble(), 1 / 2.0);
                if (x + y <= 1)
                    return x / (x + y);
            }
        }
    }
}
