using System.Text.Json.Nodes;
using Harness.Comparison.Sources;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pages;
using Harness.Pools;
using Harness.Records;
using Harness.Registry;
using Harness.Reports;

namespace Harness.Commands;

/// <summary>harness report --samples: the page of an experiment's samples, with the texts that are here or can be drawn again.</summary>
static class SamplesReport
{
    const string OtherInputs = "What is asked now is not what these results were made of.",
        NoInputs = "The model or the data that texts need was not there where this page was made.",
        NotKept = "Texts were not kept where this page was made.",
        NoManifest = "There is no manifest of it where this page was made.";

    /// <param name="side">Whose samples are shown; texts are those of the experiment as it is here, where its tokens are the same.</param>
    /// <param name="experiment">A name, or what other commands take for one.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Write(string side, string experiment, string file, bool draws)
    {
        IResultSource source = ResultSources.Open(side, Environment.CurrentDirectory);
        (RawManifest? manifest, string? absence) = ManifestOf(experiment, source);
        string name = manifest?.Name ?? experiment, path = Path.GetFullPath(file);
        JsonObject run = CommittedExperiment.Find(source, name).Run;
        IReadOnlyList<PoolTexts> texts = [];
        if (manifest is not null)
            (texts, absence) = TextsOf(manifest, run, draws);
        IReadOnlyList<(string Name, byte[] Content)> pages = SamplesPage.Write(
            source, name, texts, absence, $"Made by `harness report {side} --samples {name}`.", Path.GetFileName(path));
        Storage.WriteAll(Path.GetDirectoryName(path)!, pages);
        long known = texts.Sum(pool => (long)pool.Samples.Count);
        double size = pages.Sum(page => page.Content.Length) / 1e6;
        Console.WriteLine($"{file}: samples of {name}, {known} texts, {NumberText.Fixed(size, 1)} MB in "
            + NumberText.Count(pages.Count, "page"));
        return ExitCodes.Success;
    }

    /// <summary>Null, and why, where results are shown of what is no experiment of this checkout.</summary>
    static (RawManifest? Manifest, string? Absence) ManifestOf(string experiment, IResultSource source)
    {
        try
        {
            return (experiment.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                ? ManifestFile.Read(experiment)
                : MsBuildManifest.Resolve(ExperimentArgument.FindProject(experiment), []), null);
        }
        catch (HarnessException unknown) when (unknown.Diagnostic == Codes.NoSuchExperiment && source.Experiments.Contains(experiment))
        {
            return (null, NoManifest);
        }
    }

    /// <summary>The texts, and why some may be unknown.</summary>
    static (IReadOnlyList<PoolTexts> Texts, string? Absence) TextsOf(RawManifest raw, JsonObject run, bool draws)
    {
        using Interruption interruption = new();
        using RunConsole console = new(Console.Out, live: !Console.IsOutputRedirected);
        try
        {
            ResolvedExperiment resolved = ResolvedExperiment.Resolve(raw, Registered.All);
            IReadOnlyList<PoolTexts> texts =
                new ExperimentTexts(resolved, console).Read(RunJson.PoolKeysOf(run), draws, interruption.Token);
            return (texts, texts.Count < resolved.Manifest.Pools.Count ? OtherInputs
                : draws ? null : NotKept);
        }
        catch (Exception failure) when (AbsentInputs.Of(failure) is { } absent)
        {
            Console.WriteLine($"{raw.Name}: no texts: {absent.Message}");
            return ([], NoInputs);
        }
    }
}
