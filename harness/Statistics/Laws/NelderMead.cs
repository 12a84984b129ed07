namespace Harness.Statistics.Laws;

/// <summary>
/// The simplex search of Nelder and Mead (1965), restarted from where it ends until that gains nothing: for a few parameters whose
/// derivatives are not at hand.
/// </summary>
static class NelderMead
{
    const double Enough = 1e-12;

    /// <param name="size">Of the first simplex along each parameter.</param>
    public static (double[] Parameters, double Loss) Minimise(Func<double[], double> loss, double[] start, double size)
    {
        (double[] best, double least) = Once(loss, start, size);
        for (int restart = 0; restart < 4; restart++)
        {
            (double[] again, double lower) = Once(loss, best, size / 5);
            bool gained = lower < least - Enough * Math.Max(1, Math.Abs(least));
            if (lower < least)
                (best, least) = (again, lower);
            if (!gained)
                break;
        }
        return (best, least);
    }

    static (double[] Parameters, double Loss) Once(Func<double[], double> loss, double[] start, double size)
    {
        int count = start.Length;
        double[][] corners = [start, .. Enumerable.Range(0, count).Select(p => start.Select((value, i) => i == p ? value + size : value)
            .ToArray())];
        double[] losses = [.. corners.Select(loss)];
        for (int step = 0; step < 400 * count; step++)
        {
            // Equal losses stay in their order.
            int[] order = [.. Enumerable.Range(0, count + 1).OrderBy(corner => losses[corner])];
            corners = [.. order.Select(corner => corners[corner])];
            losses = [.. order.Select(corner => losses[corner])];
            if (losses[count] - losses[0] <= Enough * Math.Max(1, Math.Abs(losses[0])) && Spread(corners) < 1e-9)
                break;
            double[] middle = [.. Enumerable.Range(0, count).Select(p => Mean.Of([.. corners.Take(count).Select(corner => corner[p])]))];
            (double[] reflected, double atReflected) = At(1);
            if (atReflected < losses[0])
            {
                (double[] farther, double atFarther) = At(2);
                Replace(atFarther < atReflected ? farther : reflected, Math.Min(atFarther, atReflected));
            }
            else if (atReflected < losses[count - 1])
            {
                Replace(reflected, atReflected);
            }
            else
            {
                (double[] nearer, double atNearer) = At(atReflected < losses[count] ? 0.5 : -0.5);
                if (atNearer < Math.Min(atReflected, losses[count]))
                    Replace(nearer, atNearer);
                else
                    Shrink();
            }

            (double[] Corner, double Loss) At(double along)
            {
                double[] corner = [.. middle.Select((value, p) => value + along * (value - corners[count][p]))];
                return (corner, loss(corner));
            }
        }
        return (corners[0], losses[0]);

        void Replace(double[] corner, double value) => (corners[count], losses[count]) = (corner, value);

        void Shrink()
        {
            for (int corner = 1; corner <= count; corner++)
            {
                corners[corner] = [.. corners[corner].Select((value, p) => (value + corners[0][p]) / 2)];
                losses[corner] = loss(corners[corner]);
            }
        }
    }

    static double Spread(double[][] corners) =>
        corners.Skip(1).Max(corner => corner.Select((value, p) => Math.Abs(value - corners[0][p])).Max());
}
