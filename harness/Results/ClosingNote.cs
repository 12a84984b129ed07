using System.Globalization;
using Harness.Identity;
using Harness.Reports;

namespace Harness.Results;

/// <summary>The end of a report: how its numbers are to be read.</summary>
public sealed class ClosingNote : IResultContributor
{
    public Contribution Of(AnalysedExperiment experiment) => new([], [],
    [
        new ReportSection("How to read this", IsSummary: false,
        [
            new Paragraph($"{Source(experiment)}, seed {experiment.Manifest.Seed.ToString(CultureInfo.InvariantCulture)}. "
                + "Intervals are 95 %, by the anchored bootstrap over problems. "
                + "Chance is the same estimate with each problem's samples judged against the other problems' right answers. An upper "
                + "bound needs the right "
                + $"answer to pick one, so nobody can deploy it. {Costs(experiment)} "
                + "Every number is derived from samples.csv, problems.csv and rewards.csv; the same command gives the same "
                + "bytes on any machine."),
        ]),
    ]);

    static string Source(AnalysedExperiment experiment) => experiment.Manifest.IsRecorded ? "Recorded samples"
        : $"Model `{experiment.ModelName}` at {ExperimentKey.PrecisionName(experiment.Manifest.Precision)}";

    static string Costs(AnalysedExperiment experiment) => experiment.Manifest.IsRecorded
        ? "What a recording does not state is empty, and so is what would be computed from it."
        : "Operations and tokens count the prompt once a problem and pool, and each generated token at its position.";
}
