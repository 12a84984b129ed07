using Harness.Kernels.Decoding;

namespace Harness.Engines;

/// <summary>Reads texts with a model that it has loaded.</summary>
public interface ITextReader : IDisposable
{
    /// <summary>The token that a word is by itself; null where it is none or several.</summary>
    int? TokenOf(string word);

    /// <inheritdoc cref="ILanguageModel.Evaluate(IReadOnlyList{EvaluatedText}, TextLogitsVisitor)"/>
    void Read(IReadOnlyList<EvaluatedText> texts, TextLogitsVisitor visit);
}
