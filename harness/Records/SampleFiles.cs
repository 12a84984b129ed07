namespace Harness.Records;

/// <summary>What an experiment's pools came to: all that analyses read.</summary>
/// <param name="Samples">Rows of samples.csv, by (pool, problem, sample).</param>
/// <param name="Problems">Rows of problems.csv; empty where the files are of schema 1.</param>
/// <param name="Rewards">Rows of rewards.csv; empty where no verifier reads texts.</param>
public sealed record SampleFiles(IReadOnlyList<SampleRow> Samples, IReadOnlyList<ProblemRow> Problems, IReadOnlyList<RewardRow> Rewards)
{
    public static SampleFiles None { get; } = new([], [], []);

    /// <summary>Every one of them, as files.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [SampleTable.Csv.FileName, ProblemTable.Csv.FileName, RewardTable.Csv.FileName, RecordedTable.Csv.FileName];

    /// <summary>Rows of recorded.csv; empty where the pools are generated.</summary>
    public IReadOnlyList<RecordedRow> Recordings { get; init; } = [];

    /// <summary>Reads the committed files of a folder.</summary>
    public static SampleFiles Read(string folder)
    {
        string problems = Path.Combine(folder, ProblemTable.Csv.FileName), rewards = Path.Combine(folder, RewardTable.Csv.FileName),
            recordings = Path.Combine(folder, RecordedTable.Csv.FileName);
        return new SampleFiles(
            SampleTable.Csv.Read(Path.Combine(folder, SampleTable.Csv.FileName)),
            File.Exists(problems) ? ProblemTable.Csv.Read(problems) : [],
            File.Exists(rewards) ? RewardTable.Csv.Read(rewards) : [])
        {
            Recordings = File.Exists(recordings) ? RecordedTable.Csv.Read(recordings) : [],
        };
    }
}
