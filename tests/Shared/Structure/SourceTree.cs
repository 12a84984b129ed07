using System.Text.RegularExpressions;

namespace Harness.Tests.Shared.Structure;

/// <summary>The C# files of a project, as far as the rules of its layout need them.</summary>
/// <param name="Folder">The project's folder, as a full path.</param>
/// <param name="RootNamespace">Namespace of that folder.</param>
/// <param name="Files">In ordinal order of their paths.</param>
sealed partial record SourceTree(string Folder, string RootNamespace, IReadOnlyList<SourceFile> Files)
{
    static readonly string[] BuildFolders = ["bin", "obj"];

    /// <param name="folder">The project's folder, relative to the repository.</param>
    /// <param name="rootNamespace">Namespace of that folder.</param>
    /// <param name="apart">Folders that belong to other projects or to MSBuild, relative to <paramref name="folder"/>.</param>
    public static SourceTree Read(string folder, string rootNamespace, params string[] apart)
    {
        string root = Path.Combine(Repository.Root, folder);
        string[] skipped = [.. BuildFolders.Concat(apart).Select(name => name + "/")];
        IEnumerable<string> names = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(name => !skipped.Any(start => name.StartsWith(start, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return new SourceTree(
            root, rootNamespace, [.. names.Select(name => SourceFile.Parse(name, File.ReadAllText(Path.Combine(root, name))))]);
    }

    /// <summary>Files whose namespace is not that of their folder.</summary>
    public IEnumerable<string> MisplacedNamespaces() =>
        from file in Files
        let expected =
            string.Join('.', [RootNamespace, .. Path.GetDirectoryName(file.Name)!.Split('/', StringSplitOptions.RemoveEmptyEntries)])
        where file.Namespace.Length > 0 && file.Namespace != expected
        select $"{file.Name}: namespace {file.Namespace}, and its folder says {expected}";

    /// <summary>
    /// Public types in files of another name; records, structs, enums and delegates may stand beside the type that they belong to.
    /// </summary>
    public IEnumerable<string> MisplacedTypes()
    {
        foreach (SourceFile file in Files)
        {
            string name = Path.GetFileName(file.Name).Split('.')[0];
            DeclaredType[] seen = [.. file.Types.Where(type => type.IsPublic)];
            if (seen.Length > 0 && !file.Types.Any(type => type.Name == name))
                yield return $"{file.Name}: has no type {name}, and the public type {seen[0].Name}";
            foreach (DeclaredType type in seen.Where(type => type.IsClass && type.Name != name))
                yield return $"{file.Name}: {type.Name} wants a file of its own";
        }
    }
}

/// <summary>One C# file.</summary>
/// <param name="Name">Path below the project's folder, with slashes.</param>
/// <param name="Namespace">Empty where it has none.</param>
/// <param name="Usings">Namespaces that it uses.</param>
/// <param name="Types">Declared at the top level.</param>
/// <param name="Code">Its text without comments and the contents of strings.</param>
sealed partial record SourceFile(
    string Name, string Namespace, IReadOnlyList<string> Usings, IReadOnlyList<DeclaredType> Types, string Code)
{
    public static SourceFile Parse(string name, string text)
    {
        string code = NotCode().Replace(text, match => match.Value[0] == '/' ? "" : "\"\"");
        return new SourceFile(
            name,
            NamespaceLine().Match(code).Groups[1].Value,
            [.. UsingLine().Matches(code).Select(match => match.Groups[1].Value)],
            [.. TypeLine().Matches(code).Select(match => new DeclaredType(
                match.Groups["name"].Value,
                match.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal),
                match.Groups["kind"].Value is "class" or "interface"))],
            code);
    }

    [GeneratedRegex(
        """//[^\n]*|/\*.*?\*/|\$*("{3,}).*?\1|(?:@\$?|\$@)"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""",
        RegexOptions.Singleline)]
    private static partial Regex NotCode();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(
        @"^(?<modifiers>(?:(?:public|internal|static|sealed|abstract|readonly|unsafe|partial|ref|file) )*)"
        + @"(?<kind>record struct|record|class|struct|interface|enum|delegate [^\s(]+) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeLine();
}

/// <summary>A type declared at the top level of a file.</summary>
/// <param name="IsClass">A class or an interface, and not a record, struct, enum or delegate.</param>
readonly record struct DeclaredType(string Name, bool IsPublic, bool IsClass);
