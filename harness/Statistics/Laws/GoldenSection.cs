namespace Harness.Statistics.Laws;

/// <summary>Where a function with one lowest place is lowest, by the golden section (Kiefer 1953).</summary>
static class GoldenSection
{
    const double Ratio = 0.6180339887498949;

    /// <summary>Narrows any interval to less than a double can tell.</summary>
    const int Sections = 80;

    public static double Lowest(double low, double high, Func<double, double> value)
    {
        double left = high - Ratio * (high - low), right = low + Ratio * (high - low);
        double atLeft = value(left), atRight = value(right);
        for (int section = 0; section < Sections; section++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - Ratio * (high - low);
                atLeft = value(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + Ratio * (high - low);
                atRight = value(right);
            }
        }
        return atLeft <= atRight ? left : right;
    }
}
