namespace Harness.Statistics.Stopping;

/// <summary>Sums over random orders, by cap.</summary>
sealed class OrderSums(int caps, int answers)
{
    /// <summary>[cap][answer]: how often it wins, a tie divided evenly.</summary>
    public double[] Shares { get; } = new double[caps * answers];

    /// <summary>[cap][answer, the last one none]: samples drawn.</summary>
    public double[] Drawn { get; } = new double[caps * (answers + 1)];

    /// <summary>Of the longest chains of tokens.</summary>
    public double[] Critical { get; } = new double[caps];

    /// <summary>Of the winners' correctness, and of its square.</summary>
    public double[] Values { get; } = new double[caps];
    public double[] Squares { get; } = new double[caps];

    /// <summary>The means at each cap: of orders that still draw there, and of all that have stopped by then.</summary>
    public static OrderMeans Means(OrderSums drawing, OrderSums stopped, int orders)
    {
        double[] values = Means(drawing.Values, stopped.Values, orders), squares = Means(drawing.Squares, stopped.Squares, orders);
        return new OrderMeans(
            Means(drawing.Shares, stopped.Shares, orders, values.Length),
            Means(drawing.Drawn, stopped.Drawn, orders, values.Length),
            Means(drawing.Critical, stopped.Critical, orders),
            [.. values.Zip(squares, (value, square) => MonteCarloEstimate.Of(value, square, orders).StandardError)]);
    }

    static double[] Means(double[] drawing, double[] stopped, int orders, int? caps = null)
    {
        int width = caps is > 0 and { } rows ? drawing.Length / rows : 1;
        double[] before = new double[width], means = new double[drawing.Length];
        for (int place = 0; place < means.Length; place++)
        {
            before[place % width] += stopped[place];
            means[place] = (drawing[place] + before[place % width]) / orders;
        }
        return means;
    }
}
