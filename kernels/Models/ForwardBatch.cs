using Harness.Kernels.Configuration;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Models;

/// <summary>
/// The rows of one pass through the transformer: each a token of some sequence at a position. Rows of one sequence are consecutive
/// positions in ascending order. Filled anew for each pass; nothing is allocated.
/// </summary>
public sealed class ForwardBatch(int capacity)
{
    internal readonly int[] Tokens = new int[capacity];
    internal readonly int[] Positions = new int[capacity];
    internal readonly SequencePages[] Sequences = new SequencePages[capacity];
    internal readonly int[] LogitRows = new int[capacity];

    public int Capacity => capacity;

    public int Rows { get; private set; }

    /// <summary>Rows whose logits are wanted, in the order added.</summary>
    public int LogitCount { get; private set; }

    /// <summary>Whether no row reads what another row of the same pass writes.</summary>
    internal bool OneRowPerSequence { get; private set; }

    public void Clear()
    {
        OneRowPerSequence = true;
        Rows = 0;
        LogitCount = 0;
    }

    /// <summary>Adds a token; its keys and values go to the sequence's page for that position, which must be there.</summary>
    public void Add(int token, int position, SequencePages sequence, bool logits)
    {
        if (position / PageSize.Tokens >= sequence.Count)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"the sequence has {sequence.Count} pages");
        OneRowPerSequence &= Rows == 0 || Sequences[Rows - 1] != sequence;
        Tokens[Rows] = token;
        Positions[Rows] = position;
        Sequences[Rows] = sequence;
        if (logits)
            LogitRows[LogitCount++] = Rows;
        Rows++;
    }
}
