extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>Where the intervals of a difference lie for each verdict.</summary>
static class VerdictPicture
{
    const double Margin = 0.02;
    const ulong Seed = 1;
    const string Test = "changed: the test rejects equality (here the 95 % interval leaves out zero)";
    const string Equivalence = "the same: the whole 90 % interval lies within the margin of 2 points";

    static readonly (int Won, int Lost, int Problems)[] cases =
        [(40, 12, 500), (10, 35, 500), (30, 8, 2000), (10, 9, 1000), (12, 6, 300), (4, 4, 100)];

    static IReadOnlyList<PictureLine> Lines { get; } =
    [
        .. new[] { Verdict.Changed, Verdict.Same, Verdict.CannotTell }.Select((verdict, place) =>
            new PictureLine(VerdictName.Of(verdict), place switch { 0 => 3, 1 => 2, _ => 0 }) { IsApart = true }),
    ];

    public static DrawnPicture Drawn { get; } = new(
        new Picture("verdicts", "What a comparison comes to")
        {
            Explained =
            [
                "Six comparisons with a margin of 2 points, each judged alone. That an interval holds zero says nothing yet:",
                "10 : 9 of 1,000 is the same, 4 : 4 of 100 cannot tell. 30 : 8 of 2,000 changed, by less than the margin",
            ],
            X = new PictureAxis("problems that only the first, and only the second, got right")
            {
                Places = [.. cases.Select(pair => FormattableString.Invariant($"{pair.Won} : {pair.Lost} of {pair.Problems:#,0}"))],
            },
            Y = new PictureAxis("first - second (points)"),
            Panels =
            [
                new PicturePanel(Test, "whiskers: 95 % intervals", [.. Lines, Level("zero", "no difference")]) { HasWhiskers = true },
                new PicturePanel(Equivalence, "whiskers: 90 % intervals, two one-sided tests at 5 %",
                    [.. Lines, Level("+2", "margin: 2 points either way"), Level("-2", "margin: 2 points either way")])
                {
                    HasWhiskers = true,
                },
            ],
        },
        Rows);

    static PictureLine Level(string name, string note) => new(name, -1) { IsPlain = true, IsLevel = true, Note = note };

    static IEnumerable<PictureRow> Rows()
    {
        foreach ((int place, (int won, int lost, int problems)) in cases.Index())
        {
            PairedDifference difference = Difference(won, lost, problems);
            string verdict = VerdictName.Of(ReasonedVerdict.Of(false, difference, difference.PValue, Margin).Verdict);
            yield return Row(Test, verdict, place, difference.Difference, difference.Interval95);
            yield return Row(Equivalence, verdict, place, difference.Difference, difference.Interval90);
        }
        yield return new PictureRow(Test, "zero", 0, 0);
        yield return new PictureRow(Equivalence, "+2", 0, 100 * Margin);
        yield return new PictureRow(Equivalence, "-2", 0, -100 * Margin);
    }

    static PictureRow Row(string panel, string line, double x, double y, Interval interval) =>
        new(panel, line, x, 100 * y, 100 * interval.Low, 100 * interval.High);

    /// <summary>Of two methods that differ on so many problems.</summary>
    public static PairedDifference Difference(int won, int lost, int problems) => PairedDifference.Of(
        [.. Enumerable.Range(0, problems).Select(problem => problem < won ? 1.0 : 0)],
        [.. Enumerable.Range(0, problems).Select(problem => problem >= won && problem < won + lost ? 1.0 : 0)],
        new ProblemDraws(new int[problems], Seed));
}
