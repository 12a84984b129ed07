using Harness.Records;
using Harness.Statistics;
using Harness.Statistics.Laws;
using Harness.Tests.Shared;

namespace Harness.Tests.Exactness;

/// <summary>
/// The committed samples of GPT-4 on the game of 24 give the figures that are published of the recording: 100 puzzles, 100 samples each of
/// chain of thought (Yao et al. 2023, arXiv 2305.10601).
/// </summary>
[TestFixture]
sealed class Game24ResultsTests
{
    const int Samples = 100;

    static readonly int[] RightOfEach =
    [
        .. SampleTable.Csv.Read(Path.Combine(Repository.Root, "results", "game24-gpt4-cot", "samples.csv"))
            .GroupBy(row => row.Problem).Select(problem => problem.Sum(row => row.Correct)),
    ];

    [TestCase(1, 4.03), TestCase(10, 21.48), TestCase(50, 40.68), TestCase(100, 49.0)]
    public void Coverage_is_the_published_one(int k, double percent) =>
        Assert.That(100 * Coverage(k), Is.EqualTo(percent).Within(0.005));

    [Test]
    public void The_coverage_law_has_the_published_parameters()
    {
        int[] ks = [.. Enumerable.Range(1, Samples)];
        LawFit fit = new CoverageLaw().Fit(new LawData([[.. ks.Select(k => (double)k)]], [.. ks.Select(Coverage)]));
        Assert.That(fit.Parameters[0], Is.EqualTo(3.2975).Within(5e-5));
        Assert.That(fit.Parameters[1], Is.EqualTo(-0.3321).Within(5e-5));
        Assert.That(fit.Dropped, Is.Zero);
    }

    [Test]
    public void The_task_agrees_with_the_recording_on_every_sample()
    {
        RecordedRow row = RecordedTable.Csv.Read(Path.Combine(Repository.Root, "results", "game24-gpt4-cot", "recorded.csv")).Single();
        Assert.That((row.Checked, row.OnlyRecorded, row.OnlyChecked), Is.EqualTo((100 * Samples, 0, 0)));
    }

    static double Coverage(int k) => Mean.Of([.. RightOfEach.Select(right => PassAtK.Coverage(Samples, right, k))]);
}
