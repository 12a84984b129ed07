using System.Text.RegularExpressions;

namespace Harness.Tasks;

/// <summary>Tags that a model puts around its thinking.</summary>
public sealed partial class ThinkTags
{
    readonly record struct Tag(string Open, string Close);

    static readonly Tag[] CommonTags =
    [
        new("<think>", "</think>"),
        new("<thinking>", "</thinking>"),
        new("<thought>", "</thought>"),
        new("<thoughts>", "</thoughts>"),
        new("<reason>", "</reason>"),
        new("<reasoning>", "</reasoning>"),
        new("<|begin_of_thought|>", "<|end_of_thought|>"),
        new("[THINK]", "[/THINK]"),
        new("<|START_THINKING|>", "<|END_THINKING|>"),
        new("◁think▷", "◁/think▷"),
    ];

    readonly Tag[] tags;

    ThinkTags(IEnumerable<Tag> tags) => this.tags = [.. tags.Distinct()];

    /// <summary>The tags that published models use.</summary>
    public static ThinkTags Common { get; } = new(CommonTags);

    /// <summary>
    /// The common tags and those that a chat template names: any <c>&lt;/X&gt;</c> or <c>[/X]</c> whose X holds think, reason or thought.
    /// </summary>
    /// <param name="template">The template's source, or null for a model without one.</param>
    public static ThinkTags Of(string? template) => template is null
        ? Common
        : new ThinkTags([.. CommonTags, .. ClosingTag().Matches(template)
            .Select(match => new Tag(match.Value.Remove(1, 1), match.Value))]);

    /// <summary>Whether a text is one of the tags.</summary>
    public bool Has(string text) => tags.Any(tag =>
        text.Equals(tag.Open, StringComparison.OrdinalIgnoreCase) || text.Equals(tag.Close, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a prompt ends inside of thinking, because the template has opened it.</summary>
    public bool LeavesOpen(string prompt) =>
        tags.Any(tag => LastIndexOf(prompt, tag.Open) is >= 0 and int open && open > LastIndexOf(prompt, tag.Close)
            && string.IsNullOrWhiteSpace(prompt[(open + tag.Open.Length)..]));

    internal string Outside(string text, bool begunInside)
    {
        bool tagged = text.AsSpan().ContainsAny('<', '[', '◁')
            && tags.Any(tag => IndexOf(text, tag.Close, 0) >= 0 || IndexOf(text, tag.Open, 0) >= 0);
        if (!begunInside && !tagged)
            return text;
        List<string> pieces = [];
        int from = begunInside ? -1 : 0;
        foreach ((int start, int end, bool opens) in Occurrences(text))
        {
            if (opens && from >= 0)
            {
                pieces.Add(text[from..start]);
                from = -1;
            }
            else if (!opens)
            {
                if (from >= 0)
                    pieces.Clear();
                from = end;
            }
        }
        string last = from >= 0 ? text[from..] : "";
        return string.IsNullOrWhiteSpace(last) ? pieces.LastOrDefault(piece => !string.IsNullOrWhiteSpace(piece), last) : last;
    }

    IEnumerable<(int Start, int End, bool Opens)> Occurrences(string text)
    {
        List<(int Start, int End, bool Opens)> found = [];
        foreach (Tag tag in tags)
        {
            AddAll(tag.Open, opens: true);
            AddAll(tag.Close, opens: false);
        }
        return found.OrderBy(place => place.Start).ThenByDescending(place => place.End);

        void AddAll(string written, bool opens)
        {
            for (int at = IndexOf(text, written, 0); at >= 0; at = IndexOf(text, written, at + written.Length))
                found.Add((at, at + written.Length, opens));
        }
    }

    static int IndexOf(string text, string tag, int from) => text.IndexOf(tag, from, StringComparison.OrdinalIgnoreCase);

    static int LastIndexOf(string text, string tag) => text.LastIndexOf(tag, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"</[\w:-]{0,30}(?:think|reason|thought)[\w:-]{0,30}>|\[/[\w:-]{0,30}(?:think|reason|thought)[\w:-]{0,30}\]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ClosingTag();
}
