using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Records;
using Harness.Training;

namespace Harness.Experiments;

/// <summary>
/// Models that need not be trained again since they lie beside the manifest as they would be made: so that a clone, which has no artifacts,
/// asks another question of them at once.
/// </summary>
sealed class ReusedModels(ResolvedExperiment experiment)
{
    readonly ExperimentPaths paths = experiment.Paths;
    readonly JsonObject? run = File.Exists(experiment.Paths.RunJson) ? Read(experiment.Paths.RunJson) : null;

    /// <summary>Whether labels.csv is as it was written.</summary>
    public bool HasLabels => IsUnchanged(LabelTable.Csv.FileName);

    /// <summary>
    /// The model with its committed rows, its folder copied to where evaluations look for it; null where it is to be trained: its key has
    /// changed, a file is not what run.json says, its folder is not committed, or a training is kept, which knows more.
    /// </summary>
    /// <param name="folder">Of all kept trainings.</param>
    public TrainedModel? Find(TrainManifest train, string folder)
    {
        string own = Path.Combine(folder, train.Name);
        if (run is null || !train.IsCommitted || train.IsLooped || Directory.Exists(own)
            || RunJson.ModelKeysOf(run).GetValueOrDefault(train.Name) != ExperimentKey.OfTraining(train, experiment.Inputs)
            || !IsUnchanged(TrainingTable.Csv.FileName) || !IsUnchanged(ValidationTable.Csv.FileName))
            return null;
        string[] files = [.. RunJson.OutputsOf(run).Keys.Where(file => Path.GetDirectoryName(file) == train.Name)];
        if (files.Length == 0 || !files.All(IsUnchanged))
            return null;
        TrainingRow[] rows = [.. TrainingTable.Csv.Read(PlaceOf(TrainingTable.Csv.FileName)).Where(row => row.Model == train.Name)];
        ValidationRow[] validation =
            [.. ValidationTable.Csv.Read(PlaceOf(ValidationTable.Csv.FileName)).Where(row => row.Model == train.Name)];
        if (rows.Length == 0 || rows[^1].Step != train.Steps)
            return null;
        (string, byte[])[] contents =
            [.. files.Select(file => (Path.GetFileName(file), Storage.Reading(PlaceOf(file), () => File.ReadAllBytes(PlaceOf(file)))))];
        Storage.WriteAll(ModelTraining.FolderOf(own, train), contents);
        return new TrainedModel(train.Name, train.Shape, rows, validation, [], contents);
    }

    static JsonObject? Read(string path)
    {
        try
        {
            return RunJson.Read(path);
        }
        catch (HarnessException bad) when (bad.Diagnostic == Codes.ResultsCorrupt)
        {
            return null;
        }
    }

    bool IsUnchanged(string file) => run is not null && File.Exists(PlaceOf(file))
        && RunJson.OutputsOf(run).GetValueOrDefault(file) == Hashes.OfFile(PlaceOf(file));

    string PlaceOf(string file) => Path.Combine(paths.Results, file);
}
