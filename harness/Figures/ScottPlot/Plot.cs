using ScottPlot.Drawing;
using ScottPlot.Grids;

namespace ScottPlot;

/// <summary>
/// The members of ScottPlot 5 that the figures use, under the package's own names, drawn as plain SVG. They stand in where no feed
/// supplies the package. Nothing here is more than those members need: no text.
/// </summary>
public class Plot : IDisposable
{
    public BackgroundStyle FigureBackground = new() { Color = Color.FromHex("#ffffff") };

    public PlottableAdder Add { get; } = new();
    public AxisManager Axes { get; } = new();
    public DefaultGrid Grid { get; } = new();
    public LayoutManager Layout { get; } = new();

    /// <summary>The figure as SVG: the same calls give the same text everywhere.</summary>
    public string GetSvgXml(int width, int height) => new SvgFigure(this, width, height).Render();

    public void Dispose() => GC.SuppressFinalize(this);
}
