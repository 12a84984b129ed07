using System.Globalization;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Verifiers;

namespace Harness.Analysis;

/// <summary>How well verifiers tell right answers from wrong ones, and whether the probabilities that they give are true.</summary>
public static class VerifierQuality
{
    /// <summary>Ranges of the reward.</summary>
    const int Bins = 10;

    /// <summary>Of each answer of a problem, in its order.</summary>
    sealed record Judged(ProblemSamples Problem, double[] Rewards);

    /// <summary>
    /// verifiers.csv of one pool: each verifier that has judged it in the order of their names, then the model's own log-probabilities;
    /// each difficulty where there are several, then all.
    /// </summary>
    /// <param name="pool">Its name.</param>
    /// <param name="problems">With rewards.</param>
    /// <param name="models">Names of those verifiers that are reward models: what they give are probabilities.</param>
    /// <param name="seed">Of the resamples.</param>
    public static IReadOnlyList<VerifierRow> Of(
        string pool, IReadOnlyList<ProblemSamples> problems, IReadOnlyList<string> models, ulong seed) =>
    [
        .. from verifier in VerifiersOf(problems)
           let judged = JudgedBy(verifier, problems)
           from row in Rows(pool, verifier, judged, models.Contains(verifier), seed)
           select row,
    ];

    /// <summary>calibration.csv of one pool: of each reward model its ranges.</summary>
    public static IReadOnlyList<CalibrationRow> Calibration(
        string pool, IReadOnlyList<ProblemSamples> problems, IReadOnlyList<string> models, ulong seed)
    {
        ProblemDraws draws = new([.. problems.Select(problem => problem.Difficulty)], seed);
        return
        [
            .. from verifier in VerifiersOf(problems).Where(models.Contains)
               let judged = JudgedBy(verifier, problems)
               from bin in Enumerable.Range(0, Bins)
               where judged.Any(problem => problem.Rewards.Any(reward => BinOf(reward) == bin))
               select RowOf(pool, verifier, judged, bin, draws),
        ];
    }

    static IEnumerable<string> VerifiersOf(IReadOnlyList<ProblemSamples> problems)
    {
        IEnumerable<string> judged = problems.SelectMany(problem => problem.Rewards.Keys).Distinct().Order(StringComparer.Ordinal);
        return problems.All(problem => problem.Samples.All(sample => sample is { Tokens: not null, Logprob: not null }))
            ? [.. judged, mean.Name, sequence.Name] : judged;
    }

    static readonly MeanLogprob mean = new();

    static readonly SequenceLogprob sequence = new();

    static Judged[] JudgedBy(string verifier, IReadOnlyList<ProblemSamples> problems) =>
    [
        .. problems.Select(problem => new Judged(problem,
            verifier == mean.Name ? mean.Rewards(problem) : verifier == sequence.Name ? sequence.Rewards(problem)
                : problem.Rewards[verifier])),
    ];

    static IEnumerable<VerifierRow> Rows(string pool, string verifier, Judged[] judged, bool isProbability, ulong seed)
    {
        IGrouping<int, Judged>[] byDifficulty = [.. judged.GroupBy(problem => problem.Problem.Difficulty).OrderBy(group => group.Key)];
        if (byDifficulty.Length > 1)
        {
            foreach (IGrouping<int, Judged> some in byDifficulty)
                yield return RowOf(pool, verifier, some.Key.ToString(CultureInfo.InvariantCulture), [.. some], isProbability, seed);
        }
        yield return RowOf(pool, verifier, AccuracyRow.AllDifficulties, judged, isProbability, seed);
    }

    static VerifierRow RowOf(string pool, string verifier, string difficulty, Judged[] judged, bool isProbability, ulong seed)
    {
        (int Difficulty, double Area)[] compared =
        [
            .. judged.Select(problem => (problem.Problem.Difficulty, Area: RankArea.Of(problem.Rewards, problem.Problem.Correctness())))
                .Where(each => each.Area is not null).Select(each => (each.Difficulty, each.Area!.Value)),
        ];
        ResampledMean area = compared.Length == 0 ? ResampledMean.Undefined : AnchoredBootstrap.OfMeans(
            [[.. compared.Select(each => each.Area)]], new ProblemDraws([.. compared.Select(each => each.Difficulty)], seed),
            Anchors.Accuracy)[0];
        Interval interval = area.Interval();
        (double Reward, bool IsRight)[] all =
            [.. judged.SelectMany(problem => problem.Rewards.Zip(problem.Problem.Correctness()))];
        return new VerifierRow
        {
            Pool = pool,
            Verifier = verifier,
            Difficulty = difficulty,
            Problems = judged.Length,
            Compared = compared.Length,
            Auc = SignificantDigits.Round(area.Estimate),
            CiLow = SignificantDigits.Round(interval.Low),
            CiHigh = SignificantDigits.Round(interval.High),
            Brier = !isProbability ? double.NaN : SignificantDigits.Round(Mean.Of(
                [.. all.Select(each => (each.Reward - (each.IsRight ? 1 : 0)) * (each.Reward - (each.IsRight ? 1 : 0)))])),
            CalibrationError = !isProbability ? double.NaN : SignificantDigits.Round(CalibrationError(all)),
            MeanReward = SignificantDigits.Round(Mean.Of([.. all.Select(each => each.Reward)])),
            Right = SignificantDigits.Round(Mean.Of([.. all.Select(each => each.IsRight ? 1.0 : 0)])),
        };
    }

    /// <summary>Naeini et al. 2015 (AAAI): over ranges of equal width, each with its share of the answers.</summary>
    static double CalibrationError((double Reward, bool IsRight)[] all) => all.GroupBy(each => BinOf(each.Reward)).OrderBy(bin => bin.Key)
        .Sum(bin => Math.Abs(bin.Sum(each => each.Reward) - bin.Count(each => each.IsRight))) / all.Length;

    static CalibrationRow RowOf(string pool, string verifier, Judged[] judged, int bin, ProblemDraws draws)
    {
        (double Reward, bool IsRight)[][] within =
        [
            .. judged.Select(problem =>
                problem.Rewards.Zip(problem.Problem.Correctness()).Where(each => BinOf(each.First) == bin).ToArray()),
        ];
        ResampledMean right = RatioBootstrap.Of(
            [.. within.Select(problem => problem.Count(each => each.IsRight))], [.. within.Select(problem => problem.Length)], draws);
        Interval interval = right.Interval();
        double[] rewards = [.. within.SelectMany(problem => problem.Select(each => each.Reward))];
        return new CalibrationRow
        {
            Pool = pool,
            Verifier = verifier,
            From = (double)bin / Bins,
            To = (double)(bin + 1) / Bins,
            Samples = rewards.Length,
            MeanReward = SignificantDigits.Round(Mean.Of(rewards)),
            Right = SignificantDigits.Round(right.Estimate),
            CiLow = SignificantDigits.Round(interval.Low),
            CiHigh = SignificantDigits.Round(interval.High),
        };
    }

    static int BinOf(double reward) => Math.Clamp((int)(reward * Bins), 0, Bins - 1);
}
