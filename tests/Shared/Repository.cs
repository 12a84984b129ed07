namespace Harness.Tests.Shared;

/// <summary>Paths of the checkout and of data beside it; a test that needs absent data is skipped with the reason.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path under HARNESS_DATA, else under data/ of the repository; ignores the running test where it does not exist.</summary>
    public static string Data(string relativePath)
    {
        string folder = Environment.GetEnvironmentVariable("HARNESS_DATA") is { Length: > 0 } named ? named : Path.Combine(Root, "data");
        string path = Path.Combine(folder, relativePath);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Ignore($"{relativePath} is not under HARNESS_DATA ({folder})");
        return path;
    }

    static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Harness.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no Harness.sln above {AppContext.BaseDirectory}");
    }
}
