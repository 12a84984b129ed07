namespace Harness.Figures;

/// <summary>A drawn figure: its file's name and its text.</summary>
public sealed record Figure(string FileName, string Svg)
{
    /// <summary>False where the package found no font on this machine: the figure then has its lines and no text.</summary>
    public bool HasLabels => Svg.Contains("<text", StringComparison.Ordinal);
}
