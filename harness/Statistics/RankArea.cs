namespace Harness.Statistics;

/// <summary>How well scores tell right answers from wrong ones.</summary>
public static class RankArea
{
    /// <summary>
    /// The area under the receiver operating characteristic: the chance that a right answer has a higher score than a wrong one, equal
    /// scores counted half (Mann and Whitney 1947; Hanley and McNeil 1982). Null where all answers are right, or all wrong.
    /// </summary>
    /// <param name="scores">Any scale; no NaN.</param>
    /// <param name="right">As many.</param>
    public static double? Of(IReadOnlyList<double> scores, IReadOnlyList<bool> right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Count, scores.Count);
        long rights = right.LongCount(isRight => isRight), wrongs = right.Count - rights;
        if (rights == 0 || wrongs == 0)
            return null;
        // Of each run of equal scores, in ascending order: wins over the wrong ones below, half over those beside.
        double wins = 0;
        long below = 0;
        foreach (IGrouping<double, bool> equal in scores.Zip(right).GroupBy(each => each.First, each => each.Second)
            .OrderBy(group => group.Key))
        {
            long rightHere = equal.LongCount(isRight => isRight), wrongHere = equal.LongCount() - rightHere;
            wins += rightHere * (below + (0.5 * wrongHere));
            below += wrongHere;
        }
        return wins / ((double)rights * wrongs);
    }
}
