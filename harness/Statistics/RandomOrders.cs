using Harness.Kernels.Sampling;

namespace Harness.Statistics;

/// <summary>
/// Random orders of samples. The orders of the numbers below n are drawn once for all problems of n samples. A problem lays its samples
/// out in a random arrangement of its own, and reads an order as places in it. So any two orders, of one problem or of two, are
/// independent as if each had been drawn alone: an arrangement that is uniform makes the composition uniform, whatever the order. Means
/// over orders, and over problems, and their Monte Carlo errors are therefore what they would be with orders of each problem's own.
/// </summary>
sealed class RandomOrders
{
    /// <summary>Places of all orders together, up to which they are kept; more are drawn again when they are read (64 MB).</summary>
    const long MostKept = 1 << 24;

    /// <summary>Sets of orders that are remembered.</summary>
    const int MostSets = 4;

    static readonly Lock remembering = new();
    static readonly Queue<RandomOrders> remembered = [];

    readonly ulong seed;
    readonly int samples, orders;
    readonly int[]? kept;

    RandomOrders(ulong seed, int samples, int orders)
    {
        (this.seed, this.samples, this.orders) = (seed, samples, orders);
        if ((long)samples * orders > MostKept)
            return;
        kept = new int[samples * orders];
        for (int order = 0; order < orders; order++)
            Shuffle(new RandomStream(seed, RandomPurpose.Order, 0, (uint)order), kept.AsSpan(order * samples, samples));
    }

    /// <summary>So many orders of <paramref name="samples"/> places.</summary>
    public static RandomOrders Of(ulong seed, int samples, int orders)
    {
        lock (remembering)
        {
            RandomOrders? found = remembered.FirstOrDefault(set => (set.seed, set.samples, set.orders) == (seed, samples, orders));
            if (found is not null)
                return found;
            if (remembered.Count == MostSets)
                remembered.Dequeue();
            RandomOrders drawn = new(seed, samples, orders);
            remembered.Enqueue(drawn);
            return drawn;
        }
    }

    /// <summary>The samples of a problem by the places of its own arrangement.</summary>
    public static int[] Arrangement(ulong seed, int samples, int problem)
    {
        int[] places = new int[samples];
        Shuffle(new RandomStream(seed, RandomPurpose.Arrangement, (uint)problem, 0), places);
        return places;
    }

    /// <summary>The places of one order.</summary>
    /// <param name="room">As many numbers as samples: where an order is put that is not kept.</param>
    public ReadOnlySpan<int> Read(int order, Span<int> room)
    {
        if (kept is not null)
            return kept.AsSpan(order * samples, samples);
        Shuffle(new RandomStream(seed, RandomPurpose.Order, 0, (uint)order), room);
        return room;
    }

    static void Shuffle(RandomStream random, Span<int> places)
    {
        for (int i = 0; i < places.Length; i++)
            places[i] = i;
        for (int i = 0; i < places.Length - 1; i++)
        {
            int chosen = i + random.Below(places.Length - i);
            (places[i], places[chosen]) = (places[chosen], places[i]);
        }
    }
}
