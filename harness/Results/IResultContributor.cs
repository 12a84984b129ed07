using Harness.Figures;
using Harness.Reports;

namespace Harness.Results;

/// <summary>A stage's part of what an experiment commits.</summary>
/// <param name="Files">Exact files: name and content.</param>
/// <param name="Figures">Drawn from the rows of those files.</param>
/// <param name="Sections">Of the report, in their order.</param>
public sealed record Contribution(
    IReadOnlyList<(string Name, byte[] Content)> Files, IReadOnlyList<Figure> Figures, IReadOnlyList<ReportSection> Sections)
{
    public static Contribution None { get; } = new([], [], []);
}

/// <summary>
/// Names the exact files, the figures and the report's sections of one stage: a pure function of the analysed experiment.
/// </summary>
public interface IResultContributor
{
    Contribution Of(AnalysedExperiment experiment);
}
