namespace Harness.Statistics.Laws;

/// <summary>
/// The law of several that is to be believed: among those whose error on held-out points is within one standard error of the least, the one
/// with the fewest parameters (Breiman et al. 1984).
/// </summary>
public static class LawChoice
{
    /// <returns>The place of the chosen law; -1 where none has an error.</returns>
    public static int Of(IReadOnlyList<(ILaw Law, HeldOutError Error)> rivals)
    {
        (ILaw Law, HeldOutError Error)[] judged = [.. rivals.Where(rival => !double.IsNaN(rival.Error.StandardError))];
        if (judged.Length == 0)
            return -1;
        HeldOutError best = judged.MinBy(rival => rival.Error.RootMeanSquare).Error;
        double limit = best.RootMeanSquare + best.StandardError;
        return Enumerable.Range(0, rivals.Count).Where(place => rivals[place].Error.RootMeanSquare <= limit)
            .OrderBy(place => rivals[place].Law.Parameters.Count).ThenBy(place => rivals[place].Error.RootMeanSquare).First();
    }
}
