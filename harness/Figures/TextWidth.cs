namespace Harness.Figures;

/// <summary>
/// The room that a text needs whose font the reader's program chooses: the advance widths of DejaVu Sans, which is wider than the other
/// common sans-serif fonts.
/// </summary>
static class TextWidth
{
    const double Bold = 1.1;

    public static double Of(string text, double fontSize, bool bold = false) => text.Sum(Ems) * fontSize * (bold ? Bold : 1);

    /// <summary>The text, or as much of it as the room holds, with an ellipsis.</summary>
    public static string Fit(string text, double room, double fontSize, bool bold = false)
    {
        if (Of(text, fontSize, bold) <= room)
            return text;
        int length = text.Length;
        while (length > 1 && (char.IsHighSurrogate(text[length - 1]) || Of(text[..length] + "…", fontSize, bold) > room))
            length--;
        return text[..length].TrimEnd() + "…";
    }

    static double Ems(char character) => character switch
    {
        'i' or 'j' or 'l' or 'I' or '\'' or '|' => .3,
        ' ' or '.' or ',' or ':' or ';' => .32,
        'f' or 'r' or 't' or '(' or ')' or '[' or ']' or '-' or '/' or '!' => .4,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => .97,
        '…' => 1,
        >= 'A' and <= 'Z' => .73,
        >= '\u2E80' => 1,
        _ => .62,
    };
}
