using System.Reflection;
using System.Text.RegularExpressions;

namespace Harness.Tests.Shared.Structure;

/// <summary>Which namespaces of a project name types of which others, each with one example.</summary>
sealed class NamespaceGraph
{
    readonly SortedDictionary<string, SortedDictionary<string, string>> edges = new(StringComparer.Ordinal);

    /// <summary>From compiled code, and from the using lines of its sources, which also show where constants come from.</summary>
    public static NamespaceGraph Of(Assembly assembly, SourceTree sources)
    {
        NamespaceGraph graph = new();
        foreach (Type type in assembly.GetTypes())
        {
            foreach (Type named in TypeReferences.Of(type).Where(named => named.Assembly == assembly))
                graph.Add(type.Namespace, named.Namespace, $"{Outermost(type)} names {Outermost(named)}");
        }
        HashSet<string> namespaces = [.. sources.Files.Select(file => file.Namespace)];
        foreach (SourceFile file in sources.Files)
        {
            foreach (string used in file.Usings.Where(namespaces.Contains))
                graph.Add(file.Namespace, used, $"{file.Name} uses it");
            foreach (SourceFile above in sources.Files.Where(
                other => file.Namespace.StartsWith(other.Namespace + ".", StringComparison.Ordinal)))
            {
                foreach (DeclaredType type in above.Types.Where(type => Regex.IsMatch(file.Code, $@"(?<![\w.]){type.Name}\.")))
                    graph.Add(file.Namespace, above.Namespace, $"{file.Name} names {type.Name}");
            }
        }
        return graph;
    }

    /// <summary>Every pair of namespaces of which the first names something of the second, with one example.</summary>
    public IEnumerable<(string From, string To, string Example)> Edges =>
        edges.SelectMany(from => from.Value.Select(to => (from.Key, to.Key, to.Value)));

    /// <summary>Notes that <paramref name="from"/> names something of <paramref name="to"/>.</summary>
    public void Add(string? from, string? to, string example)
    {
        if (string.IsNullOrEmpty(from) || string.IsNullOrEmpty(to) || from == to)
            return;
        if (!edges.TryGetValue(from, out SortedDictionary<string, string>? named))
            edges.Add(from, named = new SortedDictionary<string, string>(StringComparer.Ordinal));
        named.TryAdd(to, example);
    }

    /// <summary>The shortest cycle, a line for each of its steps with an example; empty where there is none.</summary>
    public IReadOnlyList<string> ShortestCycle()
    {
        List<string>? shortest = null;
        foreach (string start in edges.Keys)
        {
            if (PathBack(start) is { } path && (shortest is null || path.Count < shortest.Count))
                shortest = path;
        }
        return shortest is null ? [] : [.. shortest.Zip(shortest.Skip(1), (from, to) => $"{from} -> {to}: {edges[from][to]}")];
    }

    /// <summary>The shortest way from a namespace over others back to it, both ends included; null where there is none.</summary>
    List<string>? PathBack(string start)
    {
        Dictionary<string, string> cameFrom = [];
        Queue<string> waiting = new([start]);
        while (waiting.TryDequeue(out string? at))
        {
            foreach (string next in edges.GetValueOrDefault(at)?.Keys ?? Enumerable.Empty<string>())
            {
                if (next == start)
                {
                    List<string> path = [start];
                    for (string step = at; step != start; step = cameFrom[step])
                        path.Insert(0, step);
                    path.Insert(0, start);
                    return path;
                }
                if (cameFrom.TryAdd(next, at))
                    waiting.Enqueue(next);
            }
        }
        return null;
    }

    static string Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Name;
    }
}
