using System.Reflection;
using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Figures;

/// <summary>Which library draws here, and which one drew a file: two renderers make different figures of the same data.</summary>
public static partial class FigureRenderer
{
    const string StandIn = "ScottPlot.Builtin";

    /// <summary>"ScottPlot 5.1.59" or "builtin 1".</summary>
    public static string Name { get; } = NameOf(typeof(ScottPlot.Plot).Assembly);

    /// <summary>Whether the project's own stand-in draws.</summary>
    public static bool IsStandIn { get; } = typeof(ScottPlot.Plot).Assembly.GetName().Name == StandIn;

    /// <summary>The renderer that a figure's text names; null where it names none.</summary>
    public static string? NamedIn(string svg) => Mark().Match(svg) is { Success: true } mark ? mark.Groups[1].Value : null;

    /// <summary>The renderer that a figure's file names; null where it names none.</summary>
    /// <exception cref="HarnessException">HRN0503: the file can't be read.</exception>
    public static string? ReadRenderer(string path)
    {
        try
        {
            return NamedIn(File.ReadAllText(path));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Codes.ResultsCorrupt.With($"can't be read: {refused.Message}", path, inner: refused);
        }
    }

    static string NameOf(Assembly assembly)
    {
        AssemblyName name = assembly.GetName();
        return name.Name == StandIn ? $"builtin {name.Version!.Major}" : $"ScottPlot {name.Version!.ToString(3)}";
    }

    [GeneratedRegex("<!-- renderer: (.+?) -->", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
