using System.Globalization;

namespace PtxInterpreter.Parsing;

enum TokenKind
{
    Word,
    Number,
    Text,
    Mark,
    End,
}

readonly record struct Token(TokenKind Kind, string Text, int Line);

/// <summary>Splits PTX text: words with their dots ("add.s32", "%tid.x", ".reg"), numbers, strings, marks. Comments fall away.</summary>
sealed class PtxLexer(string module, string text)
{
    int place;
    int line = 1;

    public List<Token> Split()
    {
        var tokens = new List<Token>();
        while (SkipBlanks())
            tokens.Add(Next());
        tokens.Add(new Token(TokenKind.End, "", line));
        return tokens;
    }

    bool SkipBlanks()
    {
        while (place < text.Length)
        {
            if (char.IsWhiteSpace(text[place]))
                Step();
            else if (Starts("//"))
                SkipTo("\n", 0);
            else if (Starts("/*"))
                SkipTo("*/", 2);
            else
                return true;
        }
        return false;
    }

    void SkipTo(string end, int beyond)
    {
        int found = text.IndexOf(end, place, StringComparison.Ordinal);
        int stop = found < 0 ? text.Length : found + beyond;
        while (place < stop)
            Step();
    }

    void Step()
    {
        if (text[place++] == '\n')
            line++;
    }

    bool Starts(string mark) => string.CompareOrdinal(text, place, mark, 0, mark.Length) == 0;

    Token Next()
    {
        char first = text[place];
        int start = place;
        if (char.IsAsciiDigit(first))
        {
            while (place < text.Length && char.IsAsciiLetterOrDigit(text[place]))
                place++;
            return new Token(TokenKind.Number, text[start..place], line);
        }
        if (IsWord(first))
        {
            while (place < text.Length && (IsWord(text[place]) || char.IsAsciiDigit(text[place]) || Scope()))
                place += Scope() ? 2 : 1;
            return new Token(TokenKind.Word, text[start..place], line);
        }
        if (first == '"')
        {
            int end = text.IndexOf('"', place + 1);
            if (end < 0)
                throw new PtxFormatException(module, line, "a string has no end");
            place = end + 1;
            return new Token(TokenKind.Text, text[(start + 1)..end], line);
        }
        place++;
        return new Token(TokenKind.Mark, text[start..place], line);
    }

    bool Scope() => Starts("::");

    static bool IsWord(char c) => char.IsAsciiLetter(c) || c is '%' or '_' or '$' or '.';

    /// <summary>The value of a number's text: decimal, 0x, 0b, octal, 0f or 0d.</summary>
    public static NumberOperand Number(string module, Token token, bool negative)
    {
        string digits = token.Text;
        if (digits.Length == 10 && digits.StartsWith("0f", StringComparison.OrdinalIgnoreCase))
            return new NumberOperand(Hexadecimal(module, token, negative), NumberKind.Single);
        if (digits.Length == 18 && digits.StartsWith("0d", StringComparison.OrdinalIgnoreCase))
            return new NumberOperand(Hexadecimal(module, token, negative), NumberKind.Double);
        digits = digits.TrimEnd('U', 'u');
        bool understood = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && !(digits.Length > 1 && digits[0] == '0');
        if (!understood)
            throw new PtxFormatException(module, token.Line, $"the number {token.Text} is not understood");
        return new NumberOperand(negative ? 0 - value : value, NumberKind.Integer);
    }

    static ulong Hexadecimal(string module, Token token, bool negative)
    {
        if (negative
            || !ulong.TryParse(token.Text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
            throw new PtxFormatException(module, token.Line, $"the number {token.Text} is not understood");
        return value;
    }
}
