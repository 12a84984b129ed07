using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Registry;

namespace Gpu;

/// <summary>
/// The committed experiments, generated on the GPU and compared with the committed bytes: whole, then in parts over batch sizes and without
/// recorded steps. Of those that make models, the first steps of each are trained.
/// </summary>
sealed class ExperimentPart(ProofSettings settings, Checks checks)
{
    /// <summary>Folder of what the experiments leave besides their comparison; it stays on the machine.</summary>
    public const string Artifacts = "artifacts";

    const double Part = 0.05;
    const int MostSteps = 20;
    static readonly int[] Batches = [1, 7, 64, 1000];

    static readonly TimeSpan WholeLimit = TimeSpan.FromMinutes(20), PartLimit = TimeSpan.FromMinutes(5);

    public void Run()
    {
        string folder = Path.Combine(settings.Root, "manifests");
        if (!Directory.Exists(folder))
        {
            checks.Skip($"experiments: {folder} is not there; a bundle has it");
            return;
        }
        foreach (string manifest in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileNameWithoutExtension(manifest);
            RawManifest raw = ManifestFile.Read(manifest);
            if (Missing(raw) is { } reason)
            {
                checks.Skip($"{name}: {reason}");
                continue;
            }
            if (!checks.HasTime)
            {
                checks.Skip($"{name}: no time is left");
                continue;
            }
            if (FirstSteps(raw) is { } steps)
            {
                checks.Check($"{name}: the first steps of each model, {steps}", WholeLimit, () => Verify(raw, 0, 1, steps));
                continue;
            }
            checks.Check($"{name}: every sample", WholeLimit, () => Verify(raw, 0, 1));
            foreach (int batch in Batches.TakeWhile(_ => checks.HasTime))
                checks.Check($"{name}: {Part:P0} of the samples, batch {batch}", PartLimit, () => Verify(raw, batch, Part));
            if (checks.HasTime && !settings.IsProcessor)
                checks.Check($"{name}: {Part:P0} of the samples, steps not recorded", PartLimit,
                    () => WithoutGraphs(() => Verify(raw, 64, Part)));
        }
    }

    /// <summary>Why an experiment can't be generated here, or proves nothing of a device; else null.</summary>
    static string? Missing(RawManifest raw)
    {
        try
        {
            ResolvedExperiment experiment = ResolvedExperiment.Resolve(raw, Registered.All);
            return experiment.Manifest.IsRecorded ? "its pools are recorded, and no device generates them" : experiment.Absence;
        }
        catch (Exception failure) when (AbsentInputs.Of(failure) is { } absent)
        {
            return absent.Message;
        }
    }

    /// <summary>Of an experiment that makes models, the last of the first steps of which all have a row; null of another.</summary>
    static int? FirstSteps(RawManifest raw)
    {
        ResolvedExperiment experiment = ResolvedExperiment.Resolve(raw, Registered.All);
        if (!experiment.Manifest.IsTraining)
            return null;
        ILookup<int, string> models = TrainingTable.Csv.Read(Path.Combine(experiment.Paths.Results, TrainingTable.Csv.FileName))
            .ToLookup(row => row.Step, row => row.Model);
        return models.Where(step => step.Key <= MostSteps && step.Count() == experiment.Manifest.Trains.Count).Max(step => step.Key);
    }

    void Verify(RawManifest raw, int batch, double fraction, int stopAfter = 0)
    {
        Dictionary<string, string> placement = new(raw.Placement, StringComparer.OrdinalIgnoreCase)
        {
            ["Device"] = settings.Device,
            ["Batch"] = $"{batch}",
            ["Artifacts"] = Path.Combine(settings.Output, Artifacts, raw.Name),
        };
        if (stopAfter > 0)
            placement["StopAfter"] = $"{stopAfter}";
        ResolvedExperiment experiment = ResolvedExperiment.Resolve(raw with { Placement = placement }, Registered.All);
        RunConsole console = new(TextWriter.Null, live: false);
        IReadOnlyList<HarnessException> differences = new ExperimentVerify(experiment, console, fraction).Execute(CancellationToken.None);
        if (differences.Count > 0)
            throw differences[0];
    }

    static void WithoutGraphs(Action work)
    {
        Environment.SetEnvironmentVariable(Harness.Kernels.Decoding.Device.CudaLanguageModel.GraphsVariable, "0");
        try
        {
            work();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Harness.Kernels.Decoding.Device.CudaLanguageModel.GraphsVariable, null);
        }
    }
}
