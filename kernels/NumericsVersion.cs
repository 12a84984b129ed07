namespace Harness.Kernels;

/// <summary>The version of the exact arithmetic.</summary>
public static class NumericsVersion
{
    /// <summary>Raised by every change that moves a byte of an exact file: part of each experiment's key.</summary>
    public const int Current = 1;
}
