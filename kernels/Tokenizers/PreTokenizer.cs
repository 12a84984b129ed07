namespace Harness.Kernels.Tokenizers;

enum DigitSplit
{
    None,

    /// <summary>Each number character stands alone.</summary>
    Individual,

    /// <summary>Runs of number characters stand alone.</summary>
    Runs,
}

/// <summary>Cuts text into the words within which merges happen: digits first where they are split off, then the pattern.</summary>
sealed record PreTokenizer(DigitSplit Digits, WordPattern Pattern)
{
    /// <summary>Those of GGUF's tokenizer.ggml.pre, or null for a name that is not known.</summary>
    public static PreTokenizer? OfGgufName(string name) => name switch
    {
        "gpt-2" or "olmo" or "mpt" => new(DigitSplit.None, WordPattern.Gpt2),
        "smollm" or "starcoder" or "refact" or "command-r" or "codeshell" => new(DigitSplit.Individual, WordPattern.Gpt2),
        "llama-bpe" or "llama3" or "llama-v3" => new(DigitSplit.None, WordPattern.Llama3),
        "qwen2" or "deepseek-r1-qwen" or "stablelm2" or "megrez" => new(DigitSplit.None, WordPattern.Qwen2),
        _ => null,
    };

    /// <summary>Bytes of the next word of <paramref name="utf8"/>, which is not empty.</summary>
    /// <param name="segment">State between calls, 0 at first.</param>
    public int NextWord(ReadOnlySpan<byte> utf8, ref int segment)
    {
        if (Digits == DigitSplit.None)
            return Pattern.FirstWord(utf8);
        if (segment == 0)
            segment = NextSegment(utf8);
        int word = Pattern.FirstWord(utf8[..segment]);
        segment -= word;
        return word;
    }

    int NextSegment(ReadOnlySpan<byte> utf8)
    {
        if (ScalarClasses.First(utf8, out int end) == ScalarClass.Number)
            return Digits == DigitSplit.Individual ? end : ScalarClasses.Run(utf8, ScalarClass.Number);
        while (end < utf8.Length && ScalarClasses.First(utf8[end..], out int length) != ScalarClass.Number)
            end += length;
        return end;
    }
}
