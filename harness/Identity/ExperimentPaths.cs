using Harness.Manifests;

namespace Harness.Identity;

/// <summary>Where an experiment's files lie on this machine.</summary>
public sealed record ExperimentPaths
{
    /// <summary>Folder of NAME.proj: committed results.</summary>
    public required string Project { get; init; }

    /// <summary>Not tracked: logs of generations, measurements, this machine's notes. An overridden run has a folder of its own in it.</summary>
    public required string Artifacts { get; init; }

    /// <summary>Where the exact files of this run go: the project's folder, or artifacts where the manifest is overridden.</summary>
    public required string Results { get; init; }

    /// <summary>Files outside the repository are looked for here; it may not exist.</summary>
    public required string Data { get; init; }

    public string RunJson => Path.Combine(Results, Records.RunJson.FileName);

    /// <param name="artifacts">As placement has it, or null: artifacts/NAME in the repository's root.</param>
    public static ExperimentPaths Of(Manifest manifest, string? artifacts)
    {
        string project = Path.GetDirectoryName(manifest.Project)!;
        string root = RepositoryRoot(project);
        artifacts = Path.GetFullPath(artifacts ?? Path.Combine(root, "artifacts", manifest.Name));
        if (manifest.Overrides.Count > 0)
            artifacts = Path.Combine(artifacts, ExperimentKey.OfManifest(manifest)[..12]);
        return new ExperimentPaths
        {
            Project = project,
            Artifacts = artifacts,
            Results = manifest.Overrides.Count > 0 ? artifacts : project,
            Data = DataFolder(manifest.DataFolder, project, root),
        };
    }

    static string DataFolder(string? stated, string project, string root)
    {
        string? variable = Environment.GetEnvironmentVariable("HARNESS_DATA");
        return stated is not null ? Path.GetFullPath(stated, project)
            : string.IsNullOrEmpty(variable) ? Path.Combine(root, "data")
            : Path.GetFullPath(variable);
    }

    /// <summary>The nearest folder above that holds the harness's build files, else the parent of results/, else the folder itself.</summary>
    public static string RepositoryRoot(string folder)
    {
        for (DirectoryInfo? candidate = new(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "harness", "build", "Experiment.props")))
                return candidate.FullName;
        }
        DirectoryInfo? parent = Directory.GetParent(folder);
        return parent is { Name: "results", Parent: { } root } ? root.FullName : folder;
    }
}
