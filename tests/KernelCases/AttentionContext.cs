using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;

namespace KernelCases;

/// <summary>Queries, keys and values, where the CPU and where the device has them.</summary>
sealed unsafe class AttentionContext : IDisposable
{
    readonly KvCacheCpu cpu;

    /// <param name="shape">The heads.</param>
    /// <param name="rows">Their sequences and positions.</param>
    /// <param name="random">Draws the values.</param>
    /// <param name="inputs">Rows that a device has yet to finish, each of a sequence of its own; null where it has their keys and
    /// values.</param>
    public AttentionContext(AttentionHeads shape, AttentionRows rows, Random random, RotaryInputs? inputs = null)
    {
        Shape = shape;
        Rows = rows;
        int sequences = rows.Sequences.Max() + 1;
        Pages = new int[sequences * rows.MaxPages];
        int[] numbers = [.. Enumerable.Range(0, Pages.Length)];
        random.Shuffle(numbers);
        for (int i = 0; i < Pages.Length; i++)
            Pages[i] = numbers[i % rows.MaxPages < rows.SharedChunks ? i % rows.MaxPages : i];
        Device = new byte[Pages.Length * shape.PageBytes];
        Array.Fill(Device, (byte)0xFF);
        Other = new byte[Device.Length];
        cpu = new KvCacheCpu(shape.Config, shape.CpuPrecision, Pages.Length);
        for (int i = 0; i < Pages.Length; i++)
            cpu.Rent();
        Qkv = inputs is null ? Values.Random(random, rows.Count * shape.QkvWidth)
            : [.. Enumerable.Range(0, rows.Count)
            .SelectMany(row => rows.Positions[row] < 0 ? new float[shape.QkvWidth] : inputs.Finish(row))];
        for (int row = 0; row < rows.Count; row++)
        {
            FillPages(random, rows.Sequences[row], inputs is null ? rows.Positions[row] : rows.Positions[row] - 1);
            if (inputs is not null && rows.Positions[row] >= 0)
                FillLast(row);
        }
    }

    public AttentionHeads Shape { get; }

    public AttentionRows Rows { get; }

    public int[] Pages { get; }

    /// <summary>The pages, NaN where nothing was written.</summary>
    public byte[] Device { get; }

    /// <summary>The pages, 0 where nothing was written.</summary>
    public byte[] Other { get; }

    public float[] Qkv { get; }

    public ReadOnlySpan<float> Query(int row, int head) =>
        Qkv.AsSpan((row * Shape.QkvWidth) + (head * Shape.HeadWidth), Shape.HeadWidth);

    public int[] Items() => [.. Rows.Items.SelectMany(item =>
        new[] { Pages[(Rows.Sequences[item.FirstRow] * Rows.MaxPages)
            + item.Chunk], item.Chunk, item.FirstRow, item.Count }), .. new int[1]];

    /// <summary>What the CPU mixes for each row [rows, heads * head width]; skipped rows are as outputs are filled.</summary>
    public float[] Reference()
    {
        int width = Shape.Heads * Shape.HeadWidth;
        float[] mixed = Poisoned.Array<float>(Rows.Count * width);
        using var attention = new AttentionCpu(Shape.Cpu);
        attention.Reserve(Rows.MaxPages * PageSize.Tokens);
        for (int row = 0; row < Rows.Count; row++)
        {
            if (Rows.Positions[row] < 0)
                continue;
            int[] pages = Pages[(Rows.Sequences[row] * Rows.MaxPages)..((Rows.Sequences[row] + 1) * Rows.MaxPages)];
            for (int head = 0; head < Shape.Heads; head++)
            {
                fixed (float* query = Query(row, head), output = &mixed[(row * width) + (head * Shape.HeadWidth)])
                    attention.Run(
                        [new AttentionQuery(query, output, pages, Rows.Positions[row] + 1)],
                        cpu,
                        AttentionHeads.Layer,
                        head / (Shape.Heads / Shape.KvHeads));
            }
        }
        return mixed;
    }

    public void Dispose() => cpu.Dispose();

    void FillPages(Random random, int sequence, int last)
    {
        for (int position = 0; position <= last; position++)
        {
            int page = Pages[(sequence * Rows.MaxPages) + (position / PageSize.Tokens)];
            for (int head = 0; head < Shape.KvHeads; head++)
            {
                Fill(random, page, head, position % PageSize.Tokens, value: false);
                Fill(random, page, head, position % PageSize.Tokens, value: true);
            }
        }
    }

    /// <summary>The keys and values of a row itself, which a device has yet to write.</summary>
    void FillLast(int row)
    {
        int position = Rows.Positions[row], page = Pages[(Rows.Sequences[row] * Rows.MaxPages) + (position / PageSize.Tokens)];
        for (int head = 0; head < Shape.KvHeads; head++)
        {
            for (int part = 0; part < 2; part++)
            {
                int first = (row * Shape.QkvWidth) + ((Shape.Heads + (part * Shape.KvHeads) + head) * Shape.HeadWidth);
                FillCpu(page, head, position % PageSize.Tokens, part == 1, Qkv[first..(first + Shape.HeadWidth)]);
            }
        }
    }

    void Fill(Random random, int page, int head, int slot, bool value)
    {
        float[] x = Values.Random(random, Shape.HeadWidth);
        if (Shape.Precision == Precision.Bf16)
            x = [.. x.Select(number => BFloats.ToSingle(BFloats.Round(number)))];
        Shape.Write(Device, page, head, slot, value, x);
        Shape.Write(Other, page, head, slot, value, x);
        FillCpu(page, head, slot, value, x);
    }

    void FillCpu(int page, int head, int slot, bool value, float[] x)
    {
        HeadPage target = new(cpu.Head(page, AttentionHeads.Layer, head), Shape.Cpu);
        if (!Shape.Quantized)
        {
            for (int i = 0; i < x.Length; i++)
                ((float*)(value ? target.Values : target.Keys))[
                    value ? (slot * Shape.Cpu.PaddedWidth) + i : HeadPage.SingleKey(slot, i, Shape.HeadWidth)] = x[i];
            return;
        }
        (sbyte[] q, float scale) = Shape.Quantize(x);
        (value ? target.ValueScales : target.KeyScales)[slot] = scale;
        for (int i = 0; i < x.Length; i++)
            ((sbyte*)(value ? target.Values : target.Keys))[
                value ? (slot * Shape.Cpu.PaddedWidth) + i : HeadPage.Int8Key(slot, i, Shape.HeadWidth)] = q[i];
    }
}
