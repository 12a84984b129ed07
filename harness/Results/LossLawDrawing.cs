using Harness.Figures;
using Harness.Kernels.ExactMath;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Results;

/// <summary>
/// What the figures show, from the rows of law-points.csv and laws.csv: the first law of parameters and tokens, with the size and the data
/// that it is fitted to first.
/// </summary>
public static class LossLawDrawing
{
    /// <summary>Of a curve of the law.</summary>
    const int PathPoints = 48;

    /// <summary>The figures; none without rows.</summary>
    public static IReadOnlyList<Figure> Draw(string title, IReadOnlyList<LossPointRow> points, IReadOnlyList<ModelLawRow> laws) =>
        points.Count > 0 && Shown(points, laws) is { } shown ? LossLawFigures.Draw(title, shown) : [];

    /// <summary>Null where the law or its parameters are not there, as of another version.</summary>
    static LossLawShown? Shown(IReadOnlyList<LossPointRow> points, IReadOnlyList<ModelLawRow> laws)
    {
        LossPointRow first = points[0];
        if (LawRegistry.All.FirstOrDefault(known => known.Name == first.Law) is not LossLaw law)
            return null;
        double[] parameters =
        [
            .. laws.Where(row => row.Law == first.Law && row.Size == first.Size && row.Data == first.Data)
                .Take(law.Parameters.Count).Select(row => row.Value),
        ];
        if (parameters.Length < law.Parameters.Count)
            return null;
        LossPointRow[] own = [.. points.Where(row => row.Law == first.Law && row.Size == first.Size && row.Data == first.Data)];
        string[] heldOut =
            [.. own.GroupBy(row => row.Item).Where(item => item.All(row => row.IsHeldOut)).Select(item => item.Key)];
        SizeCurve[] sizes =
        [
            .. own.GroupBy(row => (row.Parameters, HeldOut: heldOut.Contains(row.Item) ? row.Item : null))
                .OrderBy(size => size.Key.Parameters).ThenBy(size => size.Key.HeldOut, StringComparer.Ordinal)
                .Select(size => Of([.. size], size.Key.HeldOut)),
        ];
        IEnumerable<(double, double[], double[])> fitted =
            sizes.Where(size => size.HeldOut is null).Select(size => (size.Parameters, size.Flops, size.Losses));
        double[] flops = [.. sizes.SelectMany(size => size.Flops)];
        LossOptimum best = LossOptimum.Of(parameters);
        string counted = first.Size == LawAttributes.NameOf(ModelSize.All) ? "all parameters count" : "without embedding and output head";
        return new LossLawShown(
            $"{first.Law}; {counted}{(first.Data == EntropyRow.AllData ? "" : $", of {first.Data}")}",
            sizes,
            [
                .. IsoFlopCurve.Of([.. fitted]).Select(curve => new BudgetCurve(
                    curve.Flops, curve.Parameters, curve.Losses,
                    [
                        .. Between(curve.Parameters[0], curve.Parameters[^1]).Select(size =>
                            (size, law.Predict(parameters, [size, LossOptimum.TokensOf(size, curve.Flops)]))),
                    ])),
            ],
            [
                .. Between(flops.Min(), flops.Max()).Select(budget =>
                    (Budget: budget, Loss: law.Predict(parameters, [best.Parameters(budget), best.Tokens(budget)])))
                    .Where(point => double.IsFinite(point.Loss)),
            ]);
    }

    /// <summary>Of several models of one budget the mean.</summary>
    static SizeCurve Of(LossPointRow[] rows, string? heldOut)
    {
        LossPointRow[][] budgets = [.. rows.GroupBy(row => row.Budget).OrderBy(same => same.Key).Select(same => same.ToArray())];
        return new SizeCurve(rows[0].Parameters, Means(row => row.Flops), Means(row => row.Loss), Means(row => row.Predicted), heldOut);

        double[] Means(Func<LossPointRow, double> of) => [.. budgets.Select(same => Mean.Of([.. same.Select(of)]))];
    }

    /// <summary>Alike on a logarithmic scale, both ends among them.</summary>
    static IEnumerable<double> Between(double low, double high)
    {
        (double first, double last) = (ExactDouble.Log(low), ExactDouble.Log(high));
        return Enumerable.Range(0, PathPoints).Select(place => ExactDouble.Exp(first + (last - first) * place / (PathPoints - 1)));
    }
}
