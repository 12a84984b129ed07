namespace ScottPlot;

public class AxisManager
{
    internal AxisManager()
    {
    }

    public IXAxis Bottom { get; } = new Axis();
    public IXAxis Top { get; } = new Axis();
    public IYAxis Left { get; } = new Axis();
    public IYAxis Right { get; } = new Axis();

    public void SetLimits(double left, double right, double bottom, double top)
    {
        (Bottom.Min, Bottom.Max) = (left, right);
        (Left.Min, Left.Max) = (bottom, top);
    }
}

public interface IAxis
{
    double Min { get; set; }
    double Max { get; set; }
    ITickGenerator TickGenerator { get; set; }
    TickMarkStyle MajorTickStyle { get; set; }
    TickMarkStyle MinorTickStyle { get; set; }
    LineStyle FrameLineStyle { get; }
}

public interface IXAxis : IAxis;

public interface IYAxis : IAxis;

sealed class Axis : IXAxis, IYAxis
{
    public double Min { get; set; }
    public double Max { get; set; } = 1;
    public ITickGenerator TickGenerator { get; set; } = new TickGenerators.NumericManual();
    public TickMarkStyle MajorTickStyle { get; set; } = new() { Length = 4, Width = 1 };
    public TickMarkStyle MinorTickStyle { get; set; } = new() { Length = 2, Width = 1 };
    public LineStyle FrameLineStyle { get; } = new() { Width = 1 };
}
