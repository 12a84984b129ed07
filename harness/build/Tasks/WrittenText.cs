using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Build;

/// <summary>What a property reads: its value, or the text that it was written with, which is expanded in turn.</summary>
/// <param name="Written">As the XML has it; null where the value is no text of a project file.</param>
/// <param name="Before">The value that a reference to its own name has in the text.</param>
readonly record struct ReadProperty(string Value, string? Written, Func<ReadProperty?> Before);

/// <summary>
/// Gives the text of an attribute as its author wrote it. MSBuild unescapes %XX, turns a backslash into a slash wherever a text looks
/// like a path, and drops a $( ) that is no reference, all without a warning; an answer pattern is then another one. References to
/// properties are put in here instead; a text that MSBuild must compute is taken from it where it has nothing to rewrite.
/// </summary>
/// <param name="find">A property by its name; null where nothing sets it.</param>
/// <param name="exists">Whether there is an item list (@) or metadata (%) of a name.</param>
sealed partial class WrittenText(Func<string, ReadProperty?> find, Func<char, string, bool> exists)
{
    const int Deepest = 32;

    /// <param name="written">As the XML has it, entities resolved.</param>
    /// <param name="evaluated">What MSBuild made of it.</param>
    /// <param name="complaint">Why neither can be used, to follow the attribute's name; else null.</param>
    public string Of(string written, string evaluated, out string? complaint)
    {
        complaint = null;
        Expansion expansion = new();
        Expand(written, null, expansion, 0);
        if (expansion.Undefined is { } name)
            complaint =
                $"reads {name}, which nothing sets; set it, or, where a pattern means the character itself, write [{name[0]}] for it";
        else if (!expansion.Computed && (!expansion.HasReferences || AreAlike(expansion.Text.ToString(), evaluated)))
            return expansion.Text.ToString();
        else if (expansion.Rewritable)
            complaint =
                "is computed by MSBuild, which rewrites backslashes and %XX; write the text without functions, item lists and metadata";
        return evaluated;
    }

    /// <summary>Whether two texts differ by nothing but MSBuild's rewriting.</summary>
    public static bool AreAlike(string written, string evaluated) => Rewritten(written) == Rewritten(evaluated);

    void Expand(string written, (string Name, ReadProperty Property)? own, Expansion into, int depth)
    {
        if (depth > Deepest)
        {
            into.Computed = true;
            return;
        }
        int from = 0;
        foreach (Match match in Reference().Matches(written))
        {
            into.AddLiteral(written[from..match.Index]);
            from = match.Index + match.Length;
            into.HasReferences = true;
            if (match.Groups["name"].Success)
            {
                ExpandProperty(match.Groups["name"].Value, own, into, depth);
                continue;
            }
            into.Computed = true;
            if (match.Groups["list"] is { Success: true } list && !exists(match.Value[0], list.Value))
                into.Undefined ??= $"{match.Value[0]}({list.Value})";
        }
        into.AddLiteral(written[from..]);
    }

    void ExpandProperty(string name, (string Name, ReadProperty Property)? own, Expansion into, int depth)
    {
        bool ofItself = own is { } owner && owner.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
        if ((ofItself ? own!.Value.Property.Before() : find(name)) is not { } property)
        {
            if (!ofItself)
                into.Undefined ??= $"$({name})";
        }
        else if (property.Written is null)
        {
            into.Text.Append(property.Value);
        }
        else
        {
            Expand(property.Written, (name, property), into, depth + 1);
        }
    }

    /// <summary>The text as MSBuild would rewrite it, so that texts that differ only by the rewriting become equal.</summary>
    static string Rewritten(string text) =>
        Slashes().Replace(Escape().Replace(text, escape => ((char)Convert.ToInt32(escape.Value[1..], 16)).ToString()), "/");

    sealed class Expansion
    {
        public StringBuilder Text { get; } = new();

        /// <summary>Whether MSBuild must compute any part: a function, an item list, metadata.</summary>
        public bool Computed { get; set; }

        public bool HasReferences { get; set; }

        /// <summary>Whether a part of plain text holds something that MSBuild rewrites.</summary>
        public bool Rewritable { get; private set; }

        /// <summary>The first reference to what does not exist, as it is written.</summary>
        public string? Undefined { get; set; }

        public void AddLiteral(string text)
        {
            Text.Append(text);
            Rewritable |= text.Contains('\\') || Escape().IsMatch(text);
        }
    }

    /// <summary>$(Name); else a function of a property, an item list or metadata. Any other $( is a text.</summary>
    [GeneratedRegex(
        @"\$\((?<name>[A-Za-z_][A-Za-z0-9_-]*)\)"
        + @"|\$\(\s*(\[[A-Za-z]|[A-Za-z_][A-Za-z0-9_-]*\s*[.\[:])[^)]*\)+"
        + @"|@\(\s*(?<list>[A-Za-z_][A-Za-z0-9_-]*)\s*(\)|->[^)]*\)+|,[^)]*\))"
        + @"|%\(\s*(?<list>[A-Za-z_][A-Za-z0-9_.-]*)\s*\)")]
    private static partial Regex Reference();

    [GeneratedRegex("%[0-9A-Fa-f]{2}")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[\\/]+")]
    private static partial Regex Slashes();
}
