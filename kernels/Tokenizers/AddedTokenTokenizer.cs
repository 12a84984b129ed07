using System.Text;

namespace Harness.Kernels.Tokenizers;

/// <summary>Cuts added tokens out of the text; what lies between them is the vocabulary's own affair.</summary>
abstract class AddedTokenTokenizer : Tokenizer
{
    readonly AddedTokens beforeNormalization;
    readonly AddedTokens afterNormalization;
    readonly TokenizerParts parts;
    readonly HashSet<int> special;

    protected AddedTokenTokenizer(TokenizerParts parts)
    {
        this.parts = parts;
        beforeNormalization = new AddedTokens(parts.Added, parts.Path);
        afterNormalization = new AddedTokens(parts.AddedAfterNormalization.Select(Normalized), parts.Path);
        special = [.. parts.Added.Concat(parts.AddedAfterNormalization).Where(token => token.IsSpecial).Select(token => token.Id)];
    }

    public override int VocabularySize => parts.Vocabulary.Count;

    public override int? BeginOfSequence => parts.BeginOfSequence;

    public override IReadOnlyList<int> EndTokens => parts.EndTokens;

    public override bool AddsBeginOfSequence => parts.AddsBeginOfSequence;

    protected Vocabulary Vocabulary => parts.Vocabulary;

    public override int[] Encode(string text, bool parseSpecial = true)
    {
        var ids = new List<int>();
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        ReadOnlySpan<byte> rest = utf8;
        while (beforeNormalization.TryFind(rest, parseSpecial, out AddedToken token, out int start, out int end))
        {
            EncodeBetween(rest[..start], parseSpecial, ids);
            ids.Add(token.Id);
            rest = rest[end..];
        }
        EncodeBetween(rest, parseSpecial, ids);
        return [.. ids];
    }

    public override ReadOnlySpan<byte> TokenBytes(int id) => Vocabulary[id];

    public override bool IsSpecial(int id) => special.Contains(id);

    /// <summary>A token that is matched in normalized text is matched in its own normal form.</summary>
    AddedToken Normalized(AddedToken token) => parts.Normalizes
        ? token with { Content = Encoding.UTF8.GetString(CanonicalComposition.Normalize(Encoding.UTF8.GetBytes(token.Content))) }
        : token;

    /// <summary>Appends the ids of non-empty, normalized text that holds no added token.</summary>
    protected abstract void EncodePlain(ReadOnlySpan<byte> utf8, List<int> ids);

    void EncodeBetween(ReadOnlySpan<byte> utf8, bool parseSpecial, List<int> ids)
    {
        ReadOnlySpan<byte> rest = parts.Normalizes ? CanonicalComposition.Normalize(utf8) : utf8;
        while (afterNormalization.TryFind(rest, parseSpecial, out AddedToken token, out int start, out int end))
        {
            if (start > 0)
                EncodePlain(rest[..start], ids);
            ids.Add(token.Id);
            rest = rest[end..];
        }
        if (!rest.IsEmpty)
            EncodePlain(rest, ids);
    }
}
