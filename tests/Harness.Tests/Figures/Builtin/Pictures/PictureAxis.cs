using Harness.Figures;
using Harness.Kernels.ExactMath;

namespace Harness.Pictures;

/// <summary>An axis of a picture, and where its values lie on it.</summary>
sealed record PictureAxis(string Label)
{
    /// <summary>Values that have ticks of a logarithmic axis; null where it is not one.</summary>
    public IReadOnlyList<int>? Logarithmic { get; init; }

    /// <summary>Whether a logarithmic axis has its ticks at powers of ten.</summary>
    public bool HasPowersOfTen { get; init; }

    /// <summary>Names of the places 0, 1, 2 and so on; null where there are none.</summary>
    public IReadOnlyList<string>? Places { get; init; }

    /// <summary>The ends of a linear axis; NaN: those of the values.</summary>
    public double Low { get; init; } = double.NaN;

    /// <inheritdoc cref="Low"/>
    public double High { get; init; } = double.NaN;

    /// <summary>Where a value lies.</summary>
    public double Coordinate(double value) => Logarithmic is not null || HasPowersOfTen ? ExactDouble.Log10(value) : value;

    /// <param name="values">All that lie along the axis.</param>
    /// <param name="pixels">The axis's length.</param>
    public AxisScale Scale(IReadOnlyList<double> values, double pixels) =>
        Logarithmic is { } ticks ? AxisScale.AtValues(Label, ticks, pixels)
        : HasPowersOfTen ? AxisScale.PowersOfTen(Label, ExactDouble.Log10(values.Min()), ExactDouble.Log10(values.Max()), pixels)
        : Places is { } names ? AxisScale.AtPlaces(Label, names, pixels)
        : AxisScale.Between(Label, double.IsNaN(Low) ? values.Min() : Low, double.IsNaN(High) ? values.Max() : High);
}
