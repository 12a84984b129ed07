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

    /// <summary>The text of a module.</summary>
    public static string Read(string module)
    {
        using Stream stream = Assembly.GetManifestResourceStream($"{Prefix}{module}.ptx")
            ?? throw new ArgumentException($"no module {module}", nameof(module));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
