using System.Globalization;

namespace Harness.Tasks.Answers;

/// <summary>
/// Replaces characters that mean the same in an answer by one of them: digits, signs and punctuation of full width, every kind of dash, of
/// space and of apostrophe. Each character stays at its place, so places in the folded text are places in the text.
/// </summary>
static class Folding
{
    /// <summary>Superscript digits, each with its plain digit.</summary>
    public const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Subscript digits: the base of a number, or an index.</summary>
    public const string Subscripts = "₀₁₂₃₄₅₆₇₈₉";

    public static string Fold(string text)
    {
        int first = IndexOfFoldable(text);
        return first < 0 ? text : string.Create(text.Length, text, static (folded, original) =>
        {
            for (int i = 0; i < folded.Length; i++)
                folded[i] = Fold(original[i]);
        });
    }

    static int IndexOfFoldable(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (Fold(text[i]) != text[i])
                return i;
        }
        return -1;
    }

    static char Fold(char c) => c switch
    {
        '\n' => '\n',
        '\r' or '\u0085' or '\u2028' or '\u2029' => '\n',
        < '\u0080' => c is '\t' or '\f' or '\v' ? ' ' : c,
        '\u2212' or '\uFE63' or '\uFF0D' or (>= '\u2010' and <= '\u2015') => '-',
        '\u2018' or '\u2019' or '\u02BC' => '\'',
        '\u201C' or '\u201D' => '"',
        '\u2044' or '\u2215' => '/',
        '\u00B7' or '\u22C5' or '\u2217' or '\u2022' => '·',
        '\u3001' => ',',
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        _ => char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c,
    };
}
