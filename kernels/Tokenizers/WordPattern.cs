namespace Harness.Kernels.Tokenizers;

/// <summary>
/// The regular expressions by which published byte-level tokenizers cut text into words, as one hand-written matcher over
/// Unicode scalar values. Their alternatives, tried in this order:
/// contractions; letters with what may precede them; numbers; punctuation; line breaks; white space.
/// </summary>
/// <param name="AnyCase">Contractions also in capitals, (?i:'s|'t|'re|'ve|'m|'ll|'d).</param>
/// <param name="AnyPrefix">Letters as [^\r\n\p{L}\p{N}]?\p{L}+, and punctuation with its line breaks; else both after one space at
/// most.</param>
/// <param name="MostDigits">Numbers as \p{N}{1,MostDigits}; 0: ` ?\p{N}+`.</param>
sealed record WordPattern(bool AnyCase, bool AnyPrefix, int MostDigits)
{
    public static readonly WordPattern Gpt2 = new(false, false, 0);
    public static readonly WordPattern Llama3 = new(true, true, 3);
    public static readonly WordPattern Qwen2 = new(true, true, 1);

    const string Gpt2Regex = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    const string Llama3Regex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
    const string Qwen2Regex =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern that a tokenizer.json writes as <paramref name="regex"/>, or null.</summary>
    public static WordPattern? OfRegex(string regex) => regex switch
    {
        Gpt2Regex => Gpt2,
        Llama3Regex => Llama3,
        Qwen2Regex => Qwen2,
        _ => null,
    };

    /// <summary>Bytes of the word that well-formed, non-empty UTF-8 starts with.</summary>
    public int FirstWord(ReadOnlySpan<byte> utf8)
    {
        if (Contraction(utf8) is > 0 and int contraction)
            return contraction;
        ScalarClass first = ScalarClasses.First(utf8, out int length);
        int letters = MayPrecedeLetters(utf8[0], first) ? length : 0;
        if (ScalarClasses.Run(utf8[letters..], ScalarClass.Letter) is > 0 and int word)
            return letters + word;
        if (Number(utf8, first) is > 0 and int number)
            return number;
        int space = utf8[0] == ' ' ? 1 : 0;
        if (ScalarClasses.Run(utf8[space..], ScalarClass.Other) is > 0 and int others)
            return space + others + (AnyPrefix ? LineBreaks(utf8[(space + others)..]) : 0);
        return WhiteSpace(utf8);
    }

    bool MayPrecedeLetters(byte first, ScalarClass kind) => AnyPrefix
        ? kind is ScalarClass.Other or ScalarClass.Space && first is not ((byte)'\r' or (byte)'\n')
        : first == ' ';

    int Number(ReadOnlySpan<byte> utf8, ScalarClass first)
    {
        if (MostDigits == 0)
        {
            int space = utf8[0] == ' ' ? 1 : 0;
            int run = ScalarClasses.Run(utf8[space..], ScalarClass.Number);
            return run > 0 ? space + run : 0;
        }
        int end = 0;
        for (int digits = 0; first == ScalarClass.Number && digits < MostDigits && end < utf8.Length; digits++)
        {
            if (ScalarClasses.First(utf8[end..], out int length) != ScalarClass.Number)
                break;
            end += length;
        }
        return end;
    }

    int Contraction(ReadOnlySpan<byte> utf8)
    {
        if (utf8[0] != '\'' || utf8.Length < 2)
            return 0;
        // U+017F, the long s, is an s to a match without case.
        if (AnyCase && utf8[1..].StartsWith("\u017F"u8))
            return 3;
        int second = utf8.Length > 2 ? Fold(utf8[2]) : 0;
        return (Fold(utf8[1]), second) switch
        {
            ('s' or 't' or 'm' or 'd', _) => 2,
            ('r' or 'v', 'e') or ('l', 'l') => 3,
            _ => 0,
        };
    }

    int Fold(byte letter) => AnyCase && letter is >= (byte)'A' and <= (byte)'Z' ? letter | 0x20 : letter;

    static int LineBreaks(ReadOnlySpan<byte> utf8)
    {
        int end = utf8.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        return end < 0 ? utf8.Length : end;
    }

    /// <summary>\s*[\r\n]+ where the pattern has it, then \s+(?!\S), then \s+.</summary>
    int WhiteSpace(ReadOnlySpan<byte> utf8)
    {
        int run = ScalarClasses.Run(utf8, ScalarClass.Space);
        int lastBreak = AnyPrefix ? utf8[..run].LastIndexOfAny((byte)'\r', (byte)'\n') : -1;
        if (lastBreak >= 0)
            return lastBreak + 1;
        if (run == utf8.Length)
            return run;
        int last = run - 1;
        while ((utf8[last] & 0xC0) == 0x80)
            last--;
        return last > 0 ? last : run;
    }
}
