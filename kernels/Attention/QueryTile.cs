using System.Runtime.CompilerServices;

namespace Harness.Kernels.Attention;

/// <summary>
/// Up to four quantised queries that read the same page, so that a key or value that was loaded serves all of them. They lie behind one
/// another in scratch; a form may also compute the places up to four that no query has.
/// </summary>
readonly unsafe struct QueryTile(int queries, short* values, int width, float* scales, float* scores)
{
    /// <summary>Queries at most.</summary>
    public const int Most = 4;

    /// <summary>Queries in this tile, 1 to 4.</summary>
    public readonly int Queries = queries;

    /// <summary>From a query's values to the next's.</summary>
    public readonly int Width = width;

    /// <summary>[query]: what a query's int32 dot products are multiplied by after the key's scale.</summary>
    public readonly float* Scales = scales;

    readonly short* values = values;
    readonly float* scores = scores;

    /// <summary>[head width], int8 values as int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public short* Query(int query) => values + (query * Width);

    /// <summary>[64]: scores, then their exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Scores(int query) => scores + (query * AttentionShape.Chunk);
}
