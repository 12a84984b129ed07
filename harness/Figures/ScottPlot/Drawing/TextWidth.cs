namespace ScottPlot.Drawing;

/// <summary>
/// The room that a text needs whose font the reader's program chooses: the advance widths of DejaVu Sans, which is wider than the other
/// common sans-serif fonts.
/// </summary>
static class TextWidth
{
    public static double Of(string text, LabelStyle style) => Of(text, style.FontSize) * (style.Bold ? 1.1 : 1);

    public static double Of(string text, double fontSize)
    {
        double ems = 0;
        foreach (char character in text)
            ems += Ems(character);
        return ems * fontSize;
    }

    static double Ems(char character) => character switch
    {
        'i' or 'j' or 'l' or 'I' or '\'' or '|' => .3,
        ' ' or '.' or ',' or ':' or ';' => .32,
        'f' or 'r' or 't' or '(' or ')' or '[' or ']' or '-' or '/' or '!' => .4,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => .97,
        >= 'A' and <= 'Z' => .73,
        >= '\u2E80' => 1,
        _ => .62,
    };
}
