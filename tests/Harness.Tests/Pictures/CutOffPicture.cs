extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;
using Harness.Samples;
using Harness.Strategies;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Pictures;

/// <summary>The same samples with more and more room: what is cut off, and how far yet more room could move the accuracy.</summary>
static class CutOffPicture
{
    const int Problems = 100, Samples = 16, Shortest = 16, Doublings = 5;
    const string One = "One sample", Vote = "A vote of 16 samples", Accuracy = "accuracy";

    static readonly int[] rooms = [16, 32, 64, 128, 256, 512];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("cut-off", "What the room for an answer leaves open")
        {
            Explained =
            [
                "Markers: the accuracy as judged. Bands: what is cut off has no answer (cut_off_wrong), or is right (cut_off_right).",
                "Half of what is cut off shows a wrong number: a vote would gain without it, and lies below its band",
            ],
            X = new PictureAxis("MaxTokens (log scale)") { Logarithmic = rooms },
            Y = new PictureAxis("problems answered right (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(One, $"{Problems} problems, answers of 16 to 512 tokens", [new PictureLine(Accuracy, 1)]),
                new PicturePanel(Vote, "of the same samples", [new PictureLine(Accuracy, 0)]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        PoolEstimates whole = KnownPool.Of(KnownPool.Model, Problems, Samples);
        foreach (int room in rooms)
        {
            PoolEstimates pool = new([.. whole.Problems.Select(problem => CutOff(problem, room))], whole.Seed);
            yield return Row(Vote, pool, new MajorityVote(), Samples, room);
            yield return Row(One, pool, new SingleSample(), 1, room);
        }
    }

    static PictureRow Row(string panel, PoolEstimates pool, IPooledStrategy strategy, int k, int room)
    {
        StrategyEstimate[] estimates = pool.Of(strategy, k);
        return new PictureRow(
            panel, Accuracy, room, 100 * pool.Accuracies(strategy, k).Average(),
            100 * CutOffSamples.Accuracies(pool, strategy, [k], [estimates], areRight: false)![0].Average(),
            100 * CutOffSamples.Accuracies(pool, strategy, [k], [estimates], areRight: true)![0].Average());
    }

    static ProblemSamples CutOff(ProblemSamples problem, int room) => problem with
    {
        Gold = "0",
        Samples = [.. problem.Samples.Select((sample, place) => CutOff(sample, problem.Problem, place, room))],
    };

    static PooledSample CutOff(PooledSample sample, int problem, int place, int room)
    {
        (uint length, uint shown, _, _) = Philox.Block(1, (uint)problem, (uint)place, 0, RandomPurpose.Token);
        double tokens = Shortest * ExactDouble.Pow(2, Doublings * (length / 4294967296.0));
        return tokens <= room ? sample : sample with { Answer = shown % 2 == 0 ? "cut" : null, Correct = false, CutOff = true };
    }
}
