using Harness.Records;
using Harness.Statistics;

namespace Harness.Analysis.Frontiers;

/// <summary>
/// The best for a budget by difficulty: a problem's difficulty is the share of right ones among its even samples, what is best for problems
/// of that difficulty is chosen on other problems, and judged by its odd samples; then even and odd change places, and both count half.
/// </summary>
sealed class DifficultyFrontier(
    FrontierCandidates candidates, bool[] isOdd, int[] difficulties, ProblemDraws draws, double[][] rates, int bins)
{
    /// <summary>What one parity of the samples judges.</summary>
    /// <param name="Places">Of its candidates among all.</param>
    /// <param name="Rates">From the other parity.</param>
    sealed record Side(BudgetChoice Choice, int[] Places, double[] Rates);

    /// <summary>None where candidates of half of the samples are fewer than two.</summary>
    public IEnumerable<FrontierRow> Rows(string problems, string unit, IReadOnlyList<double> budgets)
    {
        Side[] sides = [.. Enumerable.Range(0, rates.Length).Select(SideOf)];
        if (sides.Any(side => side.Places.Length < 2))
            yield break;
        foreach (double budget in budgets)
        {
            int[][] chosen = [.. sides.Select(side => side.Choice.ChosenByDifficulty(budget, side.Rates, bins))];
            if (chosen.Any(side => side.Contains(BudgetChoice.None)))
                continue;
            double[] accuracies = MeanOf(sides, chosen, candidate => candidate.Accuracies);
            double[] costs = MeanOf(sides, chosen, candidate => candidate.Costs);
            yield return Frontier.Row(
                problems, unit, FrontierRow.ByDifficulty, FrontierRow.OverAll, budget, null, "", accuracies.Length,
                AnchoredBootstrap.OfMeans([accuracies], draws, Anchors.Accuracy)[0], Mean.Of(costs));
            foreach (FrontierRow row in RowsOfBins(problems, unit, budget, sides, chosen))
                yield return row;
        }
    }

    /// <summary>
    /// A row a bin: its best candidate on all of its problems. A problem's bin is that of the samples that do not judge it, so that it may
    /// be in two; its accuracy in one is the mean over the parities that put it there.
    /// </summary>
    IEnumerable<FrontierRow> RowsOfBins(string problems, string unit, double budget, Side[] sides, int[][] chosen)
    {
        int[][] binOf = [.. sides.Select(side =>
        {
            double[] limits = BudgetChoice.Limits(side.Rates, bins);
            return side.Rates.Select(rate => BudgetChoice.BinOf(rate, limits)).ToArray();
        })];
        for (int bin = 0; bins > 1 && bin < bins; bin++)
        {
            int[][] members = [.. binOf.Select(side => Enumerable.Range(0, side.Length).Where(problem => side[problem] == bin).ToArray())];
            int[] best = [.. sides.Select((side, parity) => side.Choice.Best(budget, members[parity]))];
            if (best.Contains(BudgetChoice.None))
                continue;
            FrontierCandidate[] named = [.. sides.Select((side, parity) => candidates.All[side.Places[best[parity]]])];
            int[] either = [.. members.SelectMany(side => side).Distinct().Order()];
            double[] Own(Func<PricedCandidate, double[]> values) => [.. either.Select(problem => Mean.Of(
                [.. sides.Index().Where(side => binOf[side.Index][problem] == bin)
                    .Select(side => values(side.Item.Choice.Candidates[chosen[side.Index][problem]])[problem])]))];
            ProblemDraws ofBin = new([.. either.Select(problem => difficulties[problem])], draws.Seed);
            yield return Frontier.Row(
                problems, unit, FrontierRow.ByDifficulty, $"{CsvFields.Write(bin + 1)} of {CsvFields.Write(bins)}", budget, named[0],
                named[0] == named[1] ? "" : $"{named[0].Name} or {named[1].Name}", either.Length,
                AnchoredBootstrap.OfMeans([Own(candidate => candidate.Accuracies)], ofBin, Anchors.Accuracy)[0],
                Mean.Of(Own(candidate => candidate.Costs)));
        }
    }

    Side SideOf(int parity)
    {
        PricedCandidate?[] priced = candidates.Priced(parity);
        int[] places = [.. Enumerable.Range(0, priced.Length).Where(place => priced[place] is not null)];
        return new Side(new BudgetChoice([.. places.Select(place => priced[place]!)], isOdd), places, rates[1 - parity]);
    }

    static double[] MeanOf(Side[] sides, int[][] chosen, Func<PricedCandidate, double[]> values) =>
    [
        .. Enumerable.Range(0, chosen[0].Length).Select(problem => Mean.Of(
            [.. sides.Select((side, parity) => values(side.Choice.Candidates[chosen[parity][problem]])[problem])])),
    ];
}
