namespace Harness.Figures;

/// <summary>A drawn figure: its file's name and its text.</summary>
public sealed record Figure(string FileName, string Svg)
{
    /// <summary>False where the package found no font on this machine: the lines are right, and nothing says what they are.</summary>
    public bool HasLabels => Svg.Contains("<text", StringComparison.Ordinal);
}
