using System.Text;

namespace Harness.Kernels.Tokenizers;

/// <summary>Text to token ids and back. Immutable and safe to share between threads.</summary>
public abstract class Tokenizer
{
    /// <summary>Ids are below this; a model may have more rows than the tokenizer has words.</summary>
    public abstract int VocabularySize { get; }

    public abstract int? BeginOfSequence { get; }

    /// <summary>Tokens that end an answer (end of sequence, end of turn).</summary>
    public abstract IReadOnlyList<int> EndTokens { get; }

    /// <summary>Whether plain text is preceded by <see cref="BeginOfSequence"/>, as the model's own post-processor has it.</summary>
    public abstract bool AddsBeginOfSequence { get; }

    /// <summary>
    /// Ids of <paramref name="text"/>, without an added begin token. Special tokens written in the text are recognised when
    /// <paramref name="parseSpecial"/>.
    /// </summary>
    public abstract int[] Encode(string text, bool parseSpecial = true);

    /// <summary>
    /// Ids of a plain text that a model is to go on from: with the begin token, where the model's own post-processor adds it.
    /// </summary>
    public int[] EncodePrompt(string text)
    {
        int[] ids = Encode(text);
        return AddsBeginOfSequence && BeginOfSequence is { } begin && (ids.Length == 0 || ids[0] != begin) ? [begin, .. ids] : ids;
    }

    /// <summary>The UTF-8 bytes that a token stands for (special tokens: their written form); empty for an id without a word.</summary>
    public abstract ReadOnlySpan<byte> TokenBytes(int id);

    public abstract bool IsSpecial(int id);

    /// <summary>Text of the ids; malformed UTF-8 becomes U+FFFD.</summary>
    public abstract string Decode(ReadOnlySpan<int> ids, bool keepSpecial);

    /// <summary>The same without special tokens, but for those whose written form <paramref name="keeps"/> holds.</summary>
    public string Decode(ReadOnlySpan<int> ids, Func<string, bool> keeps)
    {
        List<int> kept = [];
        bool keptSpecial = false;
        foreach (int id in ids)
        {
            bool isSpecial = IsSpecial(id);
            if (isSpecial && !keeps(Encoding.UTF8.GetString(TokenBytes(id))))
                continue;
            kept.Add(id);
            keptSpecial |= isSpecial;
        }
        return keptSpecial ? Decode([.. kept], keepSpecial: true) : Decode(ids, keepSpecial: false);
    }
}
