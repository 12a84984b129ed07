using Harness.Diagnostics;
using Harness.Gates;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>An experiment's gates as lines that MSBuild, editors and GitHub read.</summary>
static class GateLines
{
    /// <summary>After a run: how many pass, a warning for each that cannot tell, and the failures as one exception.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.GateFails"/>; several come as one <see cref="ManifestException"/>.</exception>
    public static void Print(Action<string> line, ResolvedExperiment experiment, bool strict)
    {
        GateOutcome[] outcomes = [.. GateCheck.Of(experiment.Manifest, experiment.Paths).Select(outcome => outcome.Judged(strict))];
        if (outcomes.Length == 0)
            return;
        line($"{experiment.Manifest.Name}: {NumberText.Count(outcomes.Length, "gate")}: " + string.Join(", ",
            outcomes.GroupBy(outcome => outcome.Verdict).OrderBy(group => group.Key)
                .Select(group => $"{group.Count()} {Verb(group.First(), group.Count())}")));
        foreach (GateOutcome outcome in outcomes.Where(outcome => outcome.Verdict == GateVerdict.CannotTell))
            line(WarningLine.Of(Codes.GateCannotTell, outcome.Text, outcome.Gate.Place, experiment.Manifest.Project));
        HarnessException[] failures = [.. outcomes.Where(outcome => outcome.Verdict == GateVerdict.Fails).Select(Failure)];
        if (failures.Length > 0)
            throw ManifestException.Of(failures);
    }

    static string Verb(GateOutcome outcome, int count) => outcome.Verdict switch
    {
        GateVerdict.Passes => count == 1 ? "passes" : "pass",
        GateVerdict.Fails => count == 1 ? "fails" : "fail",
        _ => outcome.Name,
    };

    static HarnessException Failure(GateOutcome outcome) => Codes.GateFails.With(
        outcome.Text, outcome.Gate.Place.File, outcome.Gate.Place.Line, outcome.Gate.Place.Column);
}
