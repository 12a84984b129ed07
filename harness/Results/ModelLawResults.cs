using System.Globalization;
using Harness.Analysis.Laws;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;
using Harness.Reports;
using Harness.Statistics.Laws;
using Harness.Training;

namespace Harness.Results;

/// <summary>
/// laws.csv, law-points.csv and entropy.csv, their figures, and what a report says of the laws that a manifest fits to its models' losses.
/// </summary>
public static class ModelLawResults
{
    /// <summary>Of the table of best sizes, which shows those near the models' own.</summary>
    static readonly double[] budgets = [1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24];

    const double Negligible = 1e-12;

    /// <summary>Nothing where no law is asked for.</summary>
    public static Contribution Of(TrainedExperiment experiment)
    {
        Manifest manifest = experiment.Manifest;
        if (manifest.Laws.Count == 0)
            return Contribution.None;
        ModelLaws laws = ModelLaws.Of(manifest.Laws, experiment.Ends, manifest.Seed);
        // All models of a law of losses learn the same from the same data.
        TrainManifest? first = manifest.Laws.FirstOrDefault(law => !law.IsOfCoverage) is { } ofLosses
            ? manifest.Trains.First(train => train.Name == ofLosses.Models[0]) : null;
        IReadOnlyList<EntropyRow> entropy = first is null ? []
            : DataEntropy.Of(first, [.. experiment.Models.First(model => model.Name == first.Name).Validation], manifest.Seed);
        List<(string, byte[])> files = [(ModelLawTable.Csv.FileName, ModelLawTable.Csv.Write(laws.Rows))];
        if (laws.Points.Count > 0)
            files.Add((LossPointTable.Csv.FileName, LossPointTable.Csv.Write(laws.Points)));
        if (entropy.Count > 0)
            files.Add((EntropyTable.Csv.FileName, EntropyTable.Csv.Write(entropy)));
        return new Contribution(files, LossLawDrawing.Draw(manifest.Title, laws.Points, laws.Rows), [Section(laws, entropy)]);
    }

    static ReportSection Section(ModelLaws laws, IReadOnlyList<EntropyRow> entropy)
    {
        List<ReportBlock> blocks =
        [
            new Paragraph("Of the loss on validation texts with which each training ended, or of the coverage of an evaluation. Tokens are "
                + "those that passed the model, without padding. Intervals (95 %) are of models that are drawn anew, each time with "
                + $"another fit: of {ModelLaws.Resamples} resamples, less those that have none. Models that share steps, texts or a seed "
                + "are not independent, so that the intervals are rather too narrow. Of some points, such as a coverage of 0 or 1, a law "
                + "cannot use all. "
                + "The held-out error is the root mean square of predicted - observed over models that the law was not fitted to."),
            new Table(Parameters(laws.Rows)),
        ];
        if (laws.Points.Any(point => point.IsHeldOut))
        {
            blocks.Add(new Paragraph("What the laws say of the models that they were not fitted to. The interval is of the law itself, and "
                + "not of a single run, which also scatters by its seed:"));
            blocks.Add(new Table(Predictions(laws.Points)));
        }
        if (laws.Points.Count > 0)
        {
            blocks.Add(new Paragraph("The size and tokens of least loss for a budget of 6 N D operations, by the first law of parameters "
                + "and tokens and the first of each other; the parabolas' own bias is what they give for that law's losses at the same "
                + "points, less its exponent:"));
            blocks.Add(new Table(Optima(laws)));
        }
        if (entropy.Count > 0)
        {
            blocks.Add(new Paragraph("What no model can know: the entropy of the generators' answers given their questions, in nats for a "
                + "token that counts, beside the law's E:"));
            blocks.Add(new Table(Entropies(laws.Rows, entropy)));
        }
        return new ReportSection("Scaling laws", IsSummary: false, blocks);
    }

    static TextTable Parameters(IReadOnlyList<ModelLawRow> rows)
    {
        TextTable table = new(
            TextTable.Left("law"), TextTable.Left("size"), TextTable.Left("loss or coverage of"), TextTable.Right("points"),
            TextTable.Left("parameters (95 %)"), TextTable.Right("starts that reach it"), TextTable.Right("held-out error"),
            TextTable.Left("of several"));
        foreach (IGrouping<(string, string, string), ModelLawRow> fit in Fits(rows))
        {
            ModelLawRow any = fit.First();
            table.Add(
                $"{any.Law}: {LawRegistry.All.First(law => law.Name == any.Law).Formula}", any.Size, any.Data,
                any.Dropped > 0 ? $"{Number(any.Points)} of {Number(any.Points + any.Dropped)}" : Number(any.Points),
                string.Join("; ", fit.Select(Value)) + (any.Refits < ModelLaws.Resamples ? $" ({Number(any.Refits)} refits)" : ""),
                $"{any.Reached} of {any.Starts}",
                double.IsNaN(any.HeldOutError) ? "" : $"{Digits(any.HeldOutError)}{Spread(any)} over {any.HeldOut}",

                any.IsChosen ? "the simplest that is as good" : "");
        }
        return table;
    }

    static TextTable Predictions(IReadOnlyList<LossPointRow> points)
    {
        TextTable table = new(
            TextTable.Left("law"), TextTable.Left("size"), TextTable.Left("loss on"), TextTable.Left("model"), TextTable.Right("FLOP"),
            TextTable.Right("predicted (95 % of the law)"), TextTable.Right("loss"), TextTable.Right("off by"));
        foreach (LossPointRow row in points.Where(point => point.IsHeldOut))
        {
            table.Add(
                row.Law, row.Size, row.Data, row.Model, Scientific(row.Flops),
                $"{Nats(row.Predicted)} ({Nats(row.PredictedLow)} to {Nats(row.PredictedHigh)})",
                Nats(row.Loss), $"{NumberText.Fixed(100 * (row.Predicted - row.Loss) / row.Loss, 1)} %");
        }
        return table;
    }

    static TextTable Optima(ModelLaws laws)
    {
        LossPointRow first = laws.Points[0];
        (double low, double high) = (laws.Points.Min(point => point.Flops), laws.Points.Max(point => point.Flops));
        ModelLawRow[][] fits = [.. Fits(laws.Rows).Select(fit => fit.ToArray())
            .Where(fit => fit[0].Size == first.Size && fit[0].Data == first.Data && fit.Any(row => row.Parameter == "a"))];
        TextTable table = new(
        [
            TextTable.Left("law"), TextTable.Right("exponent a (95 %)"), TextTable.Right("its bias"),
            .. budgets.Where(budget => budget >= low / 10 && budget <= high * 100)
                .Select(budget => TextTable.Right($"{Scientific(budget)} FLOP")),
        ]);
        foreach (ModelLawRow[] fit in fits)
        {
            ModelLawRow exponent = fit.First(row => row.Parameter == "a");
            LossOptimum best = new(fit.First(row => row.Parameter == "G").Value, exponent.Value);
            table.Add(
            [
                fit[0].Law, $"{Digits(exponent.Value)} ({Digits(exponent.CiLow)} to {Digits(exponent.CiHigh)})",
                fit.FirstOrDefault(row => row.Parameter == "a_bias") is { } bias ? Digits(bias.Value) : "",
                .. budgets.Where(budget => budget >= low / 10 && budget <= high * 100).Select(budget =>
                    $"{Scientific(best.Parameters(budget))} on {Scientific(best.Tokens(budget))}"),
            ]);
        }
        return table;
    }

    static TextTable Entropies(IReadOnlyList<ModelLawRow> rows, IReadOnlyList<EntropyRow> entropy)
    {
        TextTable table = new(
            TextTable.Left("data"), TextTable.Right("entropy"), TextTable.Left("over"), TextTable.Left("E of the laws (95 %)"));
        foreach (EntropyRow row in entropy)
        {
            table.Add(
                row.Data, double.IsNaN(row.Entropy) ? "too many solutions" : row.Problems == 0 ? NumberText.Fixed(row.Entropy, 5)
                    : $"{NumberText.Fixed(row.Entropy, 4)} ± {NumberText.Fixed(row.StandardError, 4)}",
                row.Problems == 0 ? "all problems" : NumberText.Count(row.Problems, "problem"),
                string.Join("; ", rows.Where(law => IsOfLoss(law.Law) && law.Parameter == "E" && law.Data == row.Data).Select(law =>
                    $"{law.Law}, {law.Size}: {Digits(law.Value)} ({Digits(law.CiLow)} to {Digits(law.CiHigh)})"
                    + (law.CiHigh < row.Entropy ? ", less than there is: beyond these budgets the law is too low" : ""))));
        }
        return table;
    }

    static IEnumerable<IGrouping<(string, string, string), ModelLawRow>> Fits(IReadOnlyList<ModelLawRow> rows) =>
        rows.GroupBy(row => (row.Law, row.Size, row.Data));

    static string Value(ModelLawRow row) => double.IsNaN(row.Value) ? $"{row.Parameter} undefined"
        : double.IsNaN(row.CiLow) ? $"{row.Parameter} {Digits(row.Value)}"
        : row.CiLow == row.CiHigh ? $"{row.Parameter} {Digits(row.Value)} (at its bound in every refit)"
        : $"{row.Parameter} {Digits(row.Value)} ({Digits(row.CiLow)} to {Digits(row.CiHigh)})";

    static bool IsOfLoss(string law) => LawRegistry.All.First(known => known.Name == law).Output == "loss";

    static string Spread(ModelLawRow row) => double.IsNaN(row.HeldOutStandardError) ? "" : $" ± {Digits(row.HeldOutStandardError)}";

    static string Nats(double loss) => NumberText.Fixed(loss, 4);

    static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>What is smaller than any loss could show is 0.</summary>
    static string Digits(double value) =>
        Math.Abs(value) < Negligible ? "0" : value.ToString("G4", CultureInfo.InvariantCulture);

    static string Scientific(double value) => value.ToString("0.##e0", CultureInfo.InvariantCulture);
}
