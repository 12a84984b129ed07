extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Analysis;
using Harness.Kernels.Sampling;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies.Pooled;

namespace Harness.Tests.Pictures;

/// <summary>The smallest difference that so many problems and samples show, and which of the two would make it smaller.</summary>
static class DetectablePicture
{
    static readonly int[] counts = [2, 4, 8, 16, 32, 64];

    static string Panel(int problems) => $"{problems} problems";

    static IReadOnlyList<PictureLine> Lines { get; } =
    [
        new PictureLine("detectable_effect", 0) { Note = "the root of both squares" },
        new PictureLine("between", 2) { Note = "falls with problems" },
        new PictureLine("within", 1) { Note = "falls with samples" },
    ];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("detectable-effect", "What could be seen at all")
        {
            Explained =
            [
                "The smallest difference between two models that a test at 5 % shows 80 times in 100, one sample against one sample",
                "More samples bring down what lies within problems alone: soon only more problems help, and these bring down both",
            ],
            X = new PictureAxis("samples of each problem (log scale)") { Logarithmic = counts },
            Y = new PictureAxis("detectable difference (points)") { Low = 0 },
            Panels = [new PicturePanel(Panel(100), "simulated", Lines), new PicturePanel(Panel(400), "simulated", Lines)],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        foreach (int problems in new[] { 100, 400 })
        {
            foreach (int samples in counts)
            {
                PoolEstimates first = Pool(problems, samples, side: 0), second = Pool(problems, samples, side: 1);
                SingleSample single = new();
                double detectable = PairedDifference.Of(
                    first.Accuracies(single, 1), second.Accuracies(single, 1), new ProblemDraws(new int[problems], 1)).DetectableEffect;
                EffectSources sources = EffectSources.Of(
                    new EffectSources.Side(first, single, 1, false), new EffectSources.Side(second, single, 1, false), detectable);
                yield return new PictureRow(Panel(problems), "detectable_effect", samples, 100 * detectable);
                yield return new PictureRow(Panel(problems), "between", samples, 100 * sources.Between);
                yield return new PictureRow(Panel(problems), "within", samples, 100 * sources.Within);
            }
        }
    }

    /// <summary>Rates of the first are uniform over problems; those of the second differ by up to .3 either way.</summary>
    static PoolEstimates Pool(int problems, int samples, uint side) => new(
        [
            .. Enumerable.Range(0, problems).Select(problem =>
            {
                (uint own, uint apart, _, _) = Philox.Block(1, (uint)problem, 0, 0, RandomPurpose.SimulatedRate);
                double rate = own / 4294967296.0 + side * 0.6 * (apart / 4294967296.0 - 0.5);
                return new ProblemSamples(problem, 0, 1, [.. Enumerable.Range(0, samples).Select(sample =>
                {
                    uint word = Philox.Block(1, (uint)problem, (uint)sample, side, RandomPurpose.SimulatedSample).X0;
                    bool isRight = word / 4294967296.0 < rate;
                    return new PooledSample(isRight ? "right" : "wrong", isRight, 1, 0);
                })]);
            }),
        ],
        1);
}
