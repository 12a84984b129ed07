using System.Globalization;
using System.Text;
using Harness.Kernels.Tokenizers;

namespace Harness.Tasks;

/// <summary>
/// The vocabulary of models that are trained on generated tasks: 128 words, fixed for good, so that weights of one model mean the same in
/// another. Beside the words of today's tasks are those of searching, judging and grading, and five that are for tasks to come.
/// </summary>
public static class GeneratedWords
{
    const int Numbers = 100;

    public static WordVocabulary Vocabulary { get; } = new(
        [
            "<|endoftext|>", "<|pad|>", "<|bos|>",
            .. Enumerable.Range(0, Numbers).Select(number => number.ToString(CultureInfo.InvariantCulture)),
            "countdown", "sum", "think", "direct", "+", "-", "*", "/", "=", "->", ";", "#",
            "search", "back", "wait", "judge", "yes", "no", "good", "bad",
            "reserved-1", "reserved-2", "reserved-3", "reserved-4", "reserved-5",
        ],
        end: "<|endoftext|>", padding: "<|pad|>", begin: "<|bos|>");

    /// <summary>The word of a token id below the vocabulary's count.</summary>
    public static string Word(int token) => Encoding.UTF8.GetString(Vocabulary.Tokenizer.TokenBytes(token));
}
