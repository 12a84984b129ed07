using Harness.Engines.Simulated;
using Harness.Kernels.Diagnostics;
using Harness.Statistics;

namespace Harness.Tests.Engines.Simulated;

/// <summary>The closed forms against plain ways to compute the same.</summary>
sealed class SimulatedCurvesTests
{
    [Test]
    public void Uniform_rates_have_the_coverage_of_order_statistics([Values(1, 2, 7, 64, 500)] int k) =>
        Assert.That(new SimulatedCurves(new()).Coverage(k), Is.EqualTo(1 - 1 / (k + 1.0)).Within(1e-11));

    /// <summary>Every sequence of answers of k samples, its chance integrated over a beta law by its moments.</summary>
    [TestCase("simulated:alpha=2,beta=3,wrong=2,common=0.7", 4), TestCase("simulated:alpha=0.5,beta=0.5,wrong=3,common=0.4,silent=0.2", 5)]
    [TestCase("simulated:alpha=1,beta=2,wrong=1,zero=0.3", 6), TestCase("simulated:alpha=3,beta=1,wrong=4,common=0.25,silent=0.5", 4)]
    public void A_vote_is_that_of_all_sequences(string name, int k)
    {
        SimulatedSettings settings = SimulatedSettings.Parse(name);
        double[] shares = [.. settings.WrongShares(), settings.Silent];
        double won = 0;
        int kinds = shares.Length + 1;
        for (int code = 0; code < (int)Math.Pow(kinds, k); code++)
        {
            int[] answers = [.. Enumerable.Range(0, k).Select(place => code / (int)Math.Pow(kinds, place) % kinds)];
            int[] counts = [.. Enumerable.Range(0, kinds - 1).Select(answer => answers.Count(one => one == answer))];
            int most = counts.Max();
            if (most == 0 || counts[0] < most)
                continue;
            double chance = answers.Where(answer => answer > 0).Aggregate(1.0, (product, answer) => product * shares[answer - 1]);
            won += chance * Moment(settings, counts[0], k - counts[0]) / counts.Count(count => count == most);
        }
        Assert.That(new SimulatedCurves(settings).Majority(k), Is.EqualTo((1 - settings.Zero) * won).Within(1e-11));
    }

    [Test]
    public void The_largest_reward_is_a_right_ones_as_often_as_in_a_simulation()
    {
        SimulatedSettings settings = SimulatedSettings.Parse("simulated:alpha=2,beta=2,quality=3");
        Random random = new(2);
        const int draws = 200_000, k = 4;
        int won = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            // The median of three uniform draws has the law Beta(2, 2).
            double[] three = [.. Enumerable.Range(0, 3).Select(_ => random.NextDouble()).Order()];
            (double Reward, bool IsRight)[] samples = [.. Enumerable.Range(0, k).Select(_ => random.NextDouble() < three[1])
                .Select(isRight => (Enumerable.Range(0, isRight ? 3 : 1).Max(_ => random.NextDouble()), isRight))];
            won += samples.MaxBy(sample => sample.Reward).IsRight ? 1 : 0;
        }
        Assert.That(new SimulatedCurves(settings).BestOfN(k), Is.EqualTo(won / (double)draws).Within(4 * Math.Sqrt(0.25 / draws)));
    }

    /// <summary>Correlation shares one draw: at 1 all samples of a problem are alike, and k of them are as good as one.</summary>
    [Test]
    public void Wholly_correlated_samples_are_one_sample()
    {
        SimulatedCurves curves = new(SimulatedSettings.Parse("simulated:alpha=0.7,beta=1.5,correlation=1"));
        Assert.That(new[] { curves.Coverage(64), curves.GPass(64, 100), curves.Majority(64) },
            Is.All.EqualTo(curves.OneSample).Within(1e-10));
    }

    [TestCase(0.3, 4), TestCase(0.05, 8), TestCase(2, 1)]
    public void The_quadrature_gives_the_closed_form_where_there_is_one(double alpha, double beta)
    {
        SimulatedCurves curves = new(new SimulatedSettings { Alpha = alpha, Beta = beta });
        double[] coverage = [.. Enumerable.Range(0, 17).Select(right => right == 0 ? 0 : Binomial(16, right))];
        Assert.That(curves.SharedMean(coverage), Is.EqualTo(curves.Coverage(16)).Within(1e-9));
    }

    [Test]
    public void A_vote_goes_to_its_limit()
    {
        SimulatedCurves curves = new(SimulatedSettings.Parse("simulated:alpha=2,beta=3,wrong=3,common=0.6"));
        double[] apart = [.. new[] { 4, 16, 64 }.Select(k => Math.Abs(curves.Majority(k) - curves.MajorityLimit))];
        Assert.That(apart, Is.Ordered.Descending);
        Assert.That(apart[^1], Is.LessThan(0.02));
        Assert.That(curves.MajorityLimit, Is.EqualTo(1 - BetaDistribution.AtMost(0.6 / 1.6, 2, 3)).Within(1e-14));
    }

    [TestCase("simulated:alpha=0", "alpha is '0'"), TestCase("simulated:alpah=1", "did you mean 'alpha'?")]
    [TestCase("simulated:wrong=1.5", "a whole number"), TestCase("simulated:beta=1,beta=2", "'beta' twice")]
    [TestCase("simulated:zero=nan", "zero is 'nan'")]
    public void A_name_that_says_nothing_is_refused(string name, string message) => Assert.That(
        () => SimulatedSettings.Parse(name), Throws.InstanceOf<HarnessException>().With.Message.Contains(message));

    static double Moment(SimulatedSettings settings, int right, int wrong)
    {
        double moment = 1;
        for (int i = 0; i < right; i++)
            moment *= (settings.Alpha + i) / (settings.Alpha + settings.Beta + i);
        for (int i = 0; i < wrong; i++)
            moment *= (settings.Beta + i) / (settings.Alpha + settings.Beta + right + i);
        return moment;
    }

    static double Binomial(int n, int k) =>
        Enumerable.Range(0, k).Aggregate(1.0, (product, i) => product * (n - i) / (i + 1));
}
