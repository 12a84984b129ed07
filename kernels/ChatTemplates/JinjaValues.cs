using System.Globalization;
using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.ChatTemplates;

/// <summary>A name, key or place that holds nothing; printed as nothing, false, and without attributes.</summary>
sealed class JinjaUndefined
{
    public static readonly JinjaUndefined Value = new();
}

/// <summary>namespace(...): what a loop may change and its outside see.</summary>
sealed class JinjaNamespace(Dictionary<string, object?> attributes)
{
    public Dictionary<string, object?> Attributes { get; } = attributes;
}

/// <summary>A function that every template has.</summary>
sealed record JinjaFunction(string Name);

/// <summary>A macro with the scope that it was defined in, whose names it sees.</summary>
sealed record JinjaMacroValue(JinjaMacro Macro, JinjaScope Scope);

/// <summary>
/// What values mean, as in Python. A value is null (None), bool, long, string, <see cref="JinjaUndefined"/>, List of values,
/// Dictionary from string to value, <see cref="JinjaNamespace"/>,
/// <see cref="JinjaFunction"/> or <see cref="JinjaMacroValue"/>.
/// </summary>
static class JinjaValues
{
    /// <summary>Lists within lists, which a loop could build without end.</summary>
    const int MostNesting = 50;

    public static bool IsTrue(object? value) => value switch
    {
        null or JinjaUndefined => false,
        bool flag => flag,
        long number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        Dictionary<string, object?> map => map.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? left, object? right, JinjaBudget budget, int depth = 0)
    {
        budget.SpendStep();
        if (depth > MostNesting)
            throw budget.Unsupported("values nest too deeply");
        return (Number(left), Number(right)) switch
        {
            ({ } a, { } b) => a == b,
            (null, null) => (left, right) switch
            {
                (string a, string b) => Charged(a, budget) == b,
                (List<object?> a, List<object?> b) =>
                    a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second, budget, depth + 1)),
                (Dictionary<string, object?> a, Dictionary<string, object?> b) => a.Count == b.Count
                    && a.All(pair => b.TryGetValue(pair.Key, out object? other) && AreEqual(pair.Value, other, budget, depth + 1)),
                _ => ReferenceEquals(left, right),
            },
            _ => false,
        };
    }

    /// <summary>Python's str().</summary>
    public static string Print(object? value, JinjaBudget budget) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        string text => Charged(text, budget),
        JinjaUndefined => "",
        _ => throw budget.Unsupported($"printing {NameOf(value)} is not implemented"),
    };

    /// <summary>json.dumps(value, ensure_ascii=False).</summary>
    public static string ToJson(object? value, JinjaBudget budget)
    {
        var json = new StringBuilder();
        WriteJson(value, json, budget, 0);
        return json.ToString();
    }

    public static string NameOf(object? value) => value switch
    {
        null => "none",
        bool => "a boolean",
        long => "an integer",
        string => "a string",
        JinjaUndefined => "an undefined value",
        List<object?> => "a list",
        Dictionary<string, object?> => "a mapping",
        JinjaNamespace => "a namespace",
        _ => "a function",
    };

    /// <summary>Integers and booleans, which Python counts among them.</summary>
    public static long? Number(object? value) => value switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    /// <summary>The characters of a string as Python counts them, by Unicode code point.</summary>
    public static List<object?> Characters(string text, JinjaBudget budget)
    {
        budget.SpendItems(text.Length);
        var characters = new List<object?>();
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            characters.Add(text.Substring(i, isPair ? 2 : 1));
            i += isPair ? 1 : 0;
        }
        return characters;
    }

    static void WriteJson(object? value, StringBuilder json, JinjaBudget budget, int depth)
    {
        budget.SpendStep();
        if (depth > MostNesting)
            throw budget.Unsupported("values nest too deeply");
        switch (value)
        {
            case null:
                json.Append("null");
                break;
            case bool flag:
                json.Append(flag ? "true" : "false");
                break;
            case string text:
                WriteJsonString(Charged(text, budget), json);
                break;
            case List<object?> list:
                WriteJsonItems('[', list, ']', json, item => WriteJson(item, json, budget, depth + 1));
                break;
            case Dictionary<string, object?> map:
                WriteJsonItems('{', map, '}', json, pair =>
                {
                    WriteJsonString(Charged(pair.Key, budget), json);
                    json.Append(": ");
                    WriteJson(pair.Value, json, budget, depth + 1);
                });
                break;
            case long number:
                json.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw budget.Unsupported($"{NameOf(value)} has no JSON");
        }
    }

    static void WriteJsonItems<T>(char open, IEnumerable<T> items, char close, StringBuilder json, Action<T> write)
    {
        json.Append(open);
        bool isFirst = true;
        foreach (T item in items)
        {
            json.Append(isFirst ? "" : ", ");
            isFirst = false;
            write(item);
        }
        json.Append(close);
    }

    static void WriteJsonString(string text, StringBuilder json)
    {
        json.Append('"');
        foreach (char character in text)
        {
            int named = "\"\\\n\r\t\b\f".IndexOf(character);
            if (named >= 0)
                json.Append('\\').Append("\"\\nrtbf"[named]);
            else if (character < ' ')
                json.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else
                json.Append(character);
        }
        json.Append('"');
    }

    static string Charged(string text, JinjaBudget budget)
    {
        budget.Spend(text.Length);
        return text;
    }
}

/// <summary>Bounds the work of one rendering, counted in characters handled, and knows the line that errors name.</summary>
sealed class JinjaBudget
{
    const long Most = 1 << 26;

    /// <summary>Characters that an expression or statement counts for.</summary>
    const int Step = 16;

    /// <summary>Characters that an item of a list counts for.</summary>
    const int Item = 8;

    long spent;

    /// <summary>Line of the statement or expression that is being evaluated; 1-based.</summary>
    public int Line { get; set; } = 1;

    public void SpendStep() => Spend(Step);

    /// <summary>Finding a pattern takes the product of the lengths at worst.</summary>
    public void SpendSearch(string text, string pattern) => Spend(text.Length + (long)text.Length * pattern.Length / 64);

    public void SpendItems(long count) => Spend(count * Item);

    public void Spend(long characters)
    {
        spent += characters;
        if (spent > Most)
            throw Unsupported($"it handles more than {Most} characters");
    }

    public HarnessException Unsupported(string what) => JinjaLexer.Unsupported(what, Line);
}
