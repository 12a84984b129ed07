using Harness.Statistics;

namespace Harness.Tests.Statistics;

/// <summary>
/// How often a 95 % interval holds the truth, and how wide it is, over experiments simulated from populations of problems. Fewer resamples
/// than an experiment has make an interval a little noisier, not narrower.
/// </summary>
public sealed class IntervalCoverageTests
{
    const int Experiments = 1000;
    const int Resamples = 300;

    /// <summary>A problem's chance of being right, drawn from its difficulty's population; and the mean of that population.</summary>
    public readonly record struct Population(Func<Random, double> Draw, double Mean);

    static Population Always(double chance) => new(_ => chance, chance);

    static Population Share(double share, double of, double others) =>
        new(random => random.NextDouble() < share ? of : others, share * of + (1 - share) * others);

    static (double Coverage, double Width) Simulate(Population[] byDifficulty, int problems, int samples, bool isStratified = true)
    {
        int[] difficulties = [.. Enumerable.Range(0, problems).Select(i => i % byDifficulty.Length)];
        double truth = difficulties.Average(difficulty => byDifficulty[difficulty].Mean), width = 0;
        Random random = new(1);
        int covered = 0;
        for (int experiment = 0; experiment < Experiments; experiment++)
        {
            double[] values = [.. difficulties.Select(difficulty => Observe(random, byDifficulty[difficulty].Draw(random), samples))];
            ProblemDraws draws = new(isStratified ? difficulties : new int[problems], (ulong)experiment);
            Interval interval = AnchoredBootstrap.OfMeans([values], draws, Anchors.Accuracy, Resamples)[0].Interval();
            covered += interval.Low <= truth && truth <= interval.High ? 1 : 0;
            width += interval.High - interval.Low;
        }
        return ((double)covered / Experiments, width / Experiments);
    }

    static double Observe(Random random, double chance, int samples)
    {
        int right = 0;
        for (int i = 0; i < samples; i++)
            right += random.NextDouble() < chance ? 1 : 0;
        return (double)right / samples;
    }

    static IEnumerable<TestCaseData> OneDifficulty =>
    [
        new TestCaseData(Always(0.5), 1).SetArgDisplayNames("half right, one sample"),
        new TestCaseData(Always(0.98), 1).SetArgDisplayNames("two in a hundred wrong, one sample"),
        new TestCaseData(Always(0.03), 1).SetArgDisplayNames("three in a hundred right, one sample"),
        new TestCaseData(Share(0.03, 0.5, 0), 16).SetArgDisplayNames("few problems right at times"),
        new TestCaseData(Share(0.05, 0.8, 1), 16).SetArgDisplayNames("few problems fail rarely"),
        new TestCaseData(Share(0.02, 0, 1), 16).SetArgDisplayNames("few problems fail always"),
    ];

    [TestCaseSource(nameof(OneDifficulty))]
    public void Of_one_difficulty_the_interval_holds_the_truth(Population population, int samples)
    {
        (double coverage, double width) = Simulate([population], problems: 100, samples);

        TestContext.Out.WriteLine($"coverage {coverage:F3}, width {width:F4}");
        Assert.That(coverage, Is.InRange(0.93, 1));
    }

    static IEnumerable<TestCaseData> SeveralDifficulties =>
    [
        new TestCaseData((object)new[] { Always(0.95), Always(0.5), Always(0.1) }).SetArgDisplayNames(".95, .5, .1"),
        new TestCaseData((object)new[] { Always(0.99), Always(0.5), Always(0.01) }).SetArgDisplayNames(".99, .5, .01"),
        new TestCaseData((object)new[] { Always(1), Always(1), Share(0.06, 0.5, 1) }).SetArgDisplayNames("one difficulty fails rarely"),
    ];

    [TestCaseSource(nameof(SeveralDifficulties))]
    public void Of_several_difficulties_the_interval_holds_the_truth_and_is_no_wider_for_their_differences(Population[] populations)
    {
        (double coverage, double width) = Simulate(populations, problems: 99, samples: 1);
        (double plainCoverage, double plainWidth) = Simulate(populations, problems: 99, samples: 1, isStratified: false);

        TestContext.Out.WriteLine($"coverage {coverage:F3}, width {width:F4}; not stratified {plainCoverage:F3}, {plainWidth:F4}");
        Assert.That(coverage, Is.InRange(0.93, plainCoverage));
        Assert.That(width, Is.LessThanOrEqualTo(plainWidth * 1.01));
    }
}
