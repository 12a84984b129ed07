using Harness.Kernels.Configuration;
using Harness.Kernels.Routing;

namespace Kernels.Tests.Routing;

public sealed unsafe class RouterTests
{
    [Test]
    public void Equal_logits_go_to_the_lower_expert()
    {
        (int[] experts, float[] factors) = Route([1, 3, 2, 3, 2, 3], active: 2, normalised: true);
        Assert.That(experts, Is.EqualTo(new[] { 1, 3 }));
        Assert.That(factors, Is.EqualTo(new[] { 0.5f, 0.5f }));
        Assert.That(Route([2, 5, 2, 2], 3, true).Experts, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(Route([0f, -0f, 0f], 1, true).Experts, Is.EqualTo(new[] { 0 }), "zeros of both signs are equal");
        Assert.That(Route(new float[9], 4, true).Experts, Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [TestCase(8, 2, true)]
    [TestCase(8, 2, false)]
    [TestCase(37, 5, true)]
    [TestCase(130, 8, false)]
    [TestCase(3, 3, false)]
    [TestCase(1, 1, true)]
    public void Factors_are_the_softmax_over_the_chosen_or_over_all(int count, int active, bool normalised)
    {
        Random random = new(count);
        for (int turn = 0; turn < 50; turn++)
        {
            float[] logits = [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 20))];
            (int[] experts, float[] factors) = Route(logits, active, normalised);
            int[] expected = [.. Enumerable.Range(0, count).OrderByDescending(e => logits[e]).ThenBy(e => e).Take(active).Order()];
            Assert.That(experts, Is.EqualTo(expected));
            double sum = (normalised ? expected : [.. Enumerable.Range(0, count)]).Sum(e => Math.Exp(logits[e] - logits.Max()));
            for (int i = 0; i < active; i++)
                Assert.That(factors[i], Is.EqualTo(Math.Exp(logits[expected[i]] - logits.Max()) / sum).Within(1e-6));
        }
    }

    [Test]
    public void Logits_that_are_not_finite_choose_different_experts_all_the_same()
    {
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            (int[] experts, float[] factors) = Route([wrong, 1, wrong, wrong], 3, true);
            Assert.That(experts, Is.Ordered.Ascending.And.Unique.And.All.InRange(0, 3));
            Assert.That(
                factors.Any(float.IsNaN), Is.EqualTo(wrong != float.NegativeInfinity), "what is not finite is passed on, not hidden");
        }
    }

    /// <summary>As on a GPU: an expert whose logit is no number is not passed over.</summary>
    [Test]
    public void A_logit_that_is_not_a_number_is_chosen_wherever_it_stands([Range(0, 4)] int place)
    {
        float[] logits = [3, 1, 4, 1, 5];
        logits[place] = float.NaN;
        (int[] experts, float[] factors) = Route(logits, 2, true);
        Assert.That(experts, Does.Contain(place));
        Assert.That(factors.Any(float.IsNaN));
    }

    [Test]
    public void A_shared_expert_has_the_sigmoid_of_its_gate()
    {
        foreach (float gate in new[] { -90f, -3.5f, -0f, 0f, 0.25f, 20f, 200f })
            Assert.That(RouterCpu.SharedFactor(gate), Is.EqualTo(1 / (1 + Math.Exp(-(double)gate))).Within(1e-7));
    }

    [Test]
    public void Rows_of_an_expert_lie_together_in_their_own_order()
    {
        var shape = new ExpertShape { Count = 4, Active = 2, Normalised = true };
        using var order = new ExpertOrder(6, shape);
        int[][] chosen = [[0, 3], [1, 3], [], [0, 1], [1, 3], [0, 3]];
        for (int row = 0; row < chosen.Length; row++)
        {
            if (chosen[row].Length == 0)
                order.LeaveOut(row);
            for (int i = 0; i < chosen[row].Length; i++)
                order.Experts(row)[i] = chosen[row][i];
        }
        int[] starts = new int[5];
        order.Group(1, 6, starts);
        Assert.That(starts, Is.EqualTo(new[] { 2, 4, 7, 7, 10 }), "expert 2 has none, and row 2 takes no place");
        Assert.That(Enumerable.Range(2, 8).Select(order.RowAt), Is.EqualTo(new[] { 3, 5, 1, 3, 4, 1, 4, 5 }));
        for (int row = 1; row < 6; row++)
        {
            for (int i = 0; i < chosen[row].Length; i++)
                Assert.That(order.RowAt(order.Places(row)[i]), Is.EqualTo(row));
        }
    }

    static (int[] Experts, float[] Factors) Route(float[] logits, int active, bool normalised)
    {
        int[] experts = new int[active];
        float[] factors = new float[active];
        fixed (float* row = logits, weights = factors)
        fixed (int* chosen = experts)
            RouterCpu.Run(row, new ExpertShape { Count = logits.Length, Active = active, Normalised = normalised }, chosen, weights);
        return (experts, factors);
    }
}
