namespace ScottPlot
{
    public enum Alignment
    {
        UpperLeft,
        UpperCenter,
        UpperRight,
        MiddleLeft,
        MiddleCenter,
        MiddleRight,
        LowerLeft,
        LowerCenter,
        LowerRight,
    }

    public class Legend
    {
        internal Legend()
        {
        }

        public float? FontSize { get; set; }
        public Color? FontColor { get; set; }
        public float OutlineWidth { get; set; } = 1;
        public Color BackgroundColor { get; set; } = Color.FromHex("#ffffff");
        public Color ShadowColor { get; set; } = Color.FromHex("#000000").WithAlpha(.2);
    }
}

namespace ScottPlot.Panels
{
    /// <summary>The legend at the figure's edge.</summary>
    public class LegendPanel
    {
        internal LegendPanel()
        {
        }

        public Alignment Alignment { get; set; } = Alignment.MiddleCenter;
    }

    public class TitlePanel
    {
        public LabelStyle Label { get; } = new() { FontSize = 16, Bold = true };
    }
}
