using Harness.Manifests;

namespace Harness.Identity;

/// <summary>Where an experiment's files lie on this machine.</summary>
public sealed record ExperimentPaths
{
    /// <summary>The environment variable that names the folder of models and data outside the repository.</summary>
    public const string DataVariable = "HARNESS_DATA";

    /// <summary>Folder of NAME.proj: committed results.</summary>
    public required string Project { get; init; }

    /// <summary>
    /// Not tracked: logs of generations, measurements, this machine's notes. An overridden run has a folder of its own in it.
    /// </summary>
    public required string Artifacts { get; init; }

    /// <summary>Of an overridden run the folder that holds its own and those of the experiment's other runs; else null.</summary>
    public string? AllArtifacts { get; init; }

    /// <summary>Where the exact files of this run go: the project's folder, or artifacts where the manifest is overridden.</summary>
    public required string Results { get; init; }

    /// <summary>Files outside the repository are looked for here; it may not exist.</summary>
    public required string Data { get; init; }

    public string RunJson => Path.Combine(Results, Records.RunJson.FileName);

    /// <param name="artifacts">As placement has it; null or empty: artifacts/NAME in the repository's root.</param>
    public static ExperimentPaths Of(Manifest manifest, string? artifacts)
    {
        string project = Path.GetDirectoryName(manifest.Project)!;
        string root = RepositoryRoot(project);
        artifacts = Path.GetFullPath(!string.IsNullOrEmpty(artifacts) ? artifacts
            : Path.Combine(root, "artifacts", PathInArtifacts(root, project, manifest.Name)));
        string? all = manifest.Overrides.Count > 0 ? artifacts : null;
        if (all is not null)
            artifacts = Path.Combine(artifacts, ExperimentKey.OfManifest(manifest)[..12]);
        return new ExperimentPaths
        {
            Project = project,
            Artifacts = artifacts,
            AllArtifacts = all,
            Results = manifest.Overrides.Count > 0 ? artifacts : project,
            Data = manifest.DataFolder is { } stated ? Path.GetFullPath(stated, project) : DataFolder(root),
        };
    }

    /// <summary>
    /// Where models and data outside a repository are looked for when nothing else is said: HARNESS_DATA, else data/ in its root.
    /// </summary>
    public static string DataFolder(string root)
    {
        string? variable = Environment.GetEnvironmentVariable(DataVariable);
        return string.IsNullOrEmpty(variable) ? Path.Combine(root, "data") : Path.GetFullPath(variable);
    }

    /// <summary>
    /// The nearest folder above that holds the harness's build files or is a git repository or a worktree of one, else the parent of
    /// results/, else the folder itself. Experiment.targets finds the same.
    /// </summary>
    public static string RepositoryRoot(string folder)
    {
        for (DirectoryInfo? candidate = new(folder); candidate is not null; candidate = candidate.Parent)
        {
            string git = Path.Combine(candidate.FullName, ".git");
            if (File.Exists(Path.Combine(candidate.FullName, "harness", "build", "Experiment.props"))
                || File.Exists(Path.Combine(git, "HEAD")) || File.Exists(git))
                return candidate.FullName;
        }
        DirectoryInfo? parent = Directory.GetParent(folder);
        return parent is { Name: "results", Parent: { } root } ? root.FullName : folder;
    }

    /// <summary>NAME for results/NAME; an experiment elsewhere has its folder's own path, so that no two share artifacts.</summary>
    static string PathInArtifacts(string root, string project, string name)
    {
        string path = Path.GetRelativePath(root, project).Replace('\\', '/');
        if (Path.GetFileName(project) != name)
            path += $"/{name}";
        return path == $"results/{name}" ? name : path;
    }
}
