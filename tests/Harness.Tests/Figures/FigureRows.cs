extern alias Builtin;

using Builtin::Harness.Figures;
using Builtin::Harness.Records;

namespace Harness.Tests.Figures;

/// <summary>Rows as accuracy.csv holds them, and what run.json says of their pools, for the figures' tests.</summary>
static class FigureRows
{
    public static int[] Budgets { get; } = [1, 2, 4, 8, 16, 32, 64];

    public static AccuracyRow Row(
        string strategy, int multiplier, double accuracy, string pool = "think", string difficulty = "all", double? flops = null,
        bool isUpperBound = false) => new()
        {
            Pool = pool,
            Strategy = strategy,
            Multiplier = multiplier,
            Difficulty = difficulty,
            Problems = 100,
            Accuracy = accuracy,
            CiLow = Math.Max(0, accuracy - .05),
            CiHigh = Math.Min(1, accuracy + .05),
            IsUpperBound = isUpperBound,
            Tokens = 40 * multiplier,
            Flops = flops ?? 4.1e7 * multiplier,
        };

    public static PoolFacts Pool(string name, double temperature = 1, string prompt = "think", string questions = "think") =>
        new(name, "sum", questions, prompt, temperature, 100);

    /// <summary>Of pools that are asked the same with the same prompt; greedy at temperature 0.</summary>
    public static FigureFacts Facts(params string[] pools) => new(
        "What a vote buys", "tiny at w8a8",
        [.. pools.Select(pool => Pool(pool, pool == "greedy" ? 0 : 1, pool == "direct" ? "direct" : "think"))]);

    /// <summary>
    /// Three strategies over one pool and two difficulties, greedy decoding of it, another prompt, and a budget without a value.
    /// </summary>
    public static AccuracyRow[] Experiment()
    {
        List<AccuracyRow> rows =
        [
            Row("greedy", 1, .4, pool: "greedy", flops: 4.3e7), Row("single", 1, .33), Row("coverage", 128, double.NaN, isUpperBound: true),
            Row("majority-vote", 1, .1, pool: "direct", flops: 6.3e6), Row("majority-vote", 2, .12, pool: "direct", flops: 1.1e7),
        ];
        double accuracy = .25;
        foreach (int k in Budgets)
        {
            accuracy += .08;
            foreach (string difficulty in new[] { "all", "3", "10" })
            {
                rows.Add(Row("coverage", k, Math.Min(1, accuracy + .15), difficulty: difficulty, isUpperBound: true));
                rows.Add(Row("majority-vote", k, accuracy, difficulty: difficulty));
                rows.Add(Row("best-of-n", k, accuracy - .05, difficulty: difficulty));
            }
        }
        return [.. rows];
    }

    public static FigureFacts ExperimentFacts { get; } = Facts("think", "direct", "greedy");

    static ThroughputPoint[] Speeds { get; } = [new(1, 310, 300, 321), new(16, 3300, 3100, 3350), new(64, 7900, 7600, 8000)];

    public static IReadOnlyList<Figure> OfExperiment() =>
    [
        .. ExperimentFigures.Draw(Experiment(), ExperimentFacts),
        ExperimentFigures.ThroughputAgainstBatch(Speeds, "cpu-x2", "w8a8, cpu, 2 threads", "prompt of 9 tokens")!,
    ];

    /// <summary>Figures of experiments that are hard to draw, by what is hard.</summary>
    public static IEnumerable<(string Name, Figure Figure)> Hard()
    {
        const string Long = "a-name-made-by-concatenating-every-setting-of-the-run-temperature-0.7-top-p-0.95-shots-8-seed-1-twice";
        string[] eight =
            ["best-of-n", "coverage", "early-stopping", "majority-vote", "mcts", "rebase", "tree-of-thoughts", "weighted-vote"];
        (string Name, AccuracyRow[] Rows, FigureFacts Facts)[] experiments =
        [
            ("usual", Experiment(), ExperimentFacts),
            ("eight strategies",
                [.. eight.SelectMany((name, i) => Budgets.Select((k, j) =>
                    Row(name, k, .3 + .01 * j * (i + 1), isUpperBound: i == 1))),
                    Row("greedy", 1, .3, "greedy")], Facts("think", "greedy")),
            ("equal heights",
                [.. eight.SelectMany(name => Budgets.Select(k => Row(name, k, 1, isUpperBound: name == "coverage"))),
                    Row("greedy", 1, 1, "greedy")], Facts("think", "greedy")),
            ("twenty multipliers",
                [.. Enumerable.Range(1, 20).SelectMany(k => eight[..4].Select((name, i) => Row(name, k, .2 + .01 * k * i)))],
                Facts("think")),
            ("one point", [Row("single", 1, .5)], Facts("think")),
            ("one sample of each prompt",
                [Row("single", 1, .5), Row("single", 1, .2, "direct"), Row("greedy", 1, .55, "greedy")],
                Facts("think", "direct", "greedy")),
            ("one budget above 1", [Row("majority-vote", 16, .5)], Facts("think")),
            ("missing values",
                [.. Budgets.Select(k => Row("a", k, k > 8 ? double.NaN : .3)), .. Budgets.Select(k => Row("b", k, .2) with
                {
                    CiLow = double.NaN,
                    CiHigh = double.NaN,
                })], Facts("think")),
            ("long names",
                [.. Budgets.SelectMany(k => new[]
                {
                    Row(Long, k, .3, Long), Row("coverage", k, .5, Long, isUpperBound: true), Row("a", k, .1),
                }), Row("single", 1, .6, "greedy")],
                new FigureFacts(Long, Long, [Pool(Long), Pool("think"), Pool("greedy", 0, Long)])),
            ("six pools",
                [.. "abcdef".SelectMany((name, i) => Budgets.Select(k => Row("majority-vote", k, .1 * i, $"pool-{name}")))], Facts()),
            ("five difficulties",
                [.. new[] { "all", "2", "3", "4", "5", "10" }.SelectMany((name, i) =>
                    Budgets.Select(k => Row("coverage", k, 1 - .1 * i, difficulty: name)))], Facts("think")),
            ("nothing right", [.. eight[..3].SelectMany(name => Budgets.Select(k => Row(name, k, 0)))], Facts("think")),
            ("levels and lines",
                [.. Budgets.Select(k => Row("majority-vote", k, .3)), Row("single", 1, .4), Row("greedy", 1, .5, "greedy")],
                Facts("think", "greedy")),
        ];
        return experiments.SelectMany(experiment => ExperimentFigures.Draw(experiment.Rows, experiment.Facts)
            .Select(figure => ($"{experiment.Name}: {figure.FileName}", figure)));
    }
}
