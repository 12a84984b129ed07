using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Numerics;

/// <summary>Whether the units of the exact arithmetic give the bits of this <see cref="NumericsVersion"/>.</summary>
/// <param name="Units">How many there are.</param>
/// <param name="First">The first that does not; null where all do.</param>
public sealed record NumericsCheck(int Units, UnitDifference? First)
{
    /// <summary>Computes units in their order, each in all of its forms, up to the first that differs.</summary>
    public static NumericsCheck Of(IReadOnlyList<NumericUnit> units)
    {
        using var hash = new BitHash();
        foreach (NumericUnit unit in units)
        {
            foreach (UnitForm form in unit.Forms)
            {
                if (Compute(form, hash) is var found && found != unit.Bits)
                    return new NumericsCheck(units.Count, new UnitDifference(unit, form, found));
            }
        }
        return new NumericsCheck(units.Count, null);
    }

    /// <summary>One sentence without its full stop.</summary>
    public override string ToString() => First is not { } first
        ? $"the {Units} units give version {NumericsVersion.Current}'s bits"
        : $"{first} is the smallest of {Units} units whose bits are not version {NumericsVersion.Current}'s: {first.Found}, "
            + $"not {first.Unit.Bits}";

    static string Compute(UnitForm form, BitHash hash)
    {
        try
        {
            form.Compute(hash);
            return hash.Take();
        }
        catch (HarnessException refused)
        {
            hash.Take();
            return refused.Message;
        }
    }
}
