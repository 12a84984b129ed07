using Harness.Kernels.Diagnostics;

namespace Harness.Experiments;

/// <summary>A model's place on this machine, and its name that every machine shares.</summary>
/// <param name="Opens">An absolute path, or synthetic:...</param>
/// <param name="Name">Relative to the manifest or to the data folder; synthetic:... as written; a path elsewhere is its last part.</param>
public sealed record ModelLocation(string Opens, string Name)
{
    const string Synthetic = "synthetic:";

    public bool IsSynthetic => Opens.StartsWith(Synthetic, StringComparison.Ordinal);

    /// <summary>Looks under the manifest's folder, then under the data folder.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.ModelNotFound"/>, at the manifest's Model.</exception>
    public static ModelLocation Find(string model, ExperimentPaths paths, ProjectXml? xml = null)
    {
        if (model.StartsWith(Synthetic, StringComparison.Ordinal))
            return new ModelLocation(model, model);
        foreach (string folder in (string[])[paths.Project, paths.Data])
        {
            string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model, folder));
            if (File.Exists(path) || Directory.Exists(path))
                return new ModelLocation(path, NameOf(path, paths));
        }
        SourcePlace place = xml?.Property("Model") ?? default;
        string where = Path.IsPathRooted(model) ? "" : $" under {paths.Project} or {paths.Data}";
        throw Codes.ModelNotFound.With($"Model '{model}' is not there{where}", place.File, place.Line, place.Column);
    }

    static string NameOf(string path, ExperimentPaths paths)
    {
        string fromData = Path.GetRelativePath(paths.Data, path).Replace('\\', '/');
        if (IsBelow(fromData))
            return fromData;
        string root = ExperimentPaths.RepositoryRoot(paths.Project);
        return IsBelow(Path.GetRelativePath(root, path).Replace('\\', '/'))
            ? Path.GetRelativePath(paths.Project, path).Replace('\\', '/')
            : Path.GetFileName(path);
    }

    static bool IsBelow(string relative) => !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal);
}
