using Harness.Kernels.Configuration;

namespace Harness.Engines;

/// <summary>
/// A model that an engine has opened: what the rest of the program asks of it, be it a checkpoint, a file of recorded samples, a
/// simulation or an endpoint. What some engines cannot give is null, or an interface of its own (<see cref="INextLogits"/>).
/// </summary>
public interface IEngineModel : IDisposable
{
    /// <summary>Lower-case hex SHA-256 of what the model is, never of where it lies.</summary>
    string ContentHash { get; }

    /// <summary>Most tokens of a prompt and its answer together; null where no limit is known.</summary>
    int? ContextLength { get; }

    /// <summary>How it reads and writes text; null for a model without text, as one of random weights.</summary>
    IModelText? Text { get; }

    /// <summary>Its shape, from which operations and memory are counted; null where they cannot be.</summary>
    ModelConfig? Shape { get; }

    /// <summary>Makes it ready to generate: loads the weights, where there are any. The model must outlive the generator.</summary>
    IModelGenerator CreateGenerator(Precision precision, Placement placement);
}
