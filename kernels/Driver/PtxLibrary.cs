using System.Reflection;

namespace Harness.Kernels.Driver;

/// <summary>The compiled kernels that ship inside the assembly.</summary>
public static class PtxLibrary
{
    const string Prefix = "Ptx/";
    static readonly Assembly Assembly = typeof(PtxLibrary).Assembly;

    /// <summary>Every module, in ordinal order.</summary>
    public static IReadOnlyList<string> Modules { get; } = [.. Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => Path.GetFileNameWithoutExtension(name))
        .Order(StringComparer.Ordinal)];

    /// <summary>
    /// The text of a module, for cards of compute capability 8.0 and later; <see cref="WithDependentLaunch"/> makes of it that for 9.0.
    /// </summary>
    public static string Read(string module)
    {
        using Stream stream = Assembly.GetManifestResourceStream($"{Prefix}{module}.ptx")
            ?? throw new ArgumentException($"no module {module}", nameof(module));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// The same module for cards of compute capability 9.0 and later, whose kernels may start before the one before them has ended and wait
    /// for it: instructions that stand as comments in the text for older ones (Exact.cuh), and the version of PTX that has them.
    /// </summary>
    public static string WithDependentLaunch(string text) => text
        .Replace("\n.version 7.5\n", "\n.version 7.8\n", StringComparison.Ordinal)
        .Replace("\n.target sm_80\n", "\n.target sm_90\n", StringComparison.Ordinal)
        .Replace("//sm_90: ", "", StringComparison.Ordinal);
}
