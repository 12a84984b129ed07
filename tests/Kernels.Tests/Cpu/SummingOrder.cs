namespace Kernels.Tests.Cpu;

/// <summary>
/// Tells the one order of the exact arithmetic from others: a case proves nothing about an order that would give the same bits.
/// </summary>
static class SummingOrder
{
    /// <summary>Asserts that the order's values are those of every form, and that each other order has other bits.</summary>
    /// <param name="expected">By the order of the design, written out in plain loops.</param>
    /// <param name="forms">What the kernels' forms give.</param>
    /// <param name="others">What other orders would give.</param>
    public static void IsTheOnlyOne(
        float[] expected, IEnumerable<(string Form, float[] Values)> forms, IEnumerable<(string Order, float[] Values)> others)
    {
        int[] bits = Bits(expected);
        Assert.Multiple(() =>
        {
            foreach ((string order, float[] values) in others)
                Assert.That(Bits(values).SequenceEqual(bits), Is.False, $"this case does not tell apart: {order}");
            foreach ((string form, float[] values) in forms)
                Assert.That(Bits(values), Is.EqualTo(bits), form);
        });
    }

    /// <summary>Adds lanes i and i + half, the halves halving: the tree over a power of two of lanes.</summary>
    public static float Tree(float[] lanes)
    {
        float[] sums = [.. lanes];
        for (int half = sums.Length / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                sums[i] += sums[i + half];
        }
        return sums[0];
    }

    /// <summary>Adds neighbours first: another tree.</summary>
    public static float NeighbourTree(float[] lanes)
    {
        float[] sums = [.. lanes];
        for (int step = 1; step < sums.Length; step *= 2)
        {
            for (int i = 0; i < sums.Length; i += 2 * step)
                sums[i] += sums[i + step];
        }
        return sums[0];
    }

    static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
