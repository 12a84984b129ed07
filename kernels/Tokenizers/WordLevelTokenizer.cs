using System.Text;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>One token a word between white space.</summary>
/// <param name="unknown">The token of words outside the vocabulary; where it is null they are an error.</param>
sealed class WordLevelTokenizer(TokenizerParts parts, int? unknown) : AddedTokenTokenizer(parts)
{
    /// <summary>Words are joined by one space, as tokenizers does without a decoder.</summary>
    public override string Decode(ReadOnlySpan<int> ids, bool keepSpecial)
    {
        var text = new StringBuilder();
        foreach (int id in ids)
        {
            if (TokenBytes(id).IsEmpty || (!keepSpecial && IsSpecial(id)))
                continue;
            if (text.Length > 0)
                text.Append(' ');
            text.Append(Encoding.UTF8.GetString(TokenBytes(id)));
        }
        return text.ToString();
    }

    protected override void EncodePlain(ReadOnlySpan<byte> utf8, List<int> ids)
    {
        while (true)
        {
            utf8 = utf8[ScalarClasses.Run(utf8, ScalarClass.Space)..];
            if (utf8.IsEmpty)
                return;
            int end = WordLength(utf8);
            int id = Vocabulary.Find(utf8[..end]);
            if (id < 0)
            {
                id = unknown ?? throw KernelCodes.WordOutsideVocabulary.With(
                    $"the word '{Encoding.UTF8.GetString(utf8[..end])}' is not in the model's vocabulary of {VocabularySize} words");
            }
            ids.Add(id);
            utf8 = utf8[end..];
        }
    }

    static int WordLength(ReadOnlySpan<byte> utf8)
    {
        int end = 0;
        while (end < utf8.Length && ScalarClasses.First(utf8[end..], out int length) != ScalarClass.Space)
            end += length;
        return end;
    }
}
