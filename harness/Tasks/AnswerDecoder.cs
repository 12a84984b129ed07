using System.Text;
using Harness.Kernels.Decoding;
using Harness.Kernels.Tokenizers;

namespace Harness.Tasks;

/// <summary>
/// Generated tokens to the text that people see and readers of answers judge: special tokens are left out, except the tags around
/// thinking, since without them what is thought would read like an answer.
/// </summary>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="thinking">The tags that the model knows.</param>
public sealed class AnswerDecoder(Tokenizer tokenizer, ThinkTags thinking)
{
    readonly HashSet<int> tags =
    [
        .. Enumerable.Range(0, tokenizer.VocabularySize)
            .Where(id => tokenizer.IsSpecial(id) && thinking.Has(Encoding.UTF8.GetString(tokenizer.TokenBytes(id)))),
    ];

    /// <summary>A generation's text as its task judges it.</summary>
    public GeneratedText Judged(Generation generation) => new(TextOf(generation))
    {
        CutOff = generation.Finish == FinishReason.Length,
        Thinking = thinking,
    };

    /// <summary>The text of a generation, without the token that ended it.</summary>
    public string TextOf(Generation generation)
    {
        ReadOnlySpan<int> ids = generation.Finish == FinishReason.Stop ? generation.Tokens.AsSpan(..^1) : generation.Tokens;
        if (tags.Count == 0)
            return tokenizer.Decode(ids, keepSpecial: false);
        List<int> kept = [];
        foreach (int id in ids)
        {
            if (!tokenizer.IsSpecial(id) || tags.Contains(id))
                kept.Add(id);
        }
        return tokenizer.Decode([.. kept], keepSpecial: true);
    }
}
