using System.Runtime.CompilerServices;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Attention;

/// <summary>
/// Up to four quantised queries that pass one chunk side by side: of one page, so that a key or value that was loaded serves all of
/// them, or each of its own, so that no sum waits for another. They lie behind one another in scratch, and a form may also compute the
/// places up to four that no query has.
/// </summary>
unsafe struct QueryTile
{
    /// <summary>Queries at most.</summary>
    public const int Most = 4;

    /// <summary>Queries in this tile, 1 to 4.</summary>
    public int Queries;

    /// <summary>Whether all read one page.</summary>
    public bool Shared;

    /// <summary>Keys that some query sees.</summary>
    public int Keys;

    /// <summary>The first query's page.</summary>
    public HeadPage Page;

    /// <summary>[query]: bytes from the first query's page to another's.</summary>
    public fixed long Offsets[Most];

    /// <summary>[query][<see cref="Width"/>], int8 values as int16.</summary>
    public short* Values;

    /// <summary>From a query's values to the next's.</summary>
    public int Width;

    /// <summary>[query]: what a query's int32 dot products are multiplied by after the key's scale.</summary>
    public float* Scales;

    /// <summary>[query][64]: scores, then their exponentials.</summary>
    public float* Scores;

    /// <summary>[query]: where its weighted sum of values goes, [padded width].</summary>
    public float** Outputs;

    /// <summary>A query's place in <see cref="Scores"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float* ScoresOf(int query) => Scores + (query * HeadShape.Chunk);

    /// <summary>What one page holds at <paramref name="place"/>, in a query's own page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T* Of<T>(int query, T* place)
        where T : unmanaged => (T*)((byte*)place + Offsets[query]);
}
