using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Tokenizers;

/// <summary>What every kind of tokenizer has, read from whichever file.</summary>
sealed record TokenizerParts
{
    public required string Path { get; init; }

    public required Vocabulary Vocabulary { get; init; }

    public required IReadOnlyList<AddedToken> Added { get; init; }

    /// <summary>Added tokens that are matched after normalization.</summary>
    public IReadOnlyList<AddedToken> AddedAfterNormalization { get; init; } = [];

    /// <summary>Whether text is brought to Unicode normalization form C first.</summary>
    public bool Normalizes { get; init; }

    public required int? BeginOfSequence { get; init; }

    public required bool AddsBeginOfSequence { get; init; }

    /// <summary>Ascending.</summary>
    public required IReadOnlyList<int> EndTokens { get; init; }

    /// <summary>
    /// The tokens that end an answer: those that the files name, and the ends of turn that chat models share. An id that the model
    /// does not have is an error.
    /// </summary>
    public static IReadOnlyList<int> EndTokensOf(IEnumerable<int> named, IEnumerable<AddedToken> added, Vocabulary vocabulary, string path)
    {
        var ends = new SortedSet<int>(named);
        foreach (int id in ends)
        {
            if (id < 0 || id >= vocabulary.Most)
                throw KernelCodes.TokenizerCorrupt.With($"end token {id} is not one of the model's {vocabulary.Most}", path);
        }
        ends.UnionWith(added.Where(token => token.IsSpecial && token.Content is "<|im_end|>" or "<|eot_id|>").Select(token => token.Id));
        return [.. ends];
    }
}
