using System.Text.RegularExpressions;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Tasks.Prompts;

/// <summary>
/// Text with placeholders such as <c>{question}</c>. The text that replaces a placeholder is never searched again; <c>{{question}}</c>
/// stands for the letters themselves, and braces around anything but one lower-case word are ordinary text.
/// </summary>
sealed partial class PromptText
{
    /// <param name="Name">Null for ordinary text.</param>
    /// <param name="Count">The N of {name:N}; 0 where none is written.</param>
    readonly record struct Part(string Text, string? Name, int Count);

    readonly List<Part> parts = [];
    readonly string file;

    /// <param name="file">Where the text was read, for messages.</param>
    /// <param name="allowed">Placeholders it may hold.</param>
    /// <exception cref="HarnessException">
    /// HRN0308 with line and column: a placeholder is unknown, or has a number that it can't have.
    /// </exception>
    public PromptText(string text, string file, IReadOnlyList<string> allowed)
    {
        this.file = file;
        int end = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            parts.Add(new Part(text[end..match.Index], null, 0));
            parts.Add(match.Groups["name"].Success ? ReadPlaceholder(match, text, allowed) : new Part(match.Value[1..^1], null, 0));
            end = match.Index + match.Length;
        }
        parts.Add(new Part(text[end..], null, 0));
    }

    public bool Holds(string name) => parts.Exists(part => part.Name == name);

    /// <summary>The N of {name:N}; 0 where none is written.</summary>
    public int CountOf(string name) => parts.Find(part => part.Name == name).Count;

    /// <exception cref="HarnessException">HRN0308: the placeholder is absent.</exception>
    public void Require(string name)
    {
        if (!Holds(name))
            throw Codes.PromptTemplateBad.With($"lacks {{{name}}}", file);
    }

    public string Fill(IReadOnlyDictionary<string, string> values) =>
        string.Concat(parts.Select(part => part.Name is null ? part.Text : values[part.Name]));

    Part ReadPlaceholder(Match match, string text, IReadOnlyList<string> allowed)
    {
        string name = match.Groups["name"].Value;
        if (!allowed.Contains(name))
        {
            string valid = string.Join(", ", allowed.Select(other => $"{{{other}}}"));
            throw Bad($"no placeholder is called {{{name}}}; valid: {valid}; {{{{{name}}}}} stands for the letters", text, match.Index);
        }
        if (name == PromptTemplate.Examples && Holds(name))
            throw Bad("{examples} stands here a second time", text, match.Index);
        if (match.Groups["count"] is not { Success: true } count)
            return new Part(match.Value, name, 0);
        return name == PromptTemplate.Examples && PromptTemplate.ExampleCount(count.Value) is { } examples
            ? new Part(match.Value, name, examples)
            : throw Bad($"{match.Value}: only {{examples:N}} has a number, in 1..{PromptTemplate.MostExamples}", text, match.Index);
    }

    HarnessException Bad(string message, string text, int index)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, index);
        return Codes.PromptTemplateBad.With(message, file, before.Count('\n') + 1, index - before.LastIndexOf('\n'));
    }

    [GeneratedRegex(@"\{\{[a-z]+(?::[0-9]+)?\}\}|\{(?<name>[a-z]+)(?::(?<count>[0-9]+))?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
