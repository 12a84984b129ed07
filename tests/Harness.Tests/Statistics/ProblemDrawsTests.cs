using Harness.Statistics;

namespace Harness.Tests.Statistics;

public sealed class ProblemDrawsTests
{
    const int Resamples = 20_000;

    /// <summary>How often each place is drawn, at each draw of a resample: [draw][place].</summary>
    static int[][] Count(ProblemDraws draws)
    {
        int[][] counts = [.. Enumerable.Range(0, draws.Draws).Select(_ => new int[draws.Draws])];
        int[] drawn = new int[draws.Draws];
        for (int resample = 0; resample < Resamples; resample++)
        {
            draws.Fill(resample, drawn);
            for (int draw = 0; draw < drawn.Length; draw++)
                counts[draw][drawn[draw]]++;
        }
        return counts;
    }

    static void HasProbability(int count, double probability, string what)
    {
        double error = Math.Sqrt(Resamples * probability * (1 - probability));
        Assert.That(count, Is.EqualTo(Resamples * probability).Within(4.5 * error), what);
    }

    [Test]
    public void Problems_of_one_difficulty_and_the_anchors_are_drawn_alike()
    {
        int[][] counts = Count(new ProblemDraws(new int[6], seed: 3));

        for (int draw = 0; draw < 8; draw++)
        {
            for (int place = 0; place < 8; place++)
                HasProbability(counts[draw][place], 1 / 8.0, $"draw {draw} of {place}");
        }
    }

    [Test]
    public void A_difficulty_has_as_many_draws_as_problems_and_two_draws_are_free()
    {
        // Difficulty 3 has problems 1, 2 and 4, difficulty 5 has 0, and 9 has 3 and 5.
        int[] difficulties = [5, 3, 3, 9, 3, 9];
        int[][] members = [[1, 2, 4], [1, 2, 4], [1, 2, 4], [0], [3, 5], [3, 5]];

        int[][] counts = Count(new ProblemDraws(difficulties, seed: 3));

        for (int draw = 0; draw < 8; draw++)
        {
            int[] possible = draw < members.Length ? members[draw] : [0, 1, 2, 3, 4, 5];
            for (int place = 0; place < 6; place++)
                HasProbability(counts[draw][place], possible.Contains(place) ? 6 / 8.0 / possible.Length : 0, $"draw {draw} of {place}");
            HasProbability(counts[draw][6], 1 / 8.0, $"draw {draw} of the first anchor");
            HasProbability(counts[draw][7], 1 / 8.0, $"draw {draw} of the second anchor");
        }
    }

    [Test]
    public void One_difficulty_is_the_plain_rule_whatever_its_name()
    {
        int[] plain = new int[12], named = new int[12];
        for (int resample = 0; resample < 100; resample++)
        {
            new ProblemDraws(new int[10], seed: 8).Fill(resample, plain);
            new ProblemDraws([.. Enumerable.Repeat(7, 10)], seed: 8).Fill(resample, named);
            Assert.That(named, Is.EqualTo(plain));
        }
    }

    [Test]
    public void A_resample_depends_on_its_number_and_the_seed_alone()
    {
        int[] first = new int[32], other = new int[32];
        ProblemDraws draws = new(new int[30], seed: 8);
        draws.Fill(5, first);
        draws.Fill(6, other);
        Assert.That(other, Is.Not.EqualTo(first));
        draws.Fill(5, other);
        Assert.That(other, Is.EqualTo(first));
        new ProblemDraws(new int[30], seed: 9).Fill(5, other);
        Assert.That(other, Is.Not.EqualTo(first));
    }
}
