using System.Text;
using System.Text.Json.Nodes;
using Harness.Records;

namespace Harness.Tests.Comparison.Fakes;

/// <summary>
/// The committed files of a small experiment, in memory. A wrong sample answers "wrong", a right one its problem's right answer. Each pool
/// is read by single, and where it has several samples a problem by coverage of all of them; their accuracies are computed here from the
/// definition.
/// </summary>
sealed record ResultFiles
{
    public required string Name { get; init; }
    public required IReadOnlyList<SampleRow> Samples { get; init; }
    public required IReadOnlyList<ProblemRow> Problems { get; init; }
    public IReadOnlyList<RewardRow> Rewards { get; init; } = [];
    public required JsonObject Run { get; init; }

    /// <summary>By the machine's name.</summary>
    public IReadOnlyDictionary<string, ThroughputRow[]> Machines { get; init; } = new Dictionary<string, ThroughputRow[]>();

    /// <summary>Rows of accuracy.csv as they are written, from the right ones.</summary>
    public Func<IEnumerable<AccuracyRow>, IEnumerable<AccuracyRow>> Estimate { get; init; } = rows => rows;

    /// <summary>A file's text as it is written, from the one of today's schema.</summary>
    public Func<string, string, string> Text { get; init; } = (_, text) => text;

    /// <summary>Pools of the rights and wrongs of each problem's samples, such as "10 11": two problems of two samples.</summary>
    public static ResultFiles Of(string name, params (string Pool, string Right)[] pools)
    {
        List<SampleRow> samples = [];
        List<ProblemRow> problems = [];
        foreach ((string pool, string right) in pools)
        {
            foreach ((int problem, string ofProblem) in right.Split(' ').Index())
            {
                problems.Add(new ProblemRow { Pool = pool, Problem = problem, Gold = Gold(problem) });
                samples.AddRange(ofProblem.Select((digit, sample) => Sample(pool, problem, sample, digit == '1')));
            }
        }
        return new ResultFiles { Name = name, Samples = samples, Problems = problems, Run = RunOf(name, samples) };
    }

    /// <summary>The rights and wrongs of so many problems with one sample each.</summary>
    public static string Repeat(params (int Times, string Problem)[] problems) =>
        string.Join(' ', problems.SelectMany(problem => Enumerable.Repeat(problem.Problem, problem.Times)));

    /// <summary>The same with other tokens in every sample whose answer is another one in <paramref name="right"/>.</summary>
    public ResultFiles Answering(string pool, string right)
    {
        Dictionary<(int, int), bool> asked = right.Split(' ').Index().SelectMany(problem => problem.Item.Select((digit, sample) =>
            (Key: (problem.Index, sample), IsRight: digit == '1'))).ToDictionary(pair => pair.Key, pair => pair.IsRight);
        return this with
        {
            Samples = [.. Samples.Select(row => row.Pool == pool && asked[(row.Problem, row.Sample)] != (row.Correct == 1)
                ? Sample(pool, row.Problem, row.Sample, row.Correct == 0) with { TokensHash = Hash(row, 1) } : row)],
        };
    }

    public ResultFiles With(string pool, int problem, int sample, Func<SampleRow, SampleRow> change) => this with
    {
        Samples = [.. Samples.Select(row => (row.Pool, row.Problem, row.Sample) == (pool, problem, sample) ? change(row) : row)],
    };

    public ResultFiles WithRun(Action<JsonObject> change)
    {
        JsonObject run = (JsonObject)Run.DeepClone();
        change(run);
        return this with { Run = run };
    }

    public static string Gold(int problem) => $"answer {problem}";

    public static string Hash(SampleRow row, int version) => Hashes.OfTokens([row.Problem, row.Sample, version]);

    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        Put(SampleTable.Csv.FileName, SampleTable.Csv.Write(Samples));
        Put(AccuracyTable.Csv.FileName, AccuracyTable.Csv.Write(Estimate(Accuracy())));
        if (Problems.Count > 0)
            Put(ProblemTable.Csv.FileName, ProblemTable.Csv.Write(Problems));
        if (Rewards.Count > 0)
            Put(RewardTable.Csv.FileName, RewardTable.Csv.Write(Rewards));
        foreach ((string machine, ThroughputRow[] rows) in Machines)
        {
            Directory.CreateDirectory(Path.Combine(folder, "machines", machine));
            Put(Path.Combine("machines", machine, ThroughputTable.Csv.FileName), ThroughputTable.Csv.Write(rows));
        }
        Put(RunJson.FileName, Encoding.UTF8.GetBytes(Run.ToJsonString(JsonStyle.Indented) + "\n"));

        void Put(string file, byte[] content) =>
            File.WriteAllText(Path.Combine(folder, file), Text(file, Encoding.UTF8.GetString(content)));
    }

    static SampleRow Sample(string pool, int problem, int sample, bool isRight)
    {
        SampleRow row = new()
        {
            Pool = pool,
            Problem = problem,
            Sample = sample,
            Difficulty = 3,
            PromptTokens = 5,
            Tokens = 7,
            Finish = "stop",
            Answer = isRight ? Gold(problem) : "wrong",
            Correct = isRight ? 1 : 0,
            Logprob = -1.5,
            TokensHash = "",
        };
        return row with { TokensHash = Hash(row, 0) };
    }

    IEnumerable<AccuracyRow> Accuracy()
    {
        foreach (IGrouping<string, SampleRow> pool in Samples.GroupBy(row => row.Pool))
        {
            double[] shares = [.. pool.GroupBy(row => row.Problem).Select(problem => problem.Average(row => row.Correct))];
            int samples = pool.Max(row => row.Sample) + 1;
            yield return Row(pool.Key, "single", 1, shares.Length, shares.Average());
            if (samples > 1)
                yield return Row(pool.Key, "coverage", samples, shares.Length, shares.Average(share => share > 0 ? 1.0 : 0));
        }
    }

    static AccuracyRow Row(string pool, string strategy, int multiplier, int problems, double accuracy) => new()
    {
        Pool = pool,
        Strategy = strategy,
        Multiplier = multiplier,
        Difficulty = AccuracyRow.AllDifficulties,
        Problems = problems,
        Accuracy = accuracy,
        CiLow = accuracy / 2,
        CiHigh = (1 + accuracy) / 2,
        Tokens = 7 * multiplier,
        Flops = 1000 * multiplier,
    };

    static JsonObject RunOf(string name, List<SampleRow> samples)
    {
        string[] pools = [.. samples.Select(row => row.Pool).Distinct()];
        int Most(string pool) => samples.Where(row => row.Pool == pool).Max(row => row.Sample) + 1;
        return new JsonObject
        {
            ["inputs"] = new JsonObject
            {
                ["model"] = "ab12",
                ["pools"] = new JsonObject(pools.Select(pool => KeyValuePair.Create(pool, (JsonNode?)new JsonObject { ["data"] = null }))),
            },
            ["keys"] = new JsonObject { ["analysis"] = "key" },
            ["manifest"] = new JsonObject
            {
                ["model"] = "model",
                ["name"] = name,
                ["pools"] = new JsonArray([.. pools.Select(pool => (JsonNode)new JsonObject
                {
                    ["difficulties"] = new JsonArray(3),
                    ["name"] = pool,
                    ["options"] = new JsonObject(),
                    ["samples"] = Most(pool),
                    ["task"] = "sum",
                })]),
                ["precision"] = "w8a8",
                ["seed"] = 1,
                ["strategies"] = new JsonArray([.. pools.SelectMany(pool => new[] { ("single", 1), ("coverage", Most(pool)) }
                    .Select(strategy => (JsonNode)new JsonObject
                    {
                        ["multipliers"] = new JsonArray(strategy.Item2),
                        ["name"] = strategy.Item1,
                        ["options"] = new JsonObject(),
                        ["pool"] = pool,
                        ["verifier"] = null,
                    }))]),
            },
            ["outputs"] = new JsonObject(),
            ["schema"] = 2,
            ["versions"] = new JsonObject { ["analysis"] = 3, ["numerics"] = 1, ["tasks"] = 3 },
        };
    }
}
