using System.Globalization;
using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.ChatTemplates;

/// <summary>
/// Cuts a template into tokens as Jinja2 does with trim_blocks and lstrip_blocks, the settings of transformers: a line break
/// after a block tag or comment goes, and so does the indentation before one; a minus strips all white space on its side.
/// </summary>
sealed class JinjaLexer
{
    static readonly string[] Operators =
        ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|"];

    readonly string source;
    readonly List<JinjaToken> tokens = [];
    int position;
    int line = 1;

    JinjaLexer(string source) => this.source = source;

    public static List<JinjaToken> Tokenize(string source)
    {
        // Jinja knows one line break, and drops a last one.
        string unified = source.Replace("\r\n", "\n").Replace('\r', '\n');
        var lexer = new JinjaLexer(unified.EndsWith('\n') ? unified[..^1] : unified);
        lexer.Run();
        return lexer.tokens;
    }

    public static HarnessException Unsupported(string what, int line) =>
        KernelCodes.ChatTemplateUnsupported.With($"line {line} of the chat template: {what}");

    void Run()
    {
        bool strips = false;
        bool startsLine = true;
        while (position < source.Length)
        {
            int tag = NextTag();
            string text = source[position..tag];
            if (strips)
                text = JinjaText.TrimStart(text);
            if (tag == source.Length)
            {
                Add(JinjaTokenKind.Text, text);
                break;
            }
            AddTextBefore(tag, text, startsLine);
            line += source.AsSpan(position, tag - position).Count('\n');
            position = tag;
            (strips, startsLine) = ReadTag();
        }
        Add(JinjaTokenKind.End, "");
    }

    int NextTag()
    {
        for (int at = position; ; at++)
        {
            at = source.IndexOf('{', at);
            if (at < 0 || at + 1 >= source.Length)
                return source.Length;
            if (source[at + 1] is '{' or '%' or '#')
                return at;
        }
    }

    void AddTextBefore(int tag, string text, bool startsLine)
    {
        char sign = tag + 2 < source.Length ? source[tag + 2] : ' ';
        if (sign == '-')
            text = JinjaText.TrimEnd(text);
        else if (sign != '+' && source[tag + 1] != '{')
            text = WithoutIndentation(text, startsLine);
        if (text.Length > 0)
            Add(JinjaTokenKind.Text, text);
    }

    static string WithoutIndentation(string text, bool startsLine)
    {
        int lineStart = text.LastIndexOf('\n') + 1;
        return (lineStart > 0 || startsLine) && JinjaText.TrimEnd(text[lineStart..]).Length == 0 ? text[..lineStart] : text;
    }

    /// <summary>Reads the tag at the position; whether its end strips what follows, and whether it ended a line.</summary>
    (bool Strips, bool StartsLine) ReadTag()
    {
        char kind = source[position + 1];
        position += 2;
        if (position < source.Length && source[position] is '-' or '+')
            position++;
        string close = kind switch { '{' => "}}", '%' => "%}", _ => "#}" };
        if (kind == '#')
            SkipComment();
        else
            ReadExpressionTokens(kind, close);
        bool strips = source[position] == '-';
        bool keepsBreak = source[position] == '+';
        position += strips || keepsBreak ? 3 : 2;
        if (kind != '{' && !strips && !keepsBreak && position < source.Length && source[position] == '\n')
        {
            position++;
            line++;
            return (false, true);
        }
        return (strips, false);
    }

    void SkipComment()
    {
        int end = source.IndexOf("#}", position, StringComparison.Ordinal);
        if (end < 0)
            throw Unsupported("a comment has no end", line);
        bool signed = end > position && source[end - 1] is '-' or '+';
        int stop = signed ? end - 1 : end;
        line += source.AsSpan(position, stop - position).Count('\n');
        position = stop;
    }

    void ReadExpressionTokens(char kind, string close)
    {
        Add(kind == '{' ? JinjaTokenKind.OutputStart : JinjaTokenKind.BlockStart, "");
        int openBraces = 0;
        while (true)
        {
            SkipWhiteSpace();
            if (position >= source.Length)
                throw Unsupported("a tag has no end", line);
            if (openBraces == 0 && AtClose(close))
                break;
            ReadToken();
            openBraces += tokens[^1].Kind != JinjaTokenKind.Operator ? 0
                : tokens[^1].Value switch { "{" or "[" or "(" => 1, "}" or "]" or ")" => -1, _ => 0 };
        }
        Add(kind == '{' ? JinjaTokenKind.OutputEnd : JinjaTokenKind.BlockEnd, "");
    }

    bool AtClose(string close)
    {
        bool maySign = source[position] == '-' || (source[position] == '+' && close == "%}");
        return string.CompareOrdinal(source, position, close, 0, 2) == 0
            || (maySign && string.CompareOrdinal(source, position + 1, close, 0, 2) == 0);
    }

    void SkipWhiteSpace()
    {
        for (; position < source.Length && JinjaText.IsSpace(source[position]); position++)
            line += source[position] == '\n' ? 1 : 0;
    }

    void ReadToken()
    {
        char first = source[position];
        if (first is '\'' or '"')
            ReadString(first);
        else if (char.IsAsciiDigit(first))
            Add(JinjaTokenKind.Number, TakeWhile(char.IsAsciiDigit));
        else if (char.IsAsciiLetter(first) || first == '_')
            Add(JinjaTokenKind.Name, TakeWhile(character => char.IsAsciiLetterOrDigit(character) || character == '_'));
        else if (Operators.FirstOrDefault(text => string.CompareOrdinal(source, position, text, 0, text.Length) == 0) is { } found)
        {
            Add(JinjaTokenKind.Operator, found);
            position += found.Length;
        }
        else
            throw Unsupported($"the character '{first}' has no meaning", line);
    }

    string TakeWhile(Func<char, bool> belongs)
    {
        int start = position;
        while (position < source.Length && belongs(source[position]))
            position++;
        return source[start..position];
    }

    void ReadString(char quote)
    {
        int startLine = line;
        var text = new StringBuilder();
        for (position++; position < source.Length && source[position] != quote; position++)
        {
            line += source[position] == '\n' ? 1 : 0;
            if (source[position] == '\\' && position + 1 < source.Length)
                ReadEscape(text);
            else
                text.Append(source[position]);
        }
        if (position >= source.Length)
            throw Unsupported("a string has no end", startLine);
        position++;
        tokens.Add(new JinjaToken(JinjaTokenKind.Quoted, text.ToString(), startLine));
    }

    /// <summary>Python's escapes; the position is left on the escape's last character. An unknown one keeps its backslash.</summary>
    void ReadEscape(StringBuilder text)
    {
        char escape = source[++position];
        switch (escape)
        {
            case 'x':
                text.Append(HexEscape(2));
                break;
            case 'u':
                text.Append(HexEscape(4));
                break;
            case 'U' or 'N' or (>= '0' and <= '7'):
                throw Unsupported($"the escape \\{escape} is not implemented", line);
            case '\n':
                line++;
                break;
            default:
                int known = "abfnrtv\\'\"".IndexOf(escape);
                text.Append(known >= 0 ? "\a\b\f\n\r\t\v\\'\""[known].ToString() : $"\\{escape}");
                break;
        }
    }

    char HexEscape(int digits)
    {
        ReadOnlySpan<char> hex = source.AsSpan(position + 1, Math.Min(digits, source.Length - position - 1));
        if (hex.Length < digits || !ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
            throw Unsupported("a hexadecimal escape is broken", line);
        position += digits;
        return (char)value;
    }

    void Add(JinjaTokenKind kind, string value) => tokens.Add(new JinjaToken(kind, value, line));
}
