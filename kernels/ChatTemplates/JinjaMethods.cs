using System.Text;

namespace Harness.Kernels.ChatTemplates;

/// <summary>Methods of Python's strings and mappings.</summary>
static class JinjaMethods
{
    static readonly string[] OfMappings =
        ["clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

    static readonly string[] OfLists =
        ["append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse", "sort"];

    static readonly string[] OfStrings =
    [
        "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format", "format_map", "index", "isalnum",
        "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable", "isspace", "istitle",
        "isupper",
        "join", "ljust", "lower", "lstrip", "maketrans", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust",
        "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
    ];

    /// <summary>
    /// Refuses a method that is named and not called: in Python it is a value, and what comes before a mapping's key of the same name.
    /// </summary>
    public static void RefuseAsValue(object? target, string name, JinjaBudget budget)
    {
        string[] methods = target switch
        {
            string => OfStrings,
            List<object?> => OfLists,
            Dictionary<string, object?> => OfMappings,
            _ => [],
        };
        if (methods.Contains(name))
            throw budget.Unsupported($"the method {name} of {JinjaValues.NameOf(target)} that is not called is not implemented");
    }

    public static object? Call(object? target, string name, JinjaValueArguments arguments, JinjaBudget budget) => target switch
    {
        string text => OfString(text, name, arguments, budget),
        Dictionary<string, object?> map => OfMapping(map, name, arguments, budget),
        _ => throw budget.Unsupported($"{JinjaValues.NameOf(target)} has no method {name}"),
    };

    public static string Join(string separator, List<object?> items, JinjaBudget budget)
    {
        var joined = new StringBuilder();
        for (int i = 0; i < items.Count; i++)
        {
            string item = JinjaValues.Print(items[i], budget);
            budget.Spend(separator.Length);
            joined.Append(i == 0 ? "" : separator).Append(item);
        }
        return joined.ToString();
    }

    /// <summary>Only ASCII, since Python's mappings of other letters can change their number.</summary>
    public static string ChangeCase(string text, string name, JinjaBudget budget)
    {
        budget.Spend(text.Length);
        if (!Ascii.IsValid(text))
            throw budget.Unsupported($"{name} of letters outside ASCII is not implemented");
        return name switch
        {
            "upper" => text.ToUpperInvariant(),
            "lower" => text.ToLowerInvariant(),
            "title" => Title(text),
            _ => text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant(),
        };
    }

    /// <summary>A capital at the start of each run of letters.</summary>
    static string Title(string text) => string.Concat(text.Select((character, i) =>
        i > 0 && char.IsAsciiLetter(text[i - 1]) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character)));

    static object OfString(string text, string name, JinjaValueArguments arguments, JinjaBudget budget)
    {
        budget.Spend(text.Length);
        switch (name)
        {
            case "strip" or "lstrip" or "rstrip":
                arguments.AtMost(1, name, budget);
                return Strip(text, name, arguments.Positional.Length == 0 ? null : arguments.Text(0, name, budget));
            case "upper" or "lower" or "capitalize" or "title":
                arguments.AtMost(0, name, budget);
                return ChangeCase(text, name, budget);
            case "startswith":
                arguments.AtMost(1, name, budget);
                return text.StartsWith(arguments.Text(0, name, budget), StringComparison.Ordinal);
            case "endswith":
                arguments.AtMost(1, name, budget);
                return text.EndsWith(arguments.Text(0, name, budget), StringComparison.Ordinal);
            case "split":
                arguments.AtMost(1, name, budget);
                return Split(text, arguments.Positional.Length == 0 ? null : arguments.Text(0, name, budget), budget);
            case "replace":
                arguments.AtMost(2, name, budget);
                return Replace(text, arguments.Text(0, name, budget), arguments.Text(1, name, budget), budget);
            case "join":
                arguments.AtMost(1, name, budget);
                return Join(text, JinjaSequences.Items(arguments.Positional is [var items] ? items : null, budget), budget);
            default:
                throw budget.Unsupported($"the method {name} of a string is not implemented");
        }
    }

    static object? OfMapping(Dictionary<string, object?> map, string name, JinjaValueArguments arguments, JinjaBudget budget)
    {
        budget.SpendItems(map.Count);
        switch (name)
        {
            case "items":
                arguments.AtMost(0, name, budget);
                return map.Select(pair => (object?)new List<object?> { pair.Key, pair.Value }).ToList();
            case "keys":
                arguments.AtMost(0, name, budget);
                return JinjaSequences.Keys(map, budget);
            case "values":
                arguments.AtMost(0, name, budget);
                return map.Values.ToList();
            case "get":
                arguments.AtMost(2, name, budget);
                return map.TryGetValue(arguments.Text(0, name, budget), out object? value) ? value
                    : arguments.Positional is [_, var otherwise] ? otherwise
                    : null;
            default:
                throw budget.Unsupported($"the method {name} of a mapping is not implemented");
        }
    }

    static string Strip(string text, string name, string? characters)
    {
        bool IsStripped(char character) => characters is null ? JinjaText.IsSpace(character) : characters.Contains(character);

        (int start, int end) = (0, text.Length);
        while (name != "rstrip" && start < end && IsStripped(text[start]))
            start++;
        while (name != "lstrip" && end > start && IsStripped(text[end - 1]))
            end--;
        return text[start..end];
    }

    static List<object?> Split(string text, string? separator, JinjaBudget budget)
    {
        if (separator is "")
            throw budget.Unsupported("split at an empty string");
        budget.SpendItems(text.Length);
        if (separator is not null)
        {
            budget.SpendSearch(text, separator);
            return [.. text.Split(separator)];
        }
        var words = new List<object?>();
        for (int i = 0; i < text.Length; i++)
        {
            int start = i;
            while (i < text.Length && !JinjaText.IsSpace(text[i]))
                i++;
            if (i > start)
                words.Add(text[start..i]);
        }
        return words;
    }

    static string Replace(string text, string old, string replacement, JinjaBudget budget)
    {
        if (old.Length == 0)
            throw budget.Unsupported("replace of an empty string");
        budget.SpendSearch(text, old);
        // Charged before it is built: a replacement could be as long as the text.
        long found = text.AsSpan().Count(old);
        budget.Spend(text.Length + found * replacement.Length);
        return text.Replace(old, replacement, StringComparison.Ordinal);
    }
}
