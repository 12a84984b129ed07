namespace Harness.Figures;

/// <summary>One line of a history.</summary>
/// <param name="Panel">what it is drawn among, such as a pool</param>
/// <param name="Name">such as a strategy</param>
/// <param name="Marks">in ascending order of the commits</param>
/// <param name="End">the commit up to which its last value holds</param>
sealed record HistoryLine(string Panel, string Name, IReadOnlyList<HistoryMark> Marks, int End);
