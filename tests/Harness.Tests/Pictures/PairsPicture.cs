extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>How often a test sees a true difference: of pairs by problem, and of the same values when the pairs are ignored.</summary>
static class PairsPicture
{
    const int Problems = 100, Studies = 200, Permutations = 400;
    const string One = "One sample of each: right or wrong", Many = "16 samples of each: rates";

    /// <summary>Rates of problems, spread as Beta(.3, .3).</summary>
    static readonly double[] rates =
        [.. Enumerable.Range(0, Problems).Select(problem => BetaDistribution.Quantile((problem + 0.5) / Problems, 0.3, 0.3))];

    static readonly int[] shifts = [0, 3, 6, 9, 12, 15];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("paired-tests", "How often a test sees a true difference")
        {
            Explained =
            [
                $"Two methods on the same {Problems} problems, many easy or hard for both; {Studies} simulated studies a marker",
                "Without a difference a test may reject 5 times in 100. The more of the spread is shared, the more an unpaired test misses",
            ],
            X = new PictureAxis("true difference (points)"),
            Y = new PictureAxis("studies with p at most 5 % (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(One, "what only one of the two gets right decides",
                    [
                        new PictureLine("exact McNemar", 0), new PictureLine("unpaired", 1) { Note = "Fisher's exact test" },
                        new PictureLine("5 %", -1) { IsPlain = true, IsLevel = true },
                    ]),
                new PicturePanel(Many, "each problem's difference is kept or swapped",
                    [
                        new PictureLine("permutation", 0) { Note = "of the pairs" },
                        new PictureLine("unpaired", 1) { Note = "permutation of all" },
                        new PictureLine("5 %", -1) { IsPlain = true, IsLevel = true },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        foreach ((string panel, int samples, string paired) in new[] { (One, 1, "exact McNemar"), (Many, 16, "permutation") })
        {
            foreach (int shift in shifts)
            {
                bool[][] seen = new bool[Studies][];
                Parallel.For(0, Studies, study => seen[study] = Rejections(study, shift / 100.0, samples));
                yield return new PictureRow(panel, paired, shift, 100.0 * seen.Count(study => study[0]) / Studies);
                yield return new PictureRow(panel, "unpaired", shift, 100.0 * seen.Count(study => study[1]) / Studies);
            }
            yield return new PictureRow(panel, "5 %", 0, 5);
        }
    }

    /// <summary>Of the paired test and of the unpaired one.</summary>
    static bool[] Rejections(int study, double shift, int samples)
    {
        double[] first = Values(study, shift, samples, 0), second = Values(study, 0, samples, 1);
        if (samples > 1)
            return [PairedPermutation.PValue(first, second, (ulong)study, Permutations) <= 0.05, Unpaired(first, second, study) <= 0.05];
        int won = first.Zip(second).Count(pair => pair.First > pair.Second);
        int lost = first.Zip(second).Count(pair => pair.First < pair.Second);
        return [McNemar.PValue(won, lost) <= 0.05, Fisher((int)first.Sum(), (int)second.Sum()) <= 0.05];
    }

    /// <summary>Of rates that are moved up so that their mean moves by the shift.</summary>
    static double[] Values(int study, double shift, int samples, uint side) =>
    [
        .. Enumerable.Range(0, Problems).Select(problem =>
        {
            double moved = rates[problem] + 2 * shift * (1 - rates[problem]);
            int right = 0;
            for (int sample = 0; sample < samples; sample++)
            {
                uint word = Philox.Block((ulong)study, (uint)problem, (uint)sample, side, RandomPurpose.Token).X0;
                right += word / 4294967296.0 < moved ? 1 : 0;
            }
            return (double)right / samples;
        }),
    ];

    static double Unpaired(double[] first, double[] second, int study)
    {
        double[] all = [.. first, .. second];
        double total = Mean.Of(all), observed = Math.Abs(Mean.Of(first) - total);
        int asLarge = 0;
        for (int permutation = 0; permutation < Permutations; permutation++)
        {
            RandomStream random = new((ulong)study, RandomPurpose.Order, (uint)permutation, Problems);
            double sum = 0;
            for (int place = 0; place < first.Length; place++)
            {
                int chosen = place + random.Below(all.Length - place);
                (all[place], all[chosen]) = (all[chosen], all[place]);
                sum += all[place];
            }
            asLarge += Math.Abs(sum / first.Length - total) >= observed - 1e-12 ? 1 : 0;
        }
        return (1.0 + asLarge) / (1.0 + Permutations);
    }

    /// <summary>Fisher's exact test of two counts of as many problems, two-sided: all tables that are at most as probable.</summary>
    static double Fisher(int first, int second)
    {
        int right = first + second;
        double[] chances = [.. Enumerable.Range(0, right + 1).Select(count => count > Problems || right - count > Problems ? 0
            : ExactDouble.Exp(LogChoose(Problems, count) + LogChoose(Problems, right - count) - LogChoose(2 * Problems, right)))];
        return chances.Where(chance => chance <= chances[first] * (1 + 1e-9)).Sum();
    }

    static double LogChoose(int n, int k) => LogFactorial.Of(n) - LogFactorial.Of(k) - LogFactorial.Of(n - k);
}
