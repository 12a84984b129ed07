using ScottPlot.Drawing;
using ScottPlot.Grids;
using ScottPlot.Panels;

namespace ScottPlot;

/// <summary>
/// The members of ScottPlot 5 that the figures use, under the package's own names, drawn as plain SVG. They stand in where no feed
/// supplies the package. Nothing here is more than those members need.
/// </summary>
public class Plot : IDisposable
{
    public BackgroundStyle FigureBackground = new() { Color = Color.FromHex("#ffffff") };

    public PlottableAdder Add { get; } = new();
    public AxisManager Axes { get; } = new();
    public Legend Legend { get; set; } = new();
    public DefaultGrid Grid { get; } = new();

    internal LegendPanel? LegendPanel { get; private set; }

    public void Title(string? text = null, float? size = null)
    {
        Axes.Title.Label.Text = text ?? Axes.Title.Label.Text;
        Axes.Title.Label.FontSize = size ?? Axes.Title.Label.FontSize;
    }

    public void XLabel(string label, float? size = null) => Set(Axes.Bottom.Label, label, size);

    public void YLabel(string label, float? size = null) => Set(Axes.Left.Label, label, size);

    /// <summary>Puts the legend beside the data, where it covers nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">an edge other than the right one</exception>
    public LegendPanel ShowLegend(Edge edge)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((int)edge, (int)Edge.Right, nameof(edge));
        LegendPanel = new LegendPanel();
        return LegendPanel;
    }

    /// <summary>The figure as SVG with numbers of at most two decimals: the same calls give the same text everywhere.</summary>
    public string GetSvgXml(int width, int height) => new SvgFigure(this, width, height).Render();

    public void Dispose() => GC.SuppressFinalize(this);

    static void Set(LabelStyle style, string text, float? size)
    {
        style.Text = text;
        style.FontSize = size ?? style.FontSize;
    }
}
