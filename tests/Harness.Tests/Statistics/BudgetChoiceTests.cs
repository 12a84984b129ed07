using Harness.Statistics;

namespace Harness.Tests.Statistics;

sealed class BudgetChoiceTests
{
    static PricedCandidate At(double cost, params double[] accuracies) => new([.. accuracies.Select(_ => cost)], accuracies);

    static BudgetChoice Of(params PricedCandidate[] candidates) =>
        new(candidates, ProblemHalves.OddOnes(new int[candidates[0].Costs.Length]));

    static readonly int[] All = [0, 1, 2, 3];

    [Test]
    public void The_best_within_the_budget_is_chosen_and_the_cheaper_of_equals()
    {
        BudgetChoice choice = Of(At(1, 0, 0, 1, 0), At(2, 1, 0, 1, 0), At(3, 1, 1, 0, 0), At(8, 1, 1, 1, 1));
        Assert.That(new[] { 0.5, 1, 2, 3, 7.9, 8 }.Select(budget => choice.Best(budget, All)),
            Is.EqualTo(new[] { BudgetChoice.None, 0, 1, 1, 1, 3 }));
    }

    [Test]
    public void What_is_within_a_budget_is_decided_by_all_problems_and_what_is_best_by_those_that_choose()
    {
        BudgetChoice choice = Of(new PricedCandidate([1, 9, 1, 9], [1, 1, 1, 1]), At(4, 0, 0, 0, 0));
        Assert.That((choice.Best(5, [1, 3], All), choice.Best(5, [1, 3])), Is.EqualTo((0, 1)));
    }

    [Test]
    public void The_cheapest_pass_is_the_least_cost_over_accuracy()
    {
        Assert.That(Of(At(1, 0.1, 0.1, 0.1, 0.1), At(4, 0.8, 0.8, 0.8, 0.8), At(9, 1, 1, 1, 1)).CheapestPass(All), Is.EqualTo(1));
        Assert.That(Of(At(1, 0, 0, 0, 0)).CheapestPass(All), Is.EqualTo(BudgetChoice.None), "nothing is ever right");
    }

    [Test]
    public void What_one_half_chooses_the_other_judges()
    {
        // Candidate 0 is right on even problems, and chosen by them for the odd ones, on which it is wrong.
        BudgetChoice choice = Of(At(1, 1, 0, 1, 0), At(1, 0, 1, 0, 1));
        Assert.That(choice.Chosen(problems => choice.Best(1, problems)), Is.EqualTo(new[] { 1, 0, 1, 0 }));
    }

    [Test]
    public void Halves_have_all_difficulties() =>
        Assert.That(ProblemHalves.OddOnes([3, 4, 3, 4, 3, 4]), Is.EqualTo(new[] { false, false, true, true, false, false }));

    [Test]
    public void Bins_are_of_about_the_same_size_and_equal_rates_share_one()
    {
        double[] limits = BudgetChoice.Limits([0.9, 0.1, 0.2, 0.8, 0.5, 0.4], 3);
        Assert.That(new[] { 0.0, 0.2, 0.4, 0.5, 0.8, 1 }.Select(rate => BudgetChoice.BinOf(rate, limits)),
            Is.EqualTo(new[] { 0, 0, 1, 1, 2, 2 }));
        double[] alike = BudgetChoice.Limits([0.5, 0.5, 0.5, 0.5], 2);
        Assert.That(BudgetChoice.BinOf(0.5, alike), Is.EqualTo(1));
    }

    /// <summary>Half of the problems are easy: one sample does. The others need a dear candidate, which is dear on them alone.</summary>
    [Test]
    public void A_choice_by_difficulty_gains_where_difficulties_need_different_candidates()
    {
        double[] rates = [.. Enumerable.Range(0, 80).Select(problem => problem / 2 % 2 == 0 ? 0.9 : 0.1)];
        PricedCandidate cheap = new([.. rates.Select(_ => 1.0)], rates);
        PricedCandidate dear = new([.. rates.Select(rate => rate > 0.5 ? 9.0 : 4)], [.. rates.Select(rate => rate > 0.5 ? 0.9 : 0.8)]);
        BudgetChoice choice = Of(cheap, dear);
        Assert.That(choice.Chosen(problems => choice.Best(5, problems)).Distinct(), Is.EqualTo(new[] { 0 }), "6.5 over all is too dear");
        int[] byDifficulty = choice.ChosenByDifficulty(5, rates, bins: 2);
        Assert.That(byDifficulty, Is.EqualTo(rates.Select(rate => rate > 0.5 ? 0 : 1)));
    }

    /// <summary>Of many candidates that are all alike, the luckiest is no better on other problems.</summary>
    [Test]
    public void Luck_is_not_taken_for_accuracy()
    {
        Random random = new(4);
        double judged = 0;
        const int studies = 200;
        for (int study = 0; study < studies; study++)
        {
            BudgetChoice choice = Of([.. Enumerable.Range(0, 20).Select(_ =>
                At(1, [.. Enumerable.Range(0, 40).Select(_ => random.Next(2) * 1.0)]))]);
            int[] chosen = choice.Chosen(problems => choice.Best(1, problems));
            judged += chosen.Select((place, problem) => choice.Candidates[place].Accuracies[problem]).Average() / studies;
        }
        Assert.That(judged, Is.EqualTo(0.5).Within(3 * Math.Sqrt(0.25 / 40 / studies)));
    }
}
