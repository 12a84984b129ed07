namespace Harness.Kernels.Linear;

/// <summary>What a linear on a GPU does with its outputs.</summary>
public enum LinearEpilogue
{
    /// <summary>y[row, output] = the output.</summary>
    Store,

    /// <summary>y[row, output] = y[row, output] + the output, in two roundings.</summary>
    AddToResidual,

    /// <summary>
    /// Outputs 2 i and 2 i + 1 are a gate and its up: activation i = silu(gate) * up; w8a8 quantises the activations, bf16 rounds them.
    /// </summary>
    SwiGlu,
}
