using Harness.Analysis;
using Harness.Samples;
using Harness.Strategies;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Analysis;

sealed class CutOffSamplesTests
{
    static readonly PooledSample Right = new("7", true, 3, -1), Wrong = new("8", false, 3, -1), CutWrong = new(null, false, 9, -1, true),
        CutRight = new("7", true, 9, -1, true);

    static (double Own, double[]? Wrong, double[]? Right) Bounds(
        IPooledStrategy strategy, int k, string? gold, params PooledSample[] samples)
    {
        PoolEstimates pool = new([new ProblemSamples(0, 0, 5, samples) { Gold = gold }], 1);
        StrategyEstimate[] estimates = pool.Of(strategy, k);
        return (estimates[0].Own.Accuracy, CutOffSamples.Accuracies(pool, strategy, [k], [estimates], areRight: false)?[0],
            CutOffSamples.Accuracies(pool, strategy, [k], [estimates], areRight: true)?[0]);
    }

    [Test]
    public void One_sample_is_right_at_least_where_it_ended_and_at_most_there_or_where_it_was_cut_off()
    {
        (double own, double[]? low, double[]? high) = Bounds(new SingleSample(), 1, "7", Right, Wrong, CutWrong, CutRight);
        Assert.That((own, low![0], high![0]), Is.EqualTo((0.5, 0.25, 0.75)));
    }

    [Test]
    public void A_vote_counts_what_was_cut_off_as_no_vote_or_as_one_for_the_right_answer()
    {
        (double own, double[]? low, double[]? high) = Bounds(new MajorityVote(), 4, "7", Right, Wrong, CutWrong, CutRight);
        Assert.That((own, low![0], high![0]), Is.EqualTo((1.0, 0.5, 1.0)));
    }

    [Test]
    public void Answers_that_are_checked_without_a_gold_have_bounds_too()
    {
        (_, double[]? low, double[]? high) = Bounds(new Coverage(), 2, null, Wrong, CutWrong);
        Assert.That((low![0], high![0]), Is.EqualTo((0.0, 1.0)));
    }

    [Test]
    public void Nothing_cut_off_bounds_the_accuracy_by_itself_and_the_unknown_by_nothing()
    {
        (double own, double[]? low, double[]? high) = Bounds(new SingleSample(), 1, "7", Right, Wrong);
        Assert.That((low![0], high![0]), Is.EqualTo((own, own)));
        Assert.That(Bounds(new SingleSample(), 1, "7", Right, Wrong with { CutOff = null }).Wrong, Is.Null);
    }
}
