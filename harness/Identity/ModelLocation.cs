using Harness.Engines;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;

namespace Harness.Identity;

/// <summary>A model's place on this machine, and its name that every machine shares.</summary>
/// <param name="Opens">An absolute path, or a name that the engine knows.</param>
/// <param name="Name">
/// Relative to the folder that it was found from, the manifest's or the data folder; a name that the engine knows, as written; a path
/// elsewhere is its last part.
/// </param>
public sealed record ModelLocation(string Opens, string Name)
{
    /// <summary>Looks under the manifest's folder, then under the data folder.</summary>
    /// <exception cref="HarnessException"><see cref="KernelCodes.ModelNotFound"/>, at the manifest's Model.</exception>
    public static ModelLocation Find(IEngine engine, string model, ExperimentPaths paths, SourcePlace place = default) =>
        Find(engine, model, [(paths.Project, ExperimentPaths.RepositoryRoot(paths.Project)), (paths.Data, paths.Data)], place);

    /// <summary>A model that a command names: looked for where the command was typed, then under the data folder.</summary>
    /// <exception cref="HarnessException"><see cref="KernelCodes.ModelNotFound"/>.</exception>
    public static ModelLocation Find(IEngine engine, string model)
    {
        string here = Environment.CurrentDirectory, data = ExperimentPaths.DataFolder(ExperimentPaths.RepositoryRoot(here));
        return Find(engine, model, [(here, here), (data, data)], default);
    }

    static ModelLocation Find(IEngine engine, string model, IReadOnlyList<(string Folder, string Within)> bases, SourcePlace place)
    {
        if (engine.KnowsByName(model))
        {
            RequireName(engine, model, place);
            return new ModelLocation(model, model);
        }
        foreach ((string folder, string within) in bases)
        {
            string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model, folder));
            if (File.Exists(path) || Directory.Exists(path))
                return new ModelLocation(path, IsBelow(within, path) ? Relative(folder, path) : Path.GetFileName(path));
        }
        throw KernelCodes.ModelNotFound.With($"Model '{model}' is not there{WhereLooked(model, bases)}", place.File, place.Line,
            place.Column);
    }

    static void RequireName(IEngine engine, string model, SourcePlace place)
    {
        try
        {
            engine.RequireName(model);
        }
        catch (HarnessException refused) when (refused.File is null && place.File is { Length: > 0 })
        {
            throw refused.Diagnostic.With(refused.Message, place.File, place.Line, place.Column, refused);
        }
    }

    static string WhereLooked(string model, IReadOnlyList<(string Folder, string)> bases)
    {
        if (Path.IsPathRooted(model))
            return "";
        string? variable = Environment.GetEnvironmentVariable(ExperimentPaths.DataVariable);
        string state = string.IsNullOrEmpty(variable) ? "is not set" : $"is '{variable}'";
        string folders = string.Join(" or ", bases.Select(tried => tried.Folder));
        return $" under {folders}; {ExperimentPaths.DataVariable}, the folder of models and data, {state}";
    }

    static bool IsBelow(string folder, string path)
    {
        string relative = Relative(folder, path);
        return !Path.IsPathRooted(relative) && relative != ".." && !relative.StartsWith("../", StringComparison.Ordinal);
    }

    static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
