namespace Harness.Kernels.Numerics;

/// <summary>
/// The units of the exact arithmetic. A change of arithmetic that is meant changes bits here, with <see cref="NumericsVersion"/>; one that
/// is not is found in the smallest unit that it reaches.
/// </summary>
public static class NumericUnits
{
    /// <summary>On the CPU; a unit comes after those that it is made of.</summary>
    public static IReadOnlyList<NumericUnit> All { get; } =
        [.. FunctionUnits.All, .. OperationUnits.All, .. AttentionUnits.All, .. ModelUnits.All];

    /// <summary>Whole models on another device, which has the same bits.</summary>
    /// <param name="device">Its name.</param>
    /// <param name="load">Loads models there.</param>
    public static IReadOnlyList<NumericUnit> On(string device, ModelLoader load) => [.. ModelUnits.On(device, load)];
}
