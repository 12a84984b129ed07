namespace Harness.Figures;

/// <summary>A value of a history.</summary>
/// <param name="Commit">its place among the commits, from 0</param>
/// <param name="Low">NaN, like the high end, where there is no interval</param>
readonly record struct HistoryMark(int Commit, double Value, double Low, double High)
{
    /// <summary>whether it is the first value, or another than before: it then has a marker</summary>
    public bool IsMoved { get; init; }

    /// <summary>whether a test, or the spread of measurements, tells it from the value before</summary>
    public bool IsStep { get; init; }
}
