using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;
using Harness.Kernels.Models;

namespace Harness.Kernels.Decoding.Device;

/// <summary>Rows of prompts that pass the model together.</summary>
sealed class PrefillRows(int capacity)
{
    readonly int[] tokens = new int[capacity];
    readonly int[] positions = new int[capacity];
    readonly int[] sequences = new int[capacity];
    readonly int[] ends = new int[capacity];
    readonly List<Run> runs = [];

    public int Count { get; private set; }

    /// <summary>Prompts whose last token is among the rows; the logits of their ends are wanted.</summary>
    public int Ends { get; private set; }

    public void Clear()
    {
        runs.Clear();
        Count = 0;
        Ends = 0;
    }

    /// <summary>
    /// Adds the next <paramref name="count"/> tokens of a prompt, and its place among the logits where they are its last.
    /// </summary>
    /// <returns><paramref name="count"/>.</returns>
    public int Add(PromptState prompt, int count)
    {
        for (int i = 0; i < count; i++)
            Set(Count + i, prompt.Request.Prompt[prompt.Filled + i], prompt.Filled + i, prompt.TableRow);
        runs.Add(new Run(prompt.Sequence, Count, prompt.Filled, count));
        Count += count;
        if (prompt.Filled + count == prompt.Length)
        {
            prompt.LogitRow = Ends;
            ends[Ends++] = Count - 1;
        }
        return count;
    }

    /// <summary>Adds tokens of a text whose logits are all wanted.</summary>
    public void Add(ReadOnlySpan<int> text, int position, SequencePages sequence, int tableRow)
    {
        runs.Add(new Run(sequence, Count, position, text.Length));
        for (int i = 0; i < text.Length; i++)
        {
            Set(Count + i, text[i], position + i, tableRow);
            ends[Ends++] = Count + i;
        }
        Count += text.Length;
    }

    /// <summary>Lists what the rows see of each chunk: a row sees the chunks up to its own position's.</summary>
    public void ListChunks(AttentionItems items)
    {
        foreach (Run run in runs)
        {
            for (int chunk = 0; chunk * PageSize.Tokens < run.Position + run.Count; chunk++)
            {
                int skipped = Math.Max(0, (chunk * PageSize.Tokens) - run.Position);
                items.Add(run.Sequence.Pages[chunk], chunk, run.FirstRow + skipped, run.Count - skipped);
            }
        }
    }

    public void Upload(IKernelDevice device, DeviceRows rows)
    {
        device.CopyToDevice(rows.Tokens, MemoryMarshal.AsBytes(tokens.AsSpan(0, Count)));
        device.CopyToDevice(rows.Positions, MemoryMarshal.AsBytes(positions.AsSpan(0, Count)));
        device.CopyToDevice(rows.Sequences, MemoryMarshal.AsBytes(sequences.AsSpan(0, Count)));
        if (Ends > 0)
            device.CopyToDevice(rows.LogitRowOf, MemoryMarshal.AsBytes(ends.AsSpan(0, Ends)));
    }

    void Set(int row, int token, int position, int tableRow)
    {
        tokens[row] = token;
        positions[row] = position;
        sequences[row] = tableRow;
    }

    /// <summary>Consecutive rows of one sequence.</summary>
    readonly record struct Run(SequencePages Sequence, int FirstRow, int Position, int Count);
}
