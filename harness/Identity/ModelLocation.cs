using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Identity;

/// <summary>A model's place on this machine, and its name that every machine shares.</summary>
/// <param name="Opens">An absolute path, or synthetic:...</param>
/// <param name="Name">
/// Relative to the folder that it was found from, the manifest's or the data folder; synthetic:... as written; a path elsewhere is its last part.
/// </param>
public sealed record ModelLocation(string Opens, string Name)
{
    const string Synthetic = "synthetic:";

    public bool IsSynthetic => Opens.StartsWith(Synthetic, StringComparison.Ordinal);

    /// <summary>Looks under the manifest's folder, then under the data folder.</summary>
    /// <exception cref="HarnessException"><see cref="KernelCodes.ModelNotFound"/>, at the manifest's Model.</exception>
    public static ModelLocation Find(string model, ExperimentPaths paths, ProjectXml? xml = null)
    {
        if (model.StartsWith(Synthetic, StringComparison.Ordinal))
            return new ModelLocation(model, model);
        (string Folder, string Within)[] bases = [(paths.Project, ExperimentPaths.RepositoryRoot(paths.Project)), (paths.Data, paths.Data)];
        foreach ((string folder, string within) in bases)
        {
            string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model, folder));
            if (File.Exists(path) || Directory.Exists(path))
                return new ModelLocation(path, IsBelow(within, path) ? Relative(folder, path) : Path.GetFileName(path));
        }
        SourcePlace place = xml?.Property("Model") ?? default;
        string where = Path.IsPathRooted(model) ? "" : $" under {paths.Project} or {paths.Data}";
        throw KernelCodes.ModelNotFound.With($"Model '{model}' is not there{where}", place.File, place.Line, place.Column);
    }

    static bool IsBelow(string folder, string path)
    {
        string relative = Relative(folder, path);
        return !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal);
    }

    static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
