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
}
