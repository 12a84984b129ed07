using Harness.Kernels.ExactMath;

namespace Harness.Statistics.Laws;

/// <summary>
/// Losses at equal budgets, of models that were trained at other ones: each size's loss is taken to be straight against the logarithm of
/// the operations between two of its budgets. Nothing is said beyond the smallest and the largest.
/// </summary>
/// <param name="Flops">The budget.</param>
/// <param name="Parameters">Of the sizes that reach it, in ascending order.</param>
/// <param name="Losses">Theirs at this budget.</param>
public sealed record IsoFlopCurve(double Flops, double[] Parameters, double[] Losses)
{
    /// <summary>A parabola has a lowest point from three on.</summary>
    public const int FewestSizes = 3;

    /// <summary>The curves at 1, 2 and 5 times every power of ten that at least three sizes reach.</summary>
    /// <param name="sizes">Each size's parameters, and its operations and losses by budget.</param>
    public static IReadOnlyList<IsoFlopCurve> Of(IReadOnlyList<(double Parameters, double[] Flops, double[] Losses)> sizes)
    {
        (double Parameters, double[] Logs, double[] Losses)[] known =
        [
            .. sizes.Where(size => size.Flops.Length > 1).OrderBy(size => size.Parameters).Select(size =>
            {
                int[] order = [.. Enumerable.Range(0, size.Flops.Length).OrderBy(i => size.Flops[i])];
                return (size.Parameters, order.Select(i => ExactDouble.Log(size.Flops[i])).ToArray(),
                    order.Select(i => size.Losses[i]).ToArray());
            }),
        ];
        if (known.Length < FewestSizes)
            return [];
        List<IsoFlopCurve> curves = [];
        foreach (double budget in Budgets(sizes.Min(size => size.Flops.Min()), sizes.Max(size => size.Flops.Max())))
        {
            double log = ExactDouble.Log(budget);
            (double Parameters, double Loss)[] reached =
            [
                .. known.Select(size => (size.Parameters, Loss: At(size.Logs, size.Losses, log))).Where(point => !double.IsNaN(point.Loss)),
            ];
            if (reached.Select(point => point.Parameters).Distinct().Count() >= FewestSizes)
                curves.Add(new IsoFlopCurve(
                    budget, [.. reached.Select(point => point.Parameters)], [.. reached.Select(point => point.Loss)]));
        }
        return curves;
    }

    /// <summary>The points of all curves, as <see cref="IsoFlopLaw"/> reads them.</summary>
    public static LawData Points(IReadOnlyList<IsoFlopCurve> curves) => new(
        [
            [.. curves.SelectMany(curve => curve.Parameters.Select(_ => curve.Flops))],
            [.. curves.SelectMany(curve => curve.Parameters)],
        ],
        [.. curves.SelectMany(curve => curve.Losses)]);

    static IEnumerable<double> Budgets(double least, double most)
    {
        double ten = 1;
        while (ten * 10 <= least)
            ten *= 10;
        for (; ten <= most; ten *= 10)
        {
            foreach (int times in new[] { 1, 2, 5 })
            {
                if (times * ten >= least && times * ten <= most)
                    yield return times * ten;
            }
        }
    }

    static double At(double[] logs, double[] losses, double log)
    {
        if (log < logs[0] || log > logs[^1])
            return double.NaN;
        int next = Array.FindIndex(logs, value => value >= log);
        if (logs[next] == log)
            return losses[next];
        double share = (log - logs[next - 1]) / (logs[next] - logs[next - 1]);
        return losses[next - 1] + share * (losses[next] - losses[next - 1]);
    }
}
