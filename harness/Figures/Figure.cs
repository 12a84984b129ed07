namespace Harness.Figures;

/// <summary>A drawn figure: its file's name and its text.</summary>
public sealed record Figure(string FileName, string Svg)
{
    /// <summary>What its markers stand for, panel by panel and line by line. The file has them only as a drawing.</summary>
    public IReadOnlyList<FigurePoint> Points { get; init; } = [];

    /// <summary>The same file: its points are those of its drawing.</summary>
    public bool Equals(Figure? other) => other is not null && (FileName, Svg) == (other.FileName, other.Svg);

    public override int GetHashCode() => (FileName, Svg).GetHashCode();
}
