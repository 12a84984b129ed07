using System.Globalization;
using System.Text.Json.Nodes;

namespace Harness.Manifests;

/// <summary>The kinds of values that attributes have: how each is read, and what is said of its range.</summary>
static class AttributeKinds
{
    /// <param name="absent">Null: it is required, unless <paramref name="otherwise"/> says what holds; it is 0 until then.</param>
    public static AttributeDefinition<TOwner, int> Integer<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, int> of, int low, int high, int? absent, string? otherwise = null) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = $"an integer from {Number(low)} to {Number(high)}",
            Default = absent?.ToString(CultureInfo.InvariantCulture),
            DefaultSays = otherwise,
            Read = values => values.Integer(name, absent ?? (otherwise is null ? null : 0), low, high),
            Fallback = absent ?? 0,
            Describe = owner => of(owner),
        };

    public static AttributeDefinition<TOwner, float> Real<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, float> of, float low, float high, float absent, bool aboveLow = false) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = $"a number {(aboveLow ? "above" : "from")} {Number(low)} {(aboveLow ? "up to" : "to")} {Number(high)}",
            Default = Number(absent),
            Read = values => values.Real(name, absent, low, high, aboveLow),
            Fallback = absent,
            Describe = owner => of(owner),
        };

    /// <param name="absent">As it would be written; null: it is required.</param>
    public static AttributeDefinition<TOwner, double> Double<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, double> of, double low, double high, string? absent,
        bool aboveLow = false) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = $"a number {(aboveLow ? "above" : "from")} {Number(low)} {(aboveLow ? "up to" : "to")} {Number(high)}",
            Default = absent,
            Read = values => values.Double(name, absent, low, high, aboveLow),
            Fallback = high,
            Describe = owner => of(owner),
        };

    /// <param name="absent">As it would be written; null: it is required.</param>
    public static AttributeDefinition<TOwner, long> Count<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, long> of, long most, string? absent) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = "a count, such as 500k, 10M or 1.5G",
            Default = absent,
            Read = values => values.Count(name, absent, most),
            Fallback = 1,
            Describe = owner => of(owner),
        };

    public static AttributeDefinition<TOwner, bool?> Flag<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, bool?> of, string? absent, string? otherwise = null) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = "true or false",
            Default = absent,
            DefaultSays = otherwise,
            Read = values => values.Flag(name),
            Fallback = null,
            Describe = owner => of(owner),
        };

    /// <summary>Text whose ends are trimmed.</summary>
    public static AttributeDefinition<TOwner, string?> Text<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, string?> of, string what, string? absent, string? otherwise = null) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = what,
            Default = absent,
            DefaultSays = otherwise,
            Read = values => values.Text(name) ?? absent,
            Fallback = absent,
            Describe = owner => of(owner),
        };

    public static AttributeDefinition<TOwner, string> Required<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, string> of, string what) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = what,
            Read = values => values.Required(name),
            Fallback = "",
            Describe = owner => of(owner),
        };

    public static AttributeDefinition<TOwner, string> Choice<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, string> of, IReadOnlyList<string> choices, string absent) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = string.Join(", ", choices),
            Default = absent,
            Read = values => values.Choice(name, choices) ?? absent,
            Fallback = absent,
            Describe = owner => of(owner),
        };

    /// <summary>Semicolon-separated, each once.</summary>
    public static AttributeDefinition<TOwner, IReadOnlyList<int>> Integers<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, IReadOnlyList<int>> of, int low, int? absent, string? otherwise = null) =>
        new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = $"integers of {Number(low)} or more, separated by ;",
            Default = absent?.ToString(CultureInfo.InvariantCulture),
            DefaultSays = otherwise,
            Read = values => values.Integers(name, low) is { Count: > 0 } listed || absent is null ? values.Integers(name, low)
                : [absent.Value],
            Fallback = absent is { } one ? [one] : [],
            Describe = owner => new JsonArray([.. of(owner).Select(value => (JsonNode)value)]),
        };

    /// <summary>Texts, separated by ;.</summary>
    public static AttributeDefinition<TOwner, IReadOnlyList<string>> Texts<TOwner>(
        string name, string summary, KeyPart key, Func<TOwner, IReadOnlyList<string>> of, string what, string otherwise,
        IReadOnlyList<string> absent) => new()
        {
            Name = name,
            Summary = summary,
            Key = key,
            Values = what,
            DefaultSays = otherwise,
            Read = values => values.Texts(name) is { Count: > 0 } written ? written : absent,
            Fallback = absent,
            Describe = owner => new JsonArray([.. of(owner).Select(text => (JsonNode)text)]),
        };

    public static string Number(double value) => value.ToString("#,0.#######", CultureInfo.InvariantCulture);
}
