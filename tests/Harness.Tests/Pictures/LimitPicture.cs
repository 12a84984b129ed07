extern alias Builtin;

using Builtin::Harness.Pictures;
using Harness.Statistics;

namespace Harness.Tests.Pictures;

/// <summary>One problem whose 64 samples gave two answers: what a vote makes of them, and where it goes without end.</summary>
static class LimitPicture
{
    const int Samples = 64;
    const string Panel = "One problem: 64 samples gave a right answer and a wrong one";

    public static DrawnPicture Drawn { get; } = new(
        new Picture("majority-limit", "majority-limit is not the vote of all samples")
        {
            Explained =
            [
                "majority@64 takes 33 votes against 31 for certain; majority-limit asks which answer is the more probable one,",
                "as far as 64 samples tell: there it is nearly undecided",
            ],
            X = new PictureAxis("samples with the right answer, of 64"),
            Y = new PictureAxis("chance of a right answer (%)") { Low = 0, High = 100 },
            Panels =
            [
                new PicturePanel(Panel, "the other samples all gave one wrong answer",
                    [
                        new PictureLine("majority-limit", 3), new PictureLine("majority@64", 0), new PictureLine("majority@16", 1),
                        new PictureLine("one sample", -1) { IsPlain = true, IsDashed = true },
                    ]),
            ],
        },
        Rows);

    static IEnumerable<PictureRow> Rows()
    {
        foreach (int right in Enumerable.Range(20, 25))
        {
            string[] answers = [.. Enumerable.Range(0, Samples).Select(sample => sample < right ? "right" : "wrong")];
            AnswerTally tally = AnswerTally.Of(answers, [.. answers.Select(answer => answer == "right")]);
            yield return new PictureRow(Panel, "majority-limit", right, 100 * MajorityLimit.Shares(tally)[0]);
            yield return new PictureRow(Panel, "majority@64", right, 100 * MajorityAtK.Estimate(tally, Samples));
            yield return new PictureRow(Panel, "majority@16", right, 100 * MajorityAtK.Estimate(tally, 16));
            yield return new PictureRow(Panel, "one sample", right, 100 * MajorityAtK.Estimate(tally, 1));
        }
    }
}
