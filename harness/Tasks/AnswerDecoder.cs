using Harness.Kernels.Decoding;
using Harness.Kernels.Tokenizers;

namespace Harness.Tasks;

/// <summary>Makes a text of tokens. Special tokens are left out, but for those whose written form is to be kept.</summary>
public delegate string TextDecoder(ReadOnlySpan<int> tokens, Func<string, bool> keeps);

/// <summary>
/// Generated tokens to the text that people see and readers of answers judge: special tokens are left out, except the tags around
/// thinking, since without them what is thought would read like an answer.
/// </summary>
/// <param name="decode">The model's.</param>
/// <param name="thinking">The tags that the model knows.</param>
public sealed class AnswerDecoder(TextDecoder decode, ThinkTags thinking)
{
    public AnswerDecoder(Tokenizer tokenizer, ThinkTags thinking)
        : this(tokenizer.Decode, thinking)
    {
    }

    /// <summary>A generation's text as its task judges it.</summary>
    public GeneratedText Judged(Generation generation) => new(TextOf(generation))
    {
        CutOff = generation.Finish == FinishReason.Length,
        Thinking = thinking,
    };

    /// <summary>The text of a generation, without the token that ended it.</summary>
    public string TextOf(Generation generation) =>
        TextOf(generation.Finish == FinishReason.Stop ? generation.Tokens.AsSpan(..^1) : generation.Tokens);

    /// <summary>The text of tokens of which none ends an answer.</summary>
    public string TextOf(ReadOnlySpan<int> tokens) => decode(tokens, thinking.Has);
}
