using Harness.Records;

namespace Harness.Results;

/// <summary>samples.csv, problems.csv and, where a verifier reads texts, rewards.csv; of recorded pools recorded.csv.</summary>
public sealed class SampleResults : IResultContributor
{
    public Contribution Of(AnalysedExperiment experiment)
    {
        SampleFiles files = experiment.Files;
        List<(string, byte[])> written =
        [
            (SampleTable.Csv.FileName, SampleTable.Csv.Write(files.Samples)),
            (ProblemTable.Csv.FileName, ProblemTable.Csv.Write(files.Problems)),
        ];
        if (files.Rewards.Count > 0)
            written.Add((RewardTable.Csv.FileName, RewardTable.Csv.Write(files.Rewards)));
        if (files.Recordings.Count > 0)
            written.Add((RecordedTable.Csv.FileName, RecordedTable.Csv.Write(files.Recordings)));
        return new Contribution(written, [], []);
    }
}
