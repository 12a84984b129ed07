namespace Harness.Manifests;

/// <summary>What a law of losses takes for the size of a model, and for the operations of its training.</summary>
public enum ModelSize
{
    /// <summary>All parameters, and operations with those of the output head.</summary>
    All,

    /// <summary>Parameters without embedding and output head, and operations without that head.</summary>
    WithoutEmbedding,
}
