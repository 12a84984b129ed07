using System.Security.Cryptography;
using System.Text;
using Harness.Registry;
using Harness.Statistics.Laws;

namespace Harness.Tests.Statistics.Laws;

public sealed class LawTests
{
    static readonly double[] doublings = [.. Enumerable.Range(0, 12).Select(i => Math.Pow(2, i))];

    static IEnumerable<TestCaseData> OneInput()
    {
        yield return new("coverage", new[] { 3.2975, -0.3321 });
        yield return new("saturating-exponential", new[] { 0.8, 0.5, 9 });
        yield return new("log-linear", new[] { 0.1, 0.07 });
        yield return new("power", new[] { 1.7, 2.5, 0.31 });
        yield return new("power", new[] { 0.9, -0.8, 0.12 });
        yield return new("sigmoid", new[] { 0.2, 0.7, 300, 0.8 });
    }

    [TestCaseSource(nameof(OneInput))]
    public void Recovers_the_parameters_of_points_without_noise(string name, double[] parameters)
    {
        ILaw law = Law(name);
        LawData data = new([doublings], [.. doublings.Select(x => law.Predict(parameters, [x]))]);
        LawFit fit = law.Fit(data);
        Assert.That(fit.Parameters, Is.EqualTo(parameters).Within(1e-6).Percent);
        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((12, 0)));
        LawFit again = law.Fit(data, fit);
        Assert.That(again.Parameters, Is.EqualTo(parameters).Within(1e-6).Percent, "started at the fit");
    }

    [Test]
    public void Predictions_are_what_the_formula_says()
    {
        Assert.That(Law("coverage").Predict([3.2975, -0.3321], [10]), Is.EqualTo(Math.Exp(-3.2975 * Math.Pow(10, -0.3321))).Within(1e-14));
        Assert.That(Law("saturating-exponential").Predict([0.8, 0.5, 9], [4]), Is.EqualTo(0.8 - 0.5 * Math.Exp(-4.0 / 9)).Within(1e-14));
        Assert.That(Law("log-linear").Predict([0.1, 0.07], [1000]), Is.EqualTo(0.31).Within(1e-14));
        Assert.That(Law("power").Predict([1.7, 2.5, 0.31], [64]), Is.EqualTo(1.7 + 2.5 * Math.Pow(64, -0.31)).Within(1e-14));
        Assert.That(Law("sigmoid").Predict([0.2, 0.7, 300, 0.8], [100]),
            Is.EqualTo(0.2 + 0.5 / (1 + Math.Pow(3, 0.8))).Within(1e-14));
        Assert.That(Law("chinchilla").Predict([1.69, 406.4, 410.7, 0.34, 0.28], [1e9, 2e10]),
            Is.EqualTo(1.69 + 406.4 / Math.Pow(1e9, 0.34) + 410.7 / Math.Pow(2e10, 0.28)).Within(1e-12));
    }

    [Test]
    public void Coverages_without_a_logarithm_are_dropped_and_counted()
    {
        LawFit fit = Law("coverage").Fit(new LawData([[1, 2, 4, 8, 16]], [0, 0.2, 0.4, 0.6, 1]));
        Assert.That((fit.Points, fit.Dropped), Is.EqualTo((3, 2)));
        Assert.That(fit.IsDefined);
    }

    [Test]
    public void Too_few_points_have_no_fit()
    {
        foreach (ILaw law in LawRegistry.All)
        {
            LawFit fit = law.Fit(new LawData([.. law.Inputs.Select(_ => new[] { 4.0 })], [0.5]));
            Assert.That(fit.IsDefined, Is.False, law.Name);
            Assert.That(fit.Parameters, Is.EqualTo(law.Parameters.Select(_ => double.NaN)), law.Name);
        }
    }

    [Test]
    public void Names_are_unique_and_every_law_says_what_it_is()
    {
        Assert.That(LawRegistry.All.Select(law => law.Name), Is.Unique);
        Assert.That(LawRegistry.All.Select(law => law.Source), Is.All.Not.Empty);
    }

    [Test]
    public void Held_out_points_are_those_of_the_largest_budgets_and_points_of_one_budget_stay_together()
    {
        // Straight until 8, then off by 1: 16 twice and 32 twice.
        double[] compute = [32, 1, 2, 16, 4, 8, 16, 32];
        double[] y = [.. compute.Select(c => Math.Log10(c) + (c > 8 ? 1 : 0))];
        HeldOutError error = HeldOutError.Of(Law("log-linear"), new LawData([compute], y), seed: 1, share: 0.3);
        Assert.That((error.Fitted, error.Predicted), Is.EqualTo((6, 2)), "three tenths of eight are two");
        HeldOutError together = HeldOutError.Of(Law("log-linear"), new LawData([compute], y), seed: 1, share: 0.4);
        Assert.That((together.Fitted, together.Predicted), Is.EqualTo((4, 4)), "three would part the two of 16");
        Assert.That(together.RootMeanSquare, Is.EqualTo(1).Within(1e-12));
        Assert.That(together.StandardError, Is.EqualTo(0).Within(1e-12));
    }

    [Test]
    public void The_simplest_law_within_one_standard_error_is_chosen()
    {
        ILaw line = Law("log-linear"), power = Law("power"), sigmoid = Law("sigmoid");
        Assert.That(LawChoice.Of([(sigmoid, Error(0.10, 0.02)), (power, Error(0.11, 0.01)), (line, Error(0.13, 0.02))]), Is.EqualTo(1));
        Assert.That(LawChoice.Of([(sigmoid, Error(0.10, 0.04)), (power, Error(0.11, 0.01)), (line, Error(0.13, 0.02))]), Is.EqualTo(2));
        Assert.That(LawChoice.Of([(line, Error(double.NaN, double.NaN))]), Is.EqualTo(-1));

        static HeldOutError Error(double error, double standardError) => new(9, 3, error, standardError);
    }

    [Test]
    public void Intervals_hold_the_truth_as_often_as_they_say()
    {
        // 40 points on a line with even noise; the interval of the slope.
        Random random = new(5);
        int held = 0;
        const int Studies = 200;
        for (int study = 0; study < Studies; study++)
        {
            double[] compute = [.. Enumerable.Range(0, 40).Select(i => Math.Pow(10, i / 10.0))];
            LawData data = new([compute], [.. compute.Select(c => 0.1 + 0.2 * Math.Log10(c) + 0.1 * (random.NextDouble() - 0.5))]);
            ILaw law = Law("log-linear");
            Harness.Statistics.Interval slope = LawBootstrap.Of(law, data, law.Fit(data), seed: 1, resamples: 400).Intervals[1];
            held += slope.Low <= 0.2 && 0.2 <= slope.High ? 1 : 0;
        }
        Assert.That(held, Is.InRange(0.88 * Studies, 0.99 * Studies), "a percentile interval of 40 points is a little narrow");
    }

    [Test]
    public void Resamples_depend_on_the_seed_alone()
    {
        double[] y = [.. doublings.Select((x, i) => 0.3 + 0.05 * Math.Log10(x) + 0.01 * (i % 3))];
        LawData data = new([doublings], y);
        ILaw law = Law("power");
        LawBootstrap Of(ulong seed) => LawBootstrap.Of(law, data, law.Fit(data), seed, resamples: 50);
        LawBootstrap first = Of(1), second = Of(1);
        Assert.That(second.Intervals, Is.EqualTo(first.Intervals));
        Assert.That(first.Intervals, Is.Not.EqualTo(Of(2).Intervals));
    }

    /// <summary>Set once: with AVX-512, with AVX2 and without vector instructions the bits are the same.</summary>
    [Test]
    public void Bits_of_the_fits_are_those_of_every_machine()
    {
        double[] budgets = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(2, i))];
        LawData data = new([budgets], [.. budgets.Select((_, i) => 0.2 + 0.7 * i / 20 + i * 37 % 11 / 200.0)]);
        LawData losses = new(
            [[.. budgets.Select(value => 1e7 * value)], [.. budgets.Select((value, i) => 1e9 * value / (1 + i % 5))]],
            [.. budgets.Select((_, i) => 5.0 - 0.15 * i + i * 37 % 11 / 100.0)]);
        LawData sizes = new(
            [[.. budgets.Select((_, i) => 1e18 * Math.Pow(2, i / 4))], [.. budgets.Select((_, i) => 1e8 * (1 + i % 4 + i / 8))]],
            [.. budgets.Select((_, i) => 3 - 0.02 * i + 0.1 * ((i % 4 - 1.4) * (i % 4 - 1.4)))]);
        LawData counts = new([[.. budgets.Select(_ => 16.0)]], [.. budgets.Select((_, i) => (double)(i * 7 % 17))]);
        LawData curves = new(
            [[.. budgets.Select((_, i) => Math.Pow(4, i % 2))], [.. budgets.Select((_, i) => 1e18 * Math.Pow(3, i / 2))]],
            [.. budgets.Select((_, i) => 0.2 + 0.03 * i + i * 37 % 11 / 200.0)]);
        LawData models = new(
            [losses.Inputs[0], losses.Inputs[1], [.. budgets.Select((_, i) => Math.Pow(2, i % 3))]],
            [.. budgets.Select((_, i) => 0.1 + 0.035 * i + i * 37 % 11 / 200.0)]);
        string bits = string.Join('\n', LawRegistry.All.Select(law =>
        {
            LawData used = law.Name == "isoflop" ? sizes : law.Name == "coverage-compute" ? curves : law.Inputs.Count > 2 ? models
                : law.Inputs.Count > 1 ? losses : law.Output == "correct" ? counts : data;
            LawFit fit = law.Fit(used, law.Name == "chinchilla" ? new LawFit([1.5, 400, 2000, 0.3, 0.3], 1, 20, 0, 1, 1) : null);
            return $"{law.Name}: {string.Join(' ', fit.Parameters.Append(fit.Loss).Select(BitConverter.DoubleToInt64Bits))}";
        }));
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(bits)));
        Assert.That(hash, Is.EqualTo("324AB008C9F0D4DC8469FA84D6921BD0110B29EF11B2E732D4C0857C566E09CB"), bits);
    }

    static ILaw Law(string name) => LawRegistry.All.Single(law => law.Name == name);
}
