namespace Harness.Statistics.Laws;

/// <summary>
/// The simplex search of Nelder and Mead (1965), restarted from where it ends until that gains nothing: for a few parameters whose
/// derivatives are not at hand.
/// </summary>
static class NelderMead
{
    const double Enough = 1e-12, Closely = 1e-9;

    /// <summary>Of a refit, whose spread over resamples is a thousand times as large.</summary>
    const double EnoughOfRefit = 1e-11, CloselyOfRefit = 1e-5;

    /// <param name="size">Of the first simplex along each parameter.</param>
    /// <param name="isRefit">Whether it begins near the end, and only the spread over many such fits is wanted.</param>
    public static (double[] Parameters, double Loss) Minimise(
        Func<double[], double> loss, double[] start, double size, bool isRefit = false)
    {
        if (isRefit)
            return Once(loss, start, size, EnoughOfRefit, CloselyOfRefit);
        (double[] best, double least) = Once(loss, start, size, Enough, Closely);
        for (int restart = 0; restart < 4; restart++)
        {
            (double[] again, double lower) = Once(loss, best, size / 5, Enough, Closely);
            bool gained = lower < least - Enough * Math.Max(1, Math.Abs(least));
            if (lower < least)
                (best, least) = (again, lower);
            if (!gained)
                break;
        }
        return (best, least);
    }

    static (double[] Parameters, double Loss) Once(
        Func<double[], double> loss, double[] start, double size, double enough, double closely)
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
            if (losses[count] - losses[0] <= enough * Math.Max(1, Math.Abs(losses[0])) && Spread(corners) < closely)
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
