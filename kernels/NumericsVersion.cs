namespace Harness.Kernels;

/// <summary>The version of the exact arithmetic.</summary>
public static class NumericsVersion
{
    /// <summary>
    /// Raised by every change that moves a byte of an exact file: a result made with another number is not comparable byte for byte.
    /// </summary>
    public const int Current = 1;
}
