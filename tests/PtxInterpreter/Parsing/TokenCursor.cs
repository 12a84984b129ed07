using System.Globalization;

namespace PtxInterpreter.Parsing;

/// <summary>A place in the tokens of a module.</summary>
sealed class TokenCursor(string module, List<Token> tokens)
{
    int place;

    public string Module => module;

    public TokenKind Kind => tokens[place].Kind;

    public string Text => tokens[place].Text;

    public int Line => tokens[place].Line;

    public void Next() => place++;

    public Token Take() => tokens[place++];

    public bool TryTake(string mark)
    {
        if (Text != mark || Kind is TokenKind.Text or TokenKind.End)
            return false;
        place++;
        return true;
    }

    public void Expect(string mark)
    {
        if (!TryTake(mark))
            throw Error($"'{mark}' was expected, not '{Text}'");
    }

    public string Word() => Kind == TokenKind.Word ? Take().Text : throw Error($"a name was expected, not '{Text}'");

    public long Integer()
    {
        bool negative = TryTake("-");
        if (Kind != TokenKind.Number)
            throw Error($"a number was expected, not '{Text}'");
        NumberOperand number = Number(negative);
        return number.Kind == NumberKind.Integer ? (long)number.Bits : throw Error("an integer was expected");
    }

    public NumberOperand Number(bool negative) => PtxLexer.Number(module, Take(), negative);

    public PtxFormatException Error(string message) => new(module, Line, message);

    /// <summary>A type's width: ".b32" has 4 bytes; a predicate 0.</summary>
    public int TypeBytes()
    {
        string type = Word();
        return type switch
        {
            ".pred" => 0,
            ".b8" or ".s8" or ".u8" => 1,
            ".b16" or ".s16" or ".u16" or ".f16" => 2,
            ".b32" or ".s32" or ".u32" or ".f32" or ".f16x2" => 4,
            ".b64" or ".s64" or ".u64" or ".f64" => 8,
            _ => throw Error($"the type {type} is not known"),
        };
    }

    /// <summary>The count that a name ends with: "%r&lt;38&gt;" gives 38; -1 without.</summary>
    public int Range()
    {
        if (!TryTake("<"))
            return -1;
        int count = int.Parse(Take().Text, CultureInfo.InvariantCulture);
        Expect(">");
        return count;
    }
}
