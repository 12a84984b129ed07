using System.Collections.Concurrent;

namespace Harness.Statistics;

/// <summary>
/// Gauss's quadrature with m nodes: the integral over [0, 1] of a polynomial of a degree below 2m is exactly the sum of its values at the
/// nodes, times their weights. Computed by sums, products and comparisons alone, so to the same bits on every machine.
/// </summary>
sealed class GaussLegendre
{
    static readonly ConcurrentDictionary<int, GaussLegendre> known = [];

    GaussLegendre(int nodes)
    {
        (Nodes, Weights) = (new double[nodes], new double[nodes]);
        for (int place = 0; place < (nodes + 1) / 2; place++)
        {
            double root = Root(nodes, place);
            (double last, double before, _) = Legendre(nodes, root);
            double slope = nodes * (before - root * last);
            (Nodes[place], Nodes[^(place + 1)]) = ((1 + root) / 2, (1 - root) / 2);
            Weights[place] = Weights[^(place + 1)] = (1 - root * root) / (slope * slope);
        }
    }

    /// <summary>Within (0, 1), falling.</summary>
    public double[] Nodes { get; }

    public double[] Weights { get; }

    /// <summary>The fewest nodes that are exact for polynomials of a degree.</summary>
    public static GaussLegendre For(int degree) => known.GetOrAdd(degree / 2 + 1, nodes => new(nodes));

    /// <summary>Bisects for the root of P_m in (-1, 1) above which as many others lie as its place says.</summary>
    static double Root(int nodes, int place)
    {
        double low = -1, high = 1;
        while ((low + high) / 2 is var middle && middle > low && middle < high)
        {
            if (Legendre(nodes, middle).RootsAbove > place)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>P_m(x) and P_m-1(x) by recurrence. From P_0 on, the signs change as often as P_m has roots above x (Sturm).</summary>
    static (double Last, double Before, int RootsAbove) Legendre(int nodes, double x)
    {
        (double last, double before, int changes) = (1, 0, 0);
        for (int degree = 1; degree <= nodes; degree++)
        {
            (last, before) = (((2 * degree - 1) * x * last - (degree - 1) * before) / degree, last);
            changes += last < 0 != before < 0 ? 1 : 0;
        }
        return (last, before, changes);
    }
}
