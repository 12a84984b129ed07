namespace Harness.Statistics;

/// <summary>
/// The best of several candidates, judged on problems that it was not chosen on (two-fold cross-validation): the accuracy of the best of
/// many is flattered by the luck that made it the best. Even-numbered problems choose the candidate for the odd ones, and odd ones for the
/// even.
/// </summary>
public sealed record HeadlineChoice
{
    /// <summary>Expectations are sums of rounded terms: candidates within this are equally accurate.</summary>
    const double Rounding = 1e-12;

    /// <summary>The place of the candidate that was best on the even-numbered problems, and is judged on the odd ones.</summary>
    public required int ChosenOnEven { get; init; }

    /// <summary>The place of the candidate that was best on the odd-numbered problems, and is judged on the even ones.</summary>
    public required int ChosenOnOdd { get; init; }

    /// <summary>For each problem, the place of the candidate that was chosen on the other half.</summary>
    public required int[] Chosen { get; init; }

    /// <summary>On each problem, the accuracy of the candidate that was chosen on the other half.</summary>
    public required double[] Judged { get; init; }

    /// <summary>The mean over all problems of <see cref="Judged"/>.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The 95 % interval of <see cref="Accuracy"/>, by the anchored bootstrap.</summary>
    public required Interval Interval { get; init; }

    /// <summary>On each problem, the accuracy of that candidate's one plain sample.</summary>
    public required double[] OneSample { get; init; }

    /// <summary><see cref="Judged"/> against <see cref="OneSample"/>.</summary>
    public required PairedDifference ToOneSample { get; init; }

    /// <summary>Whether it differs from one plain sample.</summary>
    public required ReasonedVerdict Verdict { get; init; }

    /// <param name="candidates">At least one has no NaN. The first of equally cheap and accurate candidates is chosen.</param>
    /// <param name="difficulties">The difficulty of each problem. Even and odd are counted within a difficulty, so that both halves have
    /// all difficulties.</param>
    /// <param name="margin">As in <see cref="ReasonedVerdict.Of"/>.</param>
    public static HeadlineChoice Of(
        IReadOnlyList<HeadlineCandidate> candidates,
        IReadOnlyList<int> difficulties,
        ulong seed,
        double margin = 0,
        int resamples = AnchoredBootstrap.DefaultResamples)
    {
        foreach (HeadlineCandidate candidate in candidates)
            ArgumentOutOfRangeException.ThrowIfNotEqual(candidate.Accuracies.Length, difficulties.Count);
        bool[] isOdd = ProblemHalves.OddOnes(difficulties);
        int onEven = Best(candidates, isOdd, ofOdd: false), onOdd = Best(candidates, isOdd, ofOdd: true);
        int[] chosen = [.. isOdd.Select(odd => odd ? onEven : onOdd)];
        double[] judged = [.. chosen.Select((place, problem) => candidates[place].Accuracies[problem])];
        double[] oneSample = [.. chosen.Select((place, problem) => candidates[place].OneSample[problem])];
        ProblemDraws draws = new(difficulties, seed);
        ResampledMean mean = AnchoredBootstrap.OfMeans([judged], draws, Anchors.Accuracy, resamples)[0];
        PairedDifference difference = PairedDifference.Of(judged, oneSample, draws, resamples);
        return new()
        {
            ChosenOnEven = onEven,
            ChosenOnOdd = onOdd,
            Chosen = chosen,
            Judged = judged,
            OneSample = oneSample,
            Accuracy = mean.Estimate,
            Interval = mean.Interval(),
            ToOneSample = difference,
            Verdict = ReasonedVerdict.Of(identical: false, difference, difference.PValue, margin),
        };
    }

    static int Best(IReadOnlyList<HeadlineCandidate> candidates, bool[] isOdd, bool ofOdd)
    {
        int best = -1;
        double most = double.NegativeInfinity;
        foreach (int place in Enumerable.Range(0, candidates.Count).OrderBy(place => candidates[place].Cost))
        {
            double[] accuracies = candidates[place].Accuracies;
            double accuracy = Mean.Of([.. accuracies.Where((_, problem) => isOdd[problem] == ofOdd).DefaultIfEmpty(0)]);
            if (accuracies.Any(double.IsNaN) || accuracy <= most + Rounding)
                continue;
            (best, most) = (place, accuracy);
        }
        return best >= 0 ? best : throw new ArgumentException("no candidate has an accuracy on every problem", nameof(candidates));
    }
}
