namespace Harness.Kernels.Configuration;

/// <summary>The arithmetic of the matrices. F32 and W8A8 are exact: the same bytes everywhere.</summary>
public enum Precision
{
    /// <summary>float32 weights, activations, keys and values.</summary>
    F32,

    /// <summary>int8 weights with a scale a row; int8 activations with a scale a token and 64 inputs; int8 keys and values.</summary>
    W8A8,

    /// <summary>
    /// bf16 weights, activations, keys and values, multiplied by a GPU's tensor cores, whose sums each kind of GPU rounds in its own way:
    /// measured, never part of an exact file.
    /// </summary>
    Bf16,
}
