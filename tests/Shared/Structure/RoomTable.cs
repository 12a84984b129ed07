using System.Text.RegularExpressions;

namespace Harness.Tests.Shared.Structure;

/// <summary>A table of rooms in docs/architecture.md: each row has a room, what is found there, and the rooms that it may import.</summary>
/// <param name="Imports">By room, a folder relative to its project.</param>
sealed partial record RoomTable(IReadOnlyDictionary<string, IReadOnlyList<string>> Imports)
{
    /// <summary>Namespace of the compute library, which the other tables call kernels.</summary>
    const string Library = "Harness.Kernels";

    /// <param name="heading">Text of the heading that the table stands under.</param>
    public static RoomTable Read(string heading)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        string section = page.Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        return new RoomTable(section.Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split(" | "))
            .ToDictionary(cells => Names(cells[0]).Single(), cells => Names(cells[^1])));
    }

    /// <summary>Rooms that the table lacks or that are not there, and imports that it does not allow.</summary>
    public IEnumerable<string> Faults(NamespaceGraph graph, SourceTree sources)
    {
        string[] rooms = [.. sources.Files.Select(file => Room(file.Namespace, sources)).Where(room => room.Length > 0).Distinct()];
        foreach (string room in rooms.Except(Imports.Keys))
            yield return $"{room} is not in the table";
        foreach (string room in Imports.Keys.Except(rooms))
            yield return $"{room} is in the table, and there is no such room";
        foreach (SourceFile file in sources.Files)
        {
            string room = Room(file.Namespace, sources);
            bool usesLibrary = sources.RootNamespace != Library
                && file.Usings.Any(used => used.StartsWith(Library, StringComparison.Ordinal));
            if (usesLibrary && Imports.TryGetValue(room, out IReadOnlyList<string>? allowed) && !allowed.Contains("kernels"))
                yield return $"{room} imports kernels: {file.Name}";
        }
        foreach ((string from, string to, string example) in graph.Edges.Where(edge => InProject(edge.To, sources)))
        {
            if (Imports.TryGetValue(Room(from, sources), out IReadOnlyList<string>? allowed) && !allowed.Contains(Room(to, sources)))
                yield return $"{Room(from, sources)} imports {Room(to, sources)}, which its row does not list: {example}";
        }
    }

    static bool InProject(string name, SourceTree sources) => sources.Files.Any(file => file.Namespace == name);

    static string Room(string name, SourceTree sources) =>
        name.Length > sources.RootNamespace.Length ? name[(sources.RootNamespace.Length + 1)..].Replace('.', '/') : "";

    static IReadOnlyList<string> Names(string cell) => [.. CodeSpan().Matches(cell).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();
}
