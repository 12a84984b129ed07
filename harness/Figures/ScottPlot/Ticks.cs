namespace ScottPlot
{
    public interface ITickGenerator
    {
        Tick[] Ticks { get; }
    }

    public readonly struct Tick(double position, string label, bool isMajor)
    {
        public readonly double Position = position;
        public readonly string Label = label;
        public readonly bool IsMajor = isMajor;
    }
}

namespace ScottPlot.TickGenerators
{
    /// <summary>The ticks that the caller lists.</summary>
    public class NumericManual : ITickGenerator
    {
        readonly List<Tick> ticks = [];

        public Tick[] Ticks => [.. ticks];

        public void AddMajor(double position, string label) => ticks.Add(new Tick(position, label, isMajor: true));

        public void AddMinor(double position) => ticks.Add(new Tick(position, "", isMajor: false));
    }
}
