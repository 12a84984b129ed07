namespace Harness.Statistics;

/// <summary>
/// The best of several ways to answer for a budget, judged on problems that it was not chosen on: even-numbered problems choose for odd
/// ones and odd ones for even ones (compute-optimal test-time scaling, Snell et al. 2024, arXiv 2408.03314).
/// </summary>
/// <param name="Candidates">All with the same problems.</param>
/// <param name="IsOdd">Of each problem.</param>
public sealed record BudgetChoice(IReadOnlyList<PricedCandidate> Candidates, bool[] IsOdd)
{
    /// <summary>No candidate is within the budget.</summary>
    public const int None = -1;

    /// <summary>Expectations are sums of rounded terms: what is within this is equal.</summary>
    const double Rounding = 1e-12;

    /// <summary>
    /// The most accurate candidate over some problems whose mean cost is within the budget; of equally accurate ones the cheapest.
    /// <see cref="None"/> where there is none, and of no problem.
    /// </summary>
    /// <param name="budget">In the unit of the costs.</param>
    /// <param name="problems">Those that choose.</param>
    /// <param name="priced">
    /// The problems that the cost is the mean of, which tells nothing of what is right; null: those that choose.
    /// </param>
    public int Best(double budget, IReadOnlyList<int> problems, IReadOnlyList<int>? priced = null)
    {
        if (problems.Count == 0)
            return None;
        int best = None;
        (double accuracy, double cost) = (double.NegativeInfinity, double.PositiveInfinity);
        for (int place = 0; place < Candidates.Count; place++)
        {
            double its = Candidates[place].MeanAccuracy(problems), price = Candidates[place].MeanCost(priced ?? problems);
            if (!(price <= budget * (1 + Rounding)) || double.IsNaN(its))
                continue;
            if (its > accuracy + Rounding || (its > accuracy - Rounding && price < cost))
                (best, accuracy, cost) = (place, its, price);
        }
        return best;
    }

    /// <summary>The candidate with the least mean cost over mean accuracy: what is paid for each right answer.</summary>
    public int CheapestPass(IReadOnlyList<int> problems)
    {
        int best = None;
        double least = double.PositiveInfinity;
        for (int place = 0; place < Candidates.Count; place++)
        {
            double price = Candidates[place].MeanCost(problems) / Candidates[place].MeanAccuracy(problems);
            if (price < least * (1 - Rounding))
                (best, least) = (place, price);
        }
        return best;
    }

    /// <summary>For each problem what its other half chose.</summary>
    public int[] Chosen(Func<IReadOnlyList<int>, int> choose)
    {
        int onEven = choose(Half(odd: false)), onOdd = choose(Half(odd: true));
        return [.. IsOdd.Select(odd => odd ? onEven : onOdd)];
    }

    /// <summary>
    /// For each problem what its other half chose for problems that are as difficult. The bins are quantiles of that half's estimates of
    /// difficulty; where a bin of it has no problem or no candidate within the budget, what it chose over all.
    /// </summary>
    /// <param name="rates">Of each problem the share of right samples, of others than those that the candidates are judged by.</param>
    public int[] ChosenByDifficulty(double budget, double[] rates, int bins)
    {
        int[] chosen = new int[IsOdd.Length];
        foreach (bool odd in (bool[])[false, true])
        {
            int[] choosing = Half(odd), judged = Half(!odd);
            double[] limits = Limits([.. choosing.Select(problem => rates[problem])], bins);
            int overall = Best(budget, choosing, [.. Enumerable.Range(0, IsOdd.Length)]);
            int[] ofBin = [.. Enumerable.Range(0, bins).Select(bin =>
                Best(budget, [.. choosing.Where(problem => BinOf(rates[problem], limits) == bin)]) is not None and var best ? best
                    : overall)];
            foreach (int problem in judged)
                chosen[problem] = ofBin[BinOf(rates[problem], limits)];
        }
        return chosen;
    }

    /// <summary>Rates that divide problems into so many bins of about the same size.</summary>
    public static double[] Limits(double[] rates, int bins)
    {
        double[] sorted = [.. rates.Order()];
        return sorted.Length == 0 ? [] : [.. Enumerable.Range(1, bins - 1).Select(bin => sorted[Math.Min(bin * sorted.Length / bins,
            sorted.Length - 1)])];
    }

    /// <summary>0 is the hardest: the bin of a rate, those of a limit belonging above it.</summary>
    public static int BinOf(double rate, double[] limits) => limits.Count(limit => rate >= limit);

    int[] Half(bool odd) => [.. Enumerable.Range(0, IsOdd.Length).Where(problem => IsOdd[problem] == odd)];
}
