using Harness.Kernels.Configuration;

namespace Harness.Engines;

/// <summary>A model that can be asked what it expects anywhere in a given text.</summary>
public interface IReadsTexts
{
    /// <summary>Loads the weights. The model must outlive the reader.</summary>
    ITextReader CreateReader(Precision precision, Placement placement);
}
