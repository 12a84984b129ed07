using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;

namespace Harness.Engines;

/// <summary>A model that can be asked what it expects anywhere in a given text.</summary>
public interface IReadsTexts
{
    /// <summary>Loads the weights. The model must outlive the reader.</summary>
    ITextReader CreateReader(Precision precision, Placement placement);
}

/// <summary>Reads texts with a model that it has loaded.</summary>
public interface ITextReader : IDisposable
{
    /// <summary>The token that a word is by itself; null where it is none or several.</summary>
    int? TokenOf(string word);

    /// <inheritdoc cref="ILanguageModel.Evaluate(IReadOnlyList{EvaluatedText}, TextLogitsVisitor)"/>
    void Read(IReadOnlyList<EvaluatedText> texts, TextLogitsVisitor visit);
}
