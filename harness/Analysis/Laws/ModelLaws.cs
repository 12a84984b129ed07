using Harness.Kernels.Sampling;
using Harness.Manifests;
using Harness.Records;
using Harness.Statistics;
using Harness.Statistics.Laws;

namespace Harness.Analysis.Laws;

/// <summary>
/// laws.csv and law-points.csv: the laws that a manifest fits to the losses and coverages of its models, with intervals over models that
/// are drawn anew, and what they say of those that were held out.
/// </summary>
public sealed record ModelLaws(IReadOnlyList<ModelLawRow> Rows, IReadOnlyList<LossPointRow> Points)
{
    /// <summary>Resamples of models, each fitted again.</summary>
    public const int Resamples = 1000;

    /// <summary>What follows from the parameters of a law of parameters and tokens.</summary>
    const string OptimalCoefficient = "G", OptimalExponent = "a";

    /// <summary>Of the method of parabolas, on the losses of the law of parameters and tokens.</summary>
    const string Bias = "a_bias";

    /// <summary>A law with one size, and the loss on one of the data or the coverage of one evaluation.</summary>
    sealed record Asked(LawManifest Manifest, ILaw Law, ModelSize Size, string Data, TrainedEnd[] Fitted, TrainedEnd[] HeldOut)
    {
        public IReadOnlyList<TrainedEnd> All => [.. Fitted, .. HeldOut];
    }

    /// <param name="Names">The law's parameters, then what follows from them.</param>
    /// <param name="Refits">Values of the resamples that have a fit.</param>
    /// <param name="Parameters">The same resamples' parameters.</param>
    sealed record Fitted(
        Asked Asked, LawFit Fit, string[] Names, double[] Values, double[][] Refits, double[][] Parameters, HeldOutError HeldOut);

    /// <param name="laws">Of the manifest.</param>
    /// <param name="ends">Of all its models, in its order.</param>
    /// <param name="seed">Of the resamples.</param>
    public static ModelLaws Of(IReadOnlyList<LawManifest> laws, IReadOnlyList<TrainedEnd> ends, ulong seed)
    {
        Dictionary<string, TrainedEnd> byName = ends.ToDictionary(end => end.Model.Name, StringComparer.Ordinal);
        List<Fitted> fits = [];
        // Laws of parameters and tokens first: the bias of the others is of them.
        foreach (LawManifest law in laws.OrderBy(law => law.Law is LossLaw ? 0 : 1))
        {
            foreach (ModelSize size in law.Sizes)
            {
                foreach (string data in law.IsOfCoverage ? law.Evaluations : law.Data)
                {
                    Asked asked = new(law, law.Law, size, data,
                        [.. law.Models.Select(name => byName[name])], [.. law.HeldOut.Select(name => byName[name])]);
                    asked = asked with { Law = law.Law.Over(DataOf(asked, asked.Fitted)) };
                    fits.Add(Fit(asked, fits.FirstOrDefault(
                        fit => fit.Asked.Law is LossLaw && fit.Asked.Size == size && fit.Asked.Data == data), seed));
                }
            }
        }
        fits = [.. fits.OrderBy(fit => laws.Index().First(law => law.Item == fit.Asked.Manifest).Index)];
        HashSet<Fitted> chosen =
        [
            .. fits.Where(fit => fit.Asked.Law is LossLaw).GroupBy(fit => (fit.Asked.Size, fit.Asked.Data))
                .Where(rivals => rivals.Count() > 1).Select(Choose).OfType<Fitted>(),
        ];
        return new ModelLaws([.. fits.SelectMany(fit => RowsOf(fit, chosen.Contains(fit)))],
            [.. fits.Where(fit => fit.Asked.Law is LossLaw && fit.Fit.IsDefined).SelectMany(PointsOf)]);
    }

    static Fitted? Choose(IEnumerable<Fitted> rivals)
    {
        Fitted[] all = [.. rivals];
        // Of one model's error nobody knows how far it would be off for another one.
        if (all.Any(fit => double.IsNaN(fit.HeldOut.StandardError)))
            return null;
        int best = LawChoice.Of([.. all.Select(fit => (fit.Asked.Law, fit.HeldOut))]);
        return best < 0 ? null : all[best];
    }

    static Fitted Fit(Asked asked, Fitted? surface, ulong seed)
    {
        LawData data = DataOf(asked, asked.Fitted);
        LawFit fit = asked.Law.Fit(data);
        string[] names = [.. asked.Law.Parameters, .. Following(asked, fit, surface).Select(each => each.Name)];
        double[] values = ValuesOf(asked, fit, surface);
        HeldOutError heldOut = HeldOutOf(asked, fit, data, seed);
        if (!fit.IsDefined)
            return new Fitted(asked, fit, names, values, [], [], heldOut);
        LawFit[] refits = new LawFit[Resamples];
        Parallel.For(0, Resamples, resample =>
        {
            RandomStream random = new(seed, RandomPurpose.LawPoints, (uint)resample, (uint)asked.Fitted.Length);
            TrainedEnd[] drawn = new TrainedEnd[asked.Fitted.Length];
            for (int place = 0; place < drawn.Length; place++)
                drawn[place] = asked.Fitted[random.Below(drawn.Length)];
            // As many models as parameters leave nothing to judge them by.
            refits[resample] = asked.Law is LossLaw && drawn.Distinct().Count() <= asked.Law.Parameters.Count
                ? LawFit.Undefined(asked.Law.Parameters.Count, 0, 0)
                : asked.Law.Fit(DataOf(asked, drawn), fit);
        });
        LawFit[] defined = [.. refits.Where(refit => refit.IsDefined)];
        return new Fitted(asked, fit, names, values, [.. defined.Select(refit => ValuesOf(asked, refit, surface))],
            [.. defined.Select(refit => refit.Parameters)], heldOut);
    }

    /// <summary>Points of the law: models themselves, or what they give at equal budgets.</summary>
    static LawData DataOf(Asked asked, IReadOnlyList<TrainedEnd> ends)
    {
        if (asked.Law is IsoFlopLaw)
            return IsoFlopCurve.Points(IsoFlopCurve.Of(SizesOf(ends, asked.Size, end => end.Losses[asked.Data])));
        (TrainedEnd End, int K, double Output)[] points = asked.Manifest.IsOfCoverage
            ? [.. ends.SelectMany(end => end.Coverages[asked.Data].Select(point => (end, point.K, point.Coverage)))]
            : [.. ends.Select(end => (end, 1, end.Losses[asked.Data]))];
        return new LawData(
            [.. asked.Law.Inputs.Select(input => points.Select(point => InputOf(point.End, point.K, asked.Size, input)).ToArray())],
            [.. points.Select(point => point.Output)]);
    }

    static double InputOf(TrainedEnd end, int k, ModelSize size, string input) => input switch
    {
        "parameters" => end.Parameters(size),
        "tokens" => end.Tokens,
        "k" => k,
        _ => end.Flops(size),
    };

    /// <summary>The models of each size by their budgets; of several at one budget the mean.</summary>
    static (double, double[], double[])[] SizesOf(IEnumerable<TrainedEnd> ends, ModelSize size, Func<TrainedEnd, double> lossOf) =>
    [
        .. ends.GroupBy(end => end.Parameters(size)).Select(models =>
        {
            IGrouping<long, TrainedEnd>[] budgets = [.. models.GroupBy(end => end.Model.Tokens)];
            return (models.Key, budgets.Select(same => Mean.Of([.. same.Select(end => end.Flops(size))])).ToArray(),
                budgets.Select(same => Mean.Of([.. same.Select(lossOf)])).ToArray());
        }),
    ];

    static double[] ValuesOf(Asked asked, LawFit fit, Fitted? surface) =>
        [.. fit.Parameters, .. Following(asked, fit, surface).Select(each => each.Value)];

    static IEnumerable<(string Name, double Value)> Following(Asked asked, LawFit fit, Fitted? surface)
    {
        if (asked.Law is LossLaw)
        {
            LossOptimum best = fit.IsDefined ? LossOptimum.Of(fit.Parameters) : new(double.NaN, double.NaN);
            yield return (OptimalCoefficient, best.Coefficient);
            yield return (OptimalExponent, best.Exponent);
        }
        else if (asked.Law is IsoFlopLaw && surface is { Fit.IsDefined: true })
        {
            yield return (Bias, BiasOf(asked, surface));
        }
    }

    /// <summary>What parabolas give where losses are exactly those of the fitted law, less what that law says.</summary>
    static double BiasOf(Asked asked, Fitted surface)
    {
        double[] parameters = surface.Fit.Parameters;
        LawFit exact = asked.Law.Fit(IsoFlopCurve.Points(IsoFlopCurve.Of(SizesOf(asked.Fitted, asked.Size,
            end => surface.Asked.Law.Predict(parameters, [end.Parameters(asked.Size), end.Tokens])))));
        return exact.IsDefined ? exact.Parameters[1] - LossOptimum.Of(parameters).Exponent : double.NaN;
    }

    /// <summary>
    /// Of the models that the manifest holds out, with a standard error over models that are drawn anew where there are several; without
    /// any, of the largest budgets.
    /// </summary>
    static HeldOutError HeldOutOf(Asked asked, LawFit fit, LawData data, ulong seed)
    {
        if (asked.Law is IsoFlopLaw || asked.HeldOut.Length == 0)
            return HeldOutError.Of(asked.Law, data, seed);
        double[] squares = !fit.IsDefined ? [] :
        [
            .. asked.HeldOut.Select(end => DataOf(asked, [end])).Select(held => Mean.Of(
                [
                    .. Enumerable.Range(0, held.Points).Select(i => asked.Law.Predict(fit.Parameters, held.InputsOf(i)) - held.Outputs[i])
                        .Where(error => !double.IsNaN(error)).Select(error => error * error),
                ])).Where(square => !double.IsNaN(square)),
        ];
        return HeldOutError.OfSquares(squares, data.Points, seed);
    }

    static IEnumerable<ModelLawRow> RowsOf(Fitted fit, bool isChosen) => fit.Names.Select((name, place) =>
    {
        double[] refitted = [.. fit.Refits.Select(values => values[place]).Where(value => !double.IsNaN(value))];
        // The bias is of the whole data's law, and the same in every resample.
        Interval interval = refitted.Length == 0 || double.IsNaN(fit.Values[place]) || name == Bias ? Interval.Undefined
            : new ResampledMean(fit.Values[place], refitted).Interval();
        return new ModelLawRow
        {
            Law = fit.Asked.Law.Name,
            Size = LawAttributes.NameOf(fit.Asked.Size),
            Data = fit.Asked.Data,
            Parameter = name,
            Value = SignificantDigits.Round(fit.Values[place]),
            CiLow = SignificantDigits.Round(interval.Low),
            CiHigh = SignificantDigits.Round(interval.High),
            Points = fit.Fit.Points,
            Dropped = fit.Fit.Dropped,
            LossName = fit.Asked.Law.LossName,
            Loss = SignificantDigits.Round(fit.Fit.Loss),
            Starts = fit.Fit.Starts,
            Reached = fit.Fit.Reached,
            Refits = fit.Refits.Length,
            HeldOut = fit.HeldOut.Predicted,
            HeldOutError = SignificantDigits.Round(fit.HeldOut.RootMeanSquare),
            HeldOutStandardError = SignificantDigits.Round(fit.HeldOut.StandardError),
            IsChosen = isChosen,
        };
    });

    static IEnumerable<LossPointRow> PointsOf(Fitted fit)
    {
        Asked asked = fit.Asked;
        foreach (TrainedEnd end in asked.All)
        {
            double[] inputs = [.. asked.Law.Inputs.Select(input => InputOf(end, 1, asked.Size, input))];
            double predicted = asked.Law.Predict(fit.Fit.Parameters, inputs);
            Interval interval =
                new ResampledMean(predicted, [.. fit.Parameters.Select(parameters => asked.Law.Predict(parameters, inputs))]).Interval();
            yield return new LossPointRow
            {
                Law = asked.Law.Name,
                Size = LawAttributes.NameOf(asked.Size),
                Data = asked.Data,
                Model = end.Model.Name,
                Item = end.Model.Item,
                Budget = end.Model.Tokens,
                Parameters = end.Parameters(asked.Size),
                Tokens = end.Tokens,
                Flops = end.Flops(asked.Size),
                Loss = SignificantDigits.Round(end.Losses[asked.Data]),
                Predicted = SignificantDigits.Round(predicted),
                PredictedLow = SignificantDigits.Round(interval.Low),
                PredictedHigh = SignificantDigits.Round(interval.High),
                IsHeldOut = asked.HeldOut.Contains(end),
            };
        }
    }
}
