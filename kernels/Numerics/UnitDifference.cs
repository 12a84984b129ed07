namespace Harness.Kernels.Numerics;

/// <summary>A unit that does not give its committed bits.</summary>
/// <param name="Unit">Which.</param>
/// <param name="Form">By which form.</param>
/// <param name="Found">The hash of its bits, or the error that it ended with.</param>
public sealed record UnitDifference(NumericUnit Unit, UnitForm Form, string Found)
{
    /// <summary>Such as 'attention, w8a8' (avx2).</summary>
    public override string ToString() => $"'{Unit.Name}'{(Form.Name.Length > 0 ? $" ({Form.Name})" : "")}";
}
