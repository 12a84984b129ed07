using System.Reflection;
using Harness.Figures;
using Harness.Kernels.Driver;

namespace Harness.Measurement;

/// <summary>The libraries that this process runs with, and whether one is the project's own stand-in.</summary>
public static class PackagesInUse
{
    static readonly string[] Names = ["CsvHelper", "System.CommandLine"];

    /// <summary>Name and version of each library that the program runs with; a stand-in's version says so.</summary>
    public static IEnumerable<(string Name, string Version)> All()
    {
        foreach (string name in Names)
        {
            if (!File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")))
                continue;
            Assembly assembly = Assembly.Load(name);
            string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? assembly.GetName().Version?.ToString() ?? "";
            yield return (name, version);
        }
        const string standIn = "(the project's stand-in)";
        string cuda = CudaDevices.PackageVersion;
        yield return ("ManagedCuda-12", CudaDevices.PackageIsStandIn ? $"builtin {cuda} {standIn}" : cuda);
        string renderer = FigureRenderer.Name;
        yield return ("ScottPlot", FigureRenderer.IsStandIn ? $"{renderer} {standIn}" : renderer["ScottPlot ".Length..]);
    }
}
