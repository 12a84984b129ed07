using Harness.Commands;
using Harness.Experiments;
using Harness.Gates;
using Harness.Identity;
using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Shared;

namespace Harness.Tests.Gates;

/// <summary>The gates of the experiments under results/: one that cannot tell is inconclusive.</summary>
sealed class CommittedGates
{
    static IEnumerable<TestCaseData> Experiments() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "results"), "*.proj",
            SearchOption.AllDirectories)
        .Where(project => Path.GetFileName(Path.GetDirectoryName(project)) == Path.GetFileNameWithoutExtension(project))
        .Where(project => File.ReadAllText(project).Contains("<Gate"))
        .Select(project => new TestCaseData(project).SetArgDisplayNames(Path.GetFileNameWithoutExtension(project)));

    [TestCaseSource(nameof(Experiments))]
    public void Committed_results_pass(string project)
    {
        RawManifest raw = MsBuildManifest.Resolve(project, []);
        Manifest manifest = ManifestReader.Read(raw, Registered.All);
        IReadOnlyList<GateOutcome> outcomes = GateCheck.Of(
            manifest, ExperimentPaths.Of(manifest, raw.Placement["Artifacts"]), stale: Staleness.OfNumbers(raw, Registered.All));
        Assert.That(outcomes, Is.Not.Empty);
        string[] texts = [.. outcomes.Where(outcome => outcome.Judged(false).Verdict == GateVerdict.Fails).Select(outcome => outcome.Text)];
        Assert.That(texts, Is.Empty);
        if (outcomes.FirstOrDefault(outcome => outcome.Verdict == GateVerdict.CannotTell) is { } doubtful)
            Assert.Inconclusive(doubtful.Text);
    }
}
