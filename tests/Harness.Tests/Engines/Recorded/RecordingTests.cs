using Harness.Diagnostics;
using Harness.Engines.Recorded;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Tasks;

namespace Harness.Tests.Engines.Recorded;

[TestFixture]
sealed class RecordingTests
{
    static readonly RecordedFile File = new("log", [], "");

    [Test]
    public void Samples_are_taken_by_their_numbers_and_problems_from_the_first_that_is_asked_for()
    {
        IReadOnlyList<IReadOnlyList<RecordedSample>> taken = Recording.Of(
            File, [Sample(901, 7), Sample(900, 0), Sample(901, 2), Sample(902, 0), Sample(901, 4)], 901, 1, 2);
        Assert.That(taken.Single().Select(sample => sample.Sample), Is.EqualTo(new int?[] { 2, 4 }));
    }

    [Test]
    public void Samples_without_numbers_are_taken_as_they_come()
    {
        RecordedSample[] all = [Sample(0, null, 2), Sample(1, null, 3), Sample(0, null, 4)];
        Assert.That(Recording.Of(File, all, 0, 1, 2).Single(), Is.EqualTo(new[] { all[0], all[2] }));
    }

    [Test]
    public void A_sample_that_is_there_twice_is_refused_with_both_lines()
    {
        HarnessException bad = Expect.Failure(
            Codes.DataCorrupt, () => Recording.Of(File, [Sample(3, 1, 5), Sample(3, 0, 6), Sample(3, 1, 9)], 3, 1, 2));
        Assert.That((bad.File, bad.Line, bad.Message), Is.EqualTo(("log", 9, "sample 1 of problem 3 is there twice, first on line 5")));
    }

    [Test]
    public void A_problem_with_fewer_samples_than_asked_for_is_refused()
    {
        HarnessException bad = Expect.Failure(
            Codes.DataCorrupt, () => Recording.Of(File, [Sample(0, 0, 2), Sample(0, 1, 3), Sample(1, 0, 4)], 0, 2, 2));
        Assert.That((bad.Line, bad.Message), Is.EqualTo((4, "problem 1 has 1 samples, and 2 of each problem are asked for")));
    }

    [Test]
    public void A_problem_that_is_not_there_is_refused()
    {
        HarnessException bad = Expect.Failure(Codes.TooFewProblems, () => Recording.Of(File, [Sample(4, 0), Sample(6, 0)], 4, 2, 1));
        Assert.That(bad.Message, Does.Contain("no problem 5").And.Contain("2, numbered 4 to 6"));
    }

    [Test]
    public void A_number_that_only_some_samples_have_is_refused()
    {
        HarnessException bad = Expect.Failure(Codes.DataCorrupt, () => Recording.Of(File, [Sample(0, 0, 2), Sample(0, null, 3)], 0, 1, 2));
        Assert.That((bad.Line, bad.Message), Is.EqualTo((3, "a sample of problem 0 has no number, and others have one")));
    }

    static RecordedSample Sample(int problem, int? sample, int line = 1) => new() { Line = line, Problem = problem, Sample = sample };
}
