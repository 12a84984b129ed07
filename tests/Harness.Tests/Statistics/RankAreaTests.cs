using Harness.Statistics;

namespace Harness.Tests.Statistics;

[TestFixture]
sealed class RankAreaTests
{
    [Test]
    public void It_is_the_share_of_pairs_in_which_the_right_one_is_higher()
    {
        Random random = new(3);
        for (int round = 0; round < 200; round++)
        {
            int count = random.Next(2, 12);
            double[] scores = [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(6))];
            bool[] right = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 1)];
            (double wins, int pairs) = (0, 0);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < count; j++)
                {
                    if (!right[i] || right[j])
                        continue;
                    pairs++;
                    wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
            Assert.That(RankArea.Of(scores, right), pairs == 0 ? Is.Null : Is.EqualTo(wins / pairs).Within(1e-12));
        }
    }

    [Test]
    public void Infinite_scores_have_their_places()
    {
        Assert.That(RankArea.Of([double.NegativeInfinity, 0, double.PositiveInfinity], [false, true, true]), Is.EqualTo(1));
        Assert.That(RankArea.Of([0, 0], [false, true]), Is.EqualTo(0.5));
        Assert.That(RankArea.Of([], []), Is.Null);
    }
}
