using System.Globalization;
using Harness.Kernels.Configuration;
using Harness.Manifests;
using Harness.Records;
using Harness.Samples;
using Harness.Statistics;
using Harness.Strategies;

namespace Harness.Analysis;

/// <summary>What strategies gain and cost over one pool, at each of their multipliers.</summary>
public sealed class AccuracyEstimator
{
    readonly PoolEstimates pool;
    readonly PooledCost[] costs;
    readonly ChanceBaseline chance;
    readonly List<Group> groups;

    /// <param name="model">Its shape, of which operations are counted; they are NaN where it is unknown.</param>
    public AccuracyEstimator(PoolEstimates pool, ModelConfig? model)
    {
        this.pool = pool;
        IReadOnlyList<ProblemSamples> problems = pool.Problems;
        costs = new PooledCost[problems.Count];
        Parallel.For(0, costs.Length, i => costs[i] = new PooledCost(problems[i], model));
        chance = ChanceBaseline.Of(
            [.. problems.Select(problem => (IReadOnlyList<string?>)[.. problem.Samples.Select(sample => sample.Answer)])],
            [.. problems.Select(problem => problem.Gold)],
            [.. problems.Select(problem => problem.Difficulty)]);
        groups = GroupsOf(problems, pool.Seed);
    }

    /// <summary>Problems that share rows: those of one difficulty, or all.</summary>
    /// <param name="Difficulty">Null for all.</param>
    sealed record Group(string Name, int? Difficulty, int[] Members, ProblemDraws Draws, double CutOff, double NoAnswer);

    /// <summary>A strategy at one multiplier.</summary>
    /// <param name="CutOffWrong">
    /// Of each problem, the accuracy if its samples that were cut off were wrong; null where that is unknown.
    /// </param>
    /// <param name="CutOffRight">The same if they were right.</param>
    sealed record Setting(StrategyManifest Reader, int Multiplier, StrategyEstimate[] Estimates, ChanceEstimate Chance, Cost[] Costs,
        double[]? CutOffWrong, double[]? CutOffRight);

    /// <summary>
    /// Of each strategy its rows by multiplier as listed; within one, each difficulty in ascending order where the pool has several, then
    /// all. An accuracy is NaN where the multiplier exceeds a problem's samples.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<AccuracyRow>> Estimate(IReadOnlyList<StrategyManifest> readers)
    {
        Setting[] settings = [.. readers.SelectMany(Measure)];
        // All settings of a group of problems share their resamples.
        Interval[][] intervals = [.. groups.Select(group => AnchoredBootstrap.OfMeans(
            [.. settings.Select(setting => Accuracies(setting, group))],
            group.Draws,
            Anchors.Accuracy).Select(mean => mean.Interval()).ToArray())];
        ILookup<StrategyManifest, AccuracyRow> rows = settings
            .SelectMany((setting, place) => groups.Select((group, g) => (setting.Reader, Row: Row(setting, group, intervals[g][place]))))
            .ToLookup(pair => pair.Reader, pair => pair.Row);
        return [.. readers.Select(reader => (IReadOnlyList<AccuracyRow>)[.. rows[reader]])];
    }

    IEnumerable<Setting> Measure(StrategyManifest reader)
    {
        StrategyEstimate[][] estimates = [.. reader.Multipliers.Select(multiplier => pool.Of(reader.Strategy, multiplier))];
        double[][]? wrong = CutOffSamples.Accuracies(pool, reader.Strategy, reader.Multipliers, estimates, areRight: false);
        double[][]? right = CutOffSamples.Accuracies(pool, reader.Strategy, reader.Multipliers, estimates, areRight: true);
        return reader.Multipliers.Select((multiplier, place) => new Setting(
            reader,
            multiplier,
            estimates[place],
            chance.Estimate(problem => estimates[place][problem].Judged),
            CostsOf(reader, multiplier, estimates[place]),
            wrong?[place],
            right?[place]));
    }

    Cost[] CostsOf(StrategyManifest reader, int multiplier, StrategyEstimate[] estimates)
    {
        Cost[] spent = new Cost[costs.Length];
        Parallel.For(0, spent.Length, i => spent[i] = costs[i].Of(reader, multiplier, estimates[i]));
        return spent;
    }

    AccuracyRow Row(Setting setting, Group group, Interval interval)
    {
        Cost cost = group.Members.Aggregate(default(Cost), (sum, member) => sum.Beside(setting.Costs[member]))
            .Times(1.0 / group.Members.Length);
        double accuracy = Mean.Of(Accuracies(setting, group));
        Interval posterior = setting.Reader.Interval == IntervalKind.Bayes
            ? BetaDistribution.Posterior(Accuracies(setting, group)) : Interval.Undefined;
        double byChance = group.Difficulty is { } difficulty ? setting.Chance.Of(difficulty) : setting.Chance.All;
        return new AccuracyRow
        {
            Pool = setting.Reader.Pool.Name,
            Strategy = setting.Reader.Name,
            Multiplier = setting.Multiplier,
            Difficulty = group.Name,
            Problems = group.Members.Length,
            Accuracy = SignificantDigits.Round(accuracy),
            CiLow = SignificantDigits.Round(interval.Low),
            CiHigh = SignificantDigits.Round(interval.High),
            BayesLow = SignificantDigits.Round(posterior.Low),
            BayesHigh = SignificantDigits.Round(posterior.High),
            Note = double.IsNaN(accuracy) ? Undefined(setting) : "",
            MonteCarloError = SignificantDigits.Round(
                MonteCarloError.OfMean([.. group.Members.Select(member => setting.Estimates[member].Own.StandardError)])),
            Chance = SignificantDigits.Round(byChance),
            ChanceNote = double.IsNaN(byChance) ? chance.Undefined ?? "fewer than two problems, or fewer samples than the multiplier reads"
                : "",
            IsUpperBound = setting.Reader.IsUpperBound,
            CutOff = group.CutOff,
            CutOffWrong = MeanOf(setting.CutOffWrong, group),
            CutOffRight = MeanOf(setting.CutOffRight, group),
            NoAnswer = group.NoAnswer,
            PromptTokens = SignificantDigits.Round(cost.PromptTokens),
            Tokens = SignificantDigits.Round(cost.GeneratedTokens),
            VerifierTokens = SignificantDigits.Round(cost.VerifierTokens),
            PrunedTokens = SignificantDigits.Round(cost.PrunedTokens),
            CriticalTokens = SignificantDigits.Round(Mean.Of([.. group.Members.Select(member => setting.Costs[member].CriticalTokens)])),
            Flops = SignificantDigits.Round(cost.Flops),
            PromptFlops = SignificantDigits.Round(cost.PromptFlops),
            GeneratedFlops = SignificantDigits.Round(cost.GeneratedFlops),
            VerifierFlops = SignificantDigits.Round(cost.VerifierFlops),
            PrunedFlops = SignificantDigits.Round(cost.PrunedFlops),
        };
    }

    static string Undefined(Setting setting) => setting.Reader.Definition.ReadsAllSamples
        ? "a problem has another number of samples than the multiplier says" : "a problem has fewer samples than the multiplier reads";

    static double MeanOf(double[]? values, Group group) => values is null ? double.NaN
        : SignificantDigits.Round(Mean.Of([.. group.Members.Select(member => values[member])]));

    static double[] Accuracies(Setting setting, Group group) => [.. group.Members.Select(member => setting.Estimates[member].Own.Accuracy)];

    static List<Group> GroupsOf(IReadOnlyList<ProblemSamples> problems, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, problems.Count)];
        IGrouping<int, int>[] byDifficulty = [.. all.GroupBy(i => problems[i].Difficulty).OrderBy(group => group.Key)];
        List<Group> groups = [];
        if (byDifficulty.Length > 1)
            groups.AddRange(byDifficulty.Select(group => GroupOf(group.Key, [.. group])));
        groups.Add(GroupOf(null, all));
        return groups;

        Group GroupOf(int? difficulty, int[] members)
        {
            PooledSample[] samples = [.. members.SelectMany(member => problems[member].Samples)];
            return new Group(
                difficulty?.ToString(CultureInfo.InvariantCulture) ?? AccuracyRow.AllDifficulties,
                difficulty,
                members,
                new ProblemDraws([.. members.Select(member => problems[member].Difficulty)], seed),
                Share(samples, sample => sample.CutOff),
                samples.All(sample => sample is { Answer: null, CutOff: null }) ? double.NaN
                    : Share(samples, sample => sample.Answer is null));
        }
    }

    /// <summary>NaN where it is unknown of a sample, and of none.</summary>
    static double Share(PooledSample[] samples, Func<PooledSample, bool?> holds) => samples.Length == 0
        || samples.Any(sample => holds(sample) is null)
        ? double.NaN
        : SignificantDigits.Round((double)samples.Count(sample => holds(sample) == true) / samples.Length);
}
