using System.Collections.Frozen;
using Harness.Kernels.Files;

namespace Harness.Kernels.Tokenizers;

/// <summary>
/// The tokens at which an answer of a GGUF ends: those at which llama.cpp ends (llama-vocab.cpp). Converters name only some of them in the
/// metadata; the others are known by what is written in the vocabulary.
/// </summary>
static class GgufEndTokens
{
    /// <summary>Metadata that names an end, before _token_id.</summary>
    static readonly string[] NamedEnds = ["eos", "eot", "eom"];

    static readonly FrozenSet<string> Words = new[]
    {
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<end_of_turn>", "<end_of_utterance>",
        "</s>", "<eos>", "[EOS]", "<EOT>", "_<EOT>", "[EOT]", "<turn|>", "<|return|>", "<|call|>", "<|calls|>", "<|flush|>",
        "<|tool_response>", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>", "[e~[",
    }.ToFrozenSet();

    /// <summary>
    /// Marks of code completion that end an answer too. The metadata names the token of each; where it does not, these words are it.
    /// </summary>
    static readonly (string Name, string[] Words)[] CodeMarks =
    [
        ("fim_pad", ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]),
        ("fim_rep", ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]),
        ("fim_sep", ["<|file_sep|>"]),
    ];

    static readonly FrozenSet<string> CodeWords = CodeMarks.SelectMany(mark => mark.Words).ToFrozenSet();

    /// <summary>Whether a word is a control token whatever type the file gives it.</summary>
    public static bool IsControl(string word) => Words.Contains(word) || CodeWords.Contains(word);

    /// <summary>Ids that end an answer, those of the metadata checked to be among the model's <paramref name="rows"/>.</summary>
    public static IEnumerable<int> Find(GgufMetadata metadata, string[] words, int rows, string path)
    {
        var ends = new SortedSet<int>();
        foreach (string name in NamedEnds)
        {
            if (GgufTokenizer.Id(metadata, name, rows, path) is { } id)
                ends.Add(id);
        }
        ends.UnionWith(WithWords(words, Words));
        foreach ((string name, string[] marks) in CodeMarks)
        {
            if (GgufTokenizer.Id(metadata, name, rows, path) is { } id)
                ends.Add(id);
            else
                ends.UnionWith(WithWords(words, marks));
        }
        if (PassesOver(words, ends) is { } passed)
            ends.RemoveWhere(id => id < words.Length && words[id] == passed);
        return ends;
    }

    /// <summary>
    /// The word that closes only a part of an answer in vocabularies that have other words for its end: a message of thinking before a
    /// call, or a text of an older format.
    /// </summary>
    static string? PassesOver(string[] words, IEnumerable<int> ends)
    {
        HashSet<string> ending = [.. ends.Where(id => id < words.Length).Select(id => words[id])];
        bool calls = ending.Contains("<|call|>") || ending.Contains("<|calls|>");
        return calls && (ending.Contains("<|return|>") || ending.Contains("<|flush|>")) ? "<|end|>"
            : ending.Contains("<|tool_response>") ? "</s>"
            : null;
    }

    static IEnumerable<int> WithWords(string[] words, ICollection<string> wanted) =>
        words.Index().Where(word => wanted.Contains(word.Item)).Select(word => word.Index);
}
