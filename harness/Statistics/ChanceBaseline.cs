namespace Harness.Statistics;

/// <summary>
/// What an estimator gives by chance: each problem's samples are judged against the golds (the data's own answers) of all other problems.
/// A baseline is the mean over ordered pairs of different problems, of all difficulties or within one. Only golds that occur among a
/// problem's answers are judged, each once, with a weight of as many problems as have it.
/// </summary>
public sealed class ChanceBaseline
{
    /// <summary>A problem's samples, judged against one gold.</summary>
    /// <param name="Others">Other problems with this gold.</param>
    /// <param name="OthersOfDifficulty">Those among them of the problem's own difficulty.</param>
    readonly record struct Judgement(AnswerTally Tally, bool[] Correct, int Others, int OthersOfDifficulty);

    readonly Judgement[][] judgements;
    readonly int[] difficulties;

    ChanceBaseline(Judgement[][] judgements, int[] difficulties) => (this.judgements, this.difficulties) = (judgements, difficulties);

    /// <summary>Why there is no baseline; null where there is one.</summary>
    public string? Undefined { get; private init; }

    /// <param name="answers">For each problem the canonical answers of its samples; null or empty where a sample has none.</param>
    /// <param name="golds">The canonical gold of each problem; null where its answers are checked without one.</param>
    /// <param name="difficulties">The difficulty of each problem.</param>
    /// <param name="isRight">Whether an answer (first) is right for a gold (second); null where equal strings decide.</param>
    public static ChanceBaseline Of(
        IReadOnlyList<IReadOnlyList<string?>> answers,
        IReadOnlyList<string?> golds,
        IReadOnlyList<int> difficulties,
        Func<string, string, bool>? isRight = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(golds.Count, answers.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(difficulties.Count, answers.Count);
        if (golds.Any(gold => gold is null))
            return new([], []) { Undefined = "answers are checked without a gold, so they cannot be judged against another problem's" };
        if (golds.Count < 2)
            return new([], []) { Undefined = "there is no second problem whose gold could be judged against" };
        Golds all = new([.. golds.Select(gold => gold!)], [.. difficulties]);
        Judgement[][] judgements = new Judgement[answers.Count][];
        Parallel.For(0, judgements.Length, i => judgements[i] = all.Judge(i, answers[i], isRight));
        return new(judgements, [.. difficulties]);
    }

    /// <summary>The mean over all ordered pairs of problems, and the mean within each difficulty.</summary>
    /// <param name="estimators">
    /// The estimator of each problem, by the problem's place; see <see cref="ScoredEstimators"/>. They are called on several threads,
    /// each by one.
    /// </param>
    public ChanceEstimate Estimate(Func<int, ScoredEstimator> estimators)
    {
        if (Undefined is not null)
            return ChanceEstimate.None;
        (double Others, double OfDifficulty)[] sums = new (double, double)[judgements.Length];
        Parallel.For(0, sums.Length, i => sums[i] = Sums(judgements[i], estimators(i)));
        double all = 0;
        SortedDictionary<int, (double Sum, int Problems)> within = [];
        for (int i = 0; i < judgements.Length; i++)
        {
            (double others, double ofDifficulty) = sums[i];
            all += others;
            (double sum, int problems) = within.GetValueOrDefault(difficulties[i]);
            within[difficulties[i]] = (sum + ofDifficulty, problems + 1);
        }
        return new(
            all / Pairs(judgements.Length),
            within.ToDictionary(group => group.Key, group => group.Value.Sum / Pairs(group.Value.Problems)));
    }

    static double Pairs(int problems) => (double)problems * (problems - 1);

    static (double Others, double OfDifficulty) Sums(Judgement[] judgements, ScoredEstimator estimator)
    {
        double others = 0, ofDifficulty = 0;
        foreach (Judgement judgement in judgements)
        {
            double accuracy = estimator(judgement.Tally, judgement.Correct);
            others += accuracy * judgement.Others;
            ofDifficulty += accuracy * judgement.OthersOfDifficulty;
        }
        return (others, ofDifficulty);
    }

    /// <summary>The different golds of a set of problems, in the order of first appearance.</summary>
    sealed class Golds
    {
        readonly string[] ofProblem;
        readonly int[] difficulties;
        readonly List<string> different = [];
        readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
        readonly Dictionary<(string Gold, int Difficulty), int> withinDifficulty = [];
        readonly Dictionary<string, int> problems = new(StringComparer.Ordinal);

        public Golds(string[] ofProblem, int[] difficulties)
        {
            (this.ofProblem, this.difficulties) = (ofProblem, difficulties);
            for (int i = 0; i < ofProblem.Length; i++)
            {
                string gold = ofProblem[i];
                if (places.TryAdd(gold, different.Count))
                    different.Add(gold);
                problems[gold] = problems.GetValueOrDefault(gold) + 1;
                withinDifficulty[(gold, difficulties[i])] = withinDifficulty.GetValueOrDefault((gold, difficulties[i])) + 1;
            }
        }

        /// <summary>
        /// A case for each gold of other problems that is among the answers; where there is none, one case without a right answer.
        /// </summary>
        public Judgement[] Judge(int problem, IReadOnlyList<string?> answers, Func<string, string, bool>? isRight)
        {
            bool[] none = new bool[answers.Count];
            AnswerTally tally = AnswerTally.Of(answers, none);
            string[] given = [.. answers.OfType<string>().Where(answer => answer.Length > 0).Distinct(StringComparer.Ordinal)];
            List<Judgement> judged = [];
            IEnumerable<string> possible = isRight is null ? given.Where(places.ContainsKey).OrderBy(answer => places[answer]) : different;
            foreach (string gold in possible)
            {
                int own = string.Equals(gold, ofProblem[problem], StringComparison.Ordinal) ? 1 : 0;
                int others = problems[gold] - own, ofDifficulty = withinDifficulty.GetValueOrDefault((gold, difficulties[problem])) - own;
                HashSet<string> right = isRight is null ? [gold] : [.. given.Where(answer => isRight(answer, gold))];
                if (others == 0 || right.Count == 0)
                    continue;
                bool[] correct = [.. answers.Select(answer => answer is { Length: > 0 } && right.Contains(answer))];
                judged.Add(new(tally.With(correct), correct, others, ofDifficulty));
            }
            return judged.Count > 0 ? [.. judged] : [new(tally, none, 0, 0)];
        }
    }
}
