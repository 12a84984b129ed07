namespace Harness.Kernels.Models;

/// <summary>The arithmetic of the matrices; both are exact (the same bytes everywhere).</summary>
public enum Precision
{
    /// <summary>float32 weights, activations, keys and values.</summary>
    F32,

    /// <summary>int8 weights with a scale a row; int8 activations with a scale a token and 64 inputs; int8 keys and values.</summary>
    W8A8,
}
