namespace Harness.Figures;

/// <summary>A drawn figure: its file's name and its text.</summary>
public sealed record Figure(string FileName, string Svg);
