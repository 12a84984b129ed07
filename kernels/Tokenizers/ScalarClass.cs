using System.Globalization;
using System.Text;

namespace Harness.Kernels.Tokenizers;

/// <summary>The classes of Unicode scalar values that pre-tokenizers tell apart: \p{L}, \p{N}, \s, and the rest.</summary>
enum ScalarClass : byte
{
    Other,
    Letter,
    Number,
    Space,
}

static class ScalarClasses
{
    static readonly ScalarClass[] Ascii = [.. Enumerable.Range(0, 128).Select(value => Of(new Rune(value)))];

    /// <summary>Class and length in bytes of the scalar value that well-formed, non-empty UTF-8 starts with.</summary>
    public static ScalarClass First(ReadOnlySpan<byte> utf8, out int length)
    {
        if (utf8[0] < 0x80)
        {
            length = 1;
            return Ascii[utf8[0]];
        }
        Rune.DecodeFromUtf8(utf8, out Rune scalar, out length);
        return Of(scalar);
    }

    /// <summary>Bytes of the longest start of <paramref name="utf8"/> that is all of one class.</summary>
    public static int Run(ReadOnlySpan<byte> utf8, ScalarClass wanted)
    {
        int end = 0;
        while (end < utf8.Length && First(utf8[end..], out int length) == wanted)
            end += length;
        return end;
    }

    static ScalarClass Of(Rune scalar) => Rune.GetUnicodeCategory(scalar) switch
    {
        <= UnicodeCategory.OtherLetter => ScalarClass.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => ScalarClass.Number,
        _ => Rune.IsWhiteSpace(scalar) ? ScalarClass.Space : ScalarClass.Other,
    };
}
