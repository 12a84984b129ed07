using Harness.Kernels.Configuration;

namespace KernelCases;

/// <summary>The rows of a pass.</summary>
/// <param name="Items">Chunk, first row and rows of what is read together; of the first of those rows' pages.</param>
/// <param name="SharedChunks">Chunks that all sequences have in common.</param>
sealed record AttentionRows(
    int[] Sequences, int[] Positions, int[]? FirstOwnChunks, (int Chunk, int FirstRow, int Count)[] Items, int SharedChunks)
{
    const int FewPages = 4;

    public int MaxPages { get; private init; } = FewPages;

    public int Count => Positions.Length;

    public static AttentionRows Alone() => new([0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 62, 63, -1, 64, 127, 128, 30, 200], null, [], 0);

    /// <summary>Sequences with more chunks than a block has warps.</summary>
    public static AttentionRows Long() => new([0, 1, 2], [1100, 575, 1279], null, [], 0) { MaxPages = 20 };

    /// <summary>Two chunks are shared by 18 rows, of which one is skipped; a row of another kind lies between.</summary>
    public static AttentionRows OfOnePrompt()
    {
        int[] positions = [.. Enumerable.Range(0, 19).Select(row => row == 5 ? -1 : 128 + (row * 7))];
        int[] firstOwn = [.. Enumerable.Repeat(2, 19)];
        (positions[11], firstOwn[11]) = (40, 0);
        return new([.. Enumerable.Range(0, 19)], positions, firstOwn, [(0, 0, 11), (1, 0, 11), (0, 12, 7), (1, 12, 7)], 2);
    }

    /// <summary>Rows of random positions, in items of random sizes.</summary>
    public static AttentionRows OfOnePrompt(Random random, int count, int sharedChunks)
    {
        int first = sharedChunks * PageSize.Tokens;
        int[] positions = [.. Enumerable.Range(0, count).Select(row => row > 0 && random.Next(8) == 0 ? -1 : first + random.Next(100))];
        var items = new List<(int, int, int)>();
        for (int chunk = 0; chunk < sharedChunks; chunk++)
        {
            for (int row = 0, size; row < count; row += size)
            {
                size = Math.Min(random.Next(1, 40), count - row);
                items.Add((chunk, row, size));
            }
        }
        return new([.. Enumerable.Range(0, count)], positions, [.. Enumerable.Repeat(sharedChunks, count)], [.. items], sharedChunks);
    }

    /// <summary>Rows of one sequence from position 50 to 69, then 125 to 129, each of which sees its own keys.</summary>
    public static AttentionRows Prefill()
    {
        int[] positions = [.. Enumerable.Range(50, 20), .. Enumerable.Range(125, 5)];
        return new(new int[25], positions, null, [(0, 0, 16), (0, 16, 9), (1, 14, 11), (2, 23, 2)], FewPages);
    }
}
