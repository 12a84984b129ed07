extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Strategies;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Pictures;

/// <summary>Votes that stop early: what they reach with the samples that they draw.</summary>
static class StoppingPicture
{
    const int Problems = 100, Samples = 64, Orders = 500;
    const string Panel = "The same samples, 8 to 64 at most";

    public static DrawnPicture Drawn { get; } = new(
        new Picture("stopping", "Stopping a vote when it is sure")
        {
            Explained =
            [
                $"{Problems} problems of the simulated model; every line has a marker for at most 8, 16, 32 and 64 samples",
                "Further left is cheaper, higher is better. No intervals: all lines have the same samples. The axis does not begin at 0",
            ],
            X = new PictureAxis("samples drawn for a problem, on average (log scale)") { Logarithmic = [6, 8, 12, 16, 24, 32, 48, 64] },
            Y = new PictureAxis("problems answered right (%)"),
            Panels =
            [
                new PicturePanel(Panel, "the rules in their defaults",
                    [
                        new PictureLine("majority-vote", 0) { Note = "never stops before" },
                        new PictureLine("adaptive-consistency", 1) { Note = "sure of the leader at 95 %" },
                        new PictureLine("early-stopping", 2) { Note = "a window of 5 agrees" },
                        new PictureLine("vote-lead", 3) { Note = "3 votes ahead" },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        PoolEstimates pool = KnownPool.Of(KnownPool.Model, Problems, Samples);
        foreach ((string name, IPooledStrategy strategy) in new (string, IPooledStrategy)[]
        {
            ("majority-vote", new MajorityVote()), ("adaptive-consistency", new AdaptiveConsistency(95, Orders)),
            ("early-stopping", new EarlyStopping(5, Orders)), ("vote-lead", new VoteLead(3, Orders)),
        })
        {
            foreach (int most in new[] { 8, 16, 32, 64 })
            {
                StrategyEstimate[] estimates = pool.Of(strategy, most);
                yield return new PictureRow(
                    Panel, name, estimates.Average(estimate => estimate.Drawn?.Chances.Sum() ?? most),
                    100 * estimates.Average(estimate => estimate.Own.Accuracy));
            }
        }
    }
}
