using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.KvCache;
using Harness.Kernels.Linear;
using Harness.Kernels.RotaryEmbedding;

namespace KernelCases;

/// <summary>
/// The kernels of attention against <see cref="AttentionCpu"/>. The bf16 form is the f32 form's arithmetic
/// on rounded keys and values, so that it too equals the CPU bit for bit, but for one rounding at the end.
/// </summary>
public static class AttentionCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (Precision precision in Enum.GetValues<Precision>())
        {
            foreach ((int heads, int kvHeads, int width) in new[]
            {
                (1, 1, 8), (2, 1, 16), (3, 1, 20), (4, 1, 64), (6, 3, 64), (2, 2, 80), (5, 1, 128), (7, 1, 32), (6, 2, 30), (2, 1, 34),
            })
            {
                var shape = new AttentionHeads(heads, kvHeads, width, precision);
                string suffix = shape.Suffix, own = (shape.Quantized, shape.Pad) switch
                {
                    (true, 32) => "attention_own_small_int8",
                    (true, 64 or 128) => $"attention_own_int8_{shape.Pad}",
                    _ => $"attention_own_{suffix}",
                };
                yield return new KernelCase(
                    $"AttentionOwn.{own}", $"{shape}, every row alone", device => Run(device, shape, Rows.Alone(), splits: 2));
                yield return new KernelCase(
                    $"AttentionShared.attention_shared_{suffix}",
                    $"{shape}, a shared prompt",
                    device => Run(device, shape, Rows.OfOnePrompt(), splits: 1));
            }
            foreach ((int heads, int kvHeads, int width) in new[] { (1, 1, 16), (3, 1, 64), (2, 1, 96), (2, 1, 160) })
            {
                var shape = new AttentionHeads(heads, kvHeads, width, precision);
                yield return new KernelCase(
                    $"AttentionShared.attention_shared_{shape.Suffix}",
                    $"{shape}, a prompt's own rows",
                    device => Run(device, shape, Rows.Prefill(), splits: 0));
            }
            var widest = new AttentionHeads(1, 1, 256, precision);
            yield return new KernelCase(
                $"AttentionOwn.attention_own_{widest.Suffix}",
                $"{widest}, every row alone",
                device => Run(device, widest, Rows.Alone(), splits: 1));
        }
        foreach ((int heads, int kvHeads, int width) in new[]
        {
            (2, 1, 32), (9, 3, 64), (2, 2, 64), (2, 1, 96), (1, 1, 128), (14, 2, 64), (16, 2, 80), (1, 1, 192), (7, 1, 128), (64, 1, 34),
        })
        {
            var shape = new AttentionHeads(heads, kvHeads, width, Precision.W8A8);
            string kernel = $"AttentionStep.attention_step_int8{(shape.Pad is 64 or 128 ? $"_{shape.Pad}" : "")}";
            bool bias = heads % 2 == 0, norms = width >= 96;
            yield return new KernelCase(
                kernel,
                $"{shape}, rows to finish{(bias ? ", biases" : "")}{(norms ? ", norms" : "")}",
                device => Step(device, shape, Rows.Alone(), bias, norms));
            yield return new KernelCase(
                kernel, $"{shape}, a shared prompt", device => Run(device, shape, Rows.OfOnePrompt(), splits: 1, together: true));
        }
        foreach (int width in new[] { 64, 96, 128 })
        {
            var shape = new AttentionHeads(2, 1, width, Precision.W8A8);
            string kernel = $"AttentionStep.attention_step_int8{(width == 96 ? "" : $"_{width}")}";
            yield return new KernelCase(
                kernel, $"{shape}, long rows to finish", device => Step(device, shape, Rows.Long(), bias: false, norms: false));
            yield return new KernelCase(
                "AttentionCombine.attention_combine_int8", $"{shape}, long rows", device => Run(device, shape, Rows.Long(), splits: 3));
        }
        yield return new KernelCase("AttentionCombine.attention_combine_int8", "a query that is infinite", ReportsInfinity);
    }

    /// <summary>Samples of a prompt of no, one or two whole chunks.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        for (int i = 0; i < 6; i++)
        {
            int kvHeads = random.Next(1, 4);
            var shape = new AttentionHeads(kvHeads * random.Next(1, 6), kvHeads, random.Next(1, 65) * 2, (Precision)(i % 3));
            Rows rows = Rows.OfOnePrompt(random, random.Next(1, 30), random.Next(3));
            int splits = random.Next(1, 4);
            yield return new KernelCase(
                "Attention",
                $"{shape}, {rows.Count} rows that share {rows.SharedChunks} chunks",
                device => Run(device, shape, rows, splits));
            // The heads of a key head are whole blocks of 64 outputs.
            var whole = new AttentionHeads(kvHeads * 32, kvHeads, shape.HeadWidth, Precision.W8A8);
            bool bias = random.Next(2) == 0, norms = random.Next(2) == 0;
            yield return new KernelCase(
                "AttentionStep",
                $"{whole}, {rows.Count} rows that share {rows.SharedChunks} chunks",
                device => Run(device, whole, rows, splits, together: true));
            yield return new KernelCase(
                "AttentionStep",
                $"{whole}, {rows.Count} rows to finish",
                device => Step(device, whole, rows with { FirstOwnChunks = null, Items = [], SharedChunks = 0 }, bias, norms));
        }
    }

    static void Run(IKernelDevice device, AttentionHeads shape, Rows rows, int splits, bool together = false)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((shape.HeadWidth * 100) + shape.Heads);
        using var context = new Context(shape, rows, random);
        AttentionParameters parameters = Upload(arrays, context);
        Launch(device, shape, parameters, rows.Items.Length, splits, together);
        Check(arrays, context, parameters);
    }

    /// <summary>Rows whose queries, keys and values are yet to be finished.</summary>
    static void Step(IKernelDevice device, AttentionHeads shape, Rows rows, bool bias, bool norms)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((shape.HeadWidth * 100) + shape.Heads);
        using var inputs = new RotaryInputs(shape, random, rows.Positions, bias, norms);
        using var context = new Context(shape, rows, random, inputs);
        AttentionParameters attention = Upload(arrays, context) with
        {
            Q = arrays.Output<sbyte>(rows.Count * shape.Heads * shape.Pad),
            QueryScales = arrays.Output<float>(rows.Count * shape.Heads),
        };
        RotaryEmbeddingParameters rotary = inputs.Upload(arrays) with
        {
            Positions = attention.Positions,
            Sequences = attention.Sequences,
            Pages = attention.Pages,
            Cache = attention.Cache,
            Q = attention.Q,
            QueryScales = attention.QueryScales,
            Errors = attention.Errors,
            MaxPages = attention.MaxPages,
        };
        AttentionStepCuda.Run(device, new AttentionStepParameters { Attention = attention, Rotary = rotary });
        Check(arrays, context, attention);
    }

    static void Check(DeviceArrays arrays, Context context, in AttentionParameters parameters)
    {
        AttentionHeads shape = context.Shape;
        Rows rows = context.Rows;
        int width = shape.Heads * shape.HeadWidth;
        float[] mixed = context.Reference();
        if (shape.Precision == Precision.Bf16)
        {
            ushort[] rounded = Bf16Reference.Round(mixed, rows.Count, width);
            Skip(rows, rounded);
            arrays.MustEqual<ushort>(parameters.Mixed, rounded, "mixed");
            return;
        }
        if (!shape.Quantized)
        {
            arrays.MustEqual<float>(parameters.Mixed, mixed, "mixed");
            return;
        }
        (sbyte[] q, float[] scales) = QuantizedReference.Quantize(mixed, rows.Count, width);
        Skip(rows, q);
        Skip(rows, scales);
        arrays.MustEqual<float>(parameters.MixedScales, scales, "mixed scales");
        arrays.MustEqual<sbyte>(parameters.MixedQ, q, "mixed q");
        arrays.MustEqual<int>(parameters.Errors, [0], "errors");
    }

    static void ReportsInfinity(IKernelDevice device)
    {
        using var arrays = new DeviceArrays(device);
        var shape = new AttentionHeads(1, 1, 16, Precision.W8A8);
        using var context = new Context(shape, Rows.Alone(), new Random(1));
        AttentionParameters parameters = Upload(arrays, context) with
        { QueryScales = arrays.Upload(Enumerable.Repeat(float.PositiveInfinity, context.Rows.Count).ToArray()) };
        Launch(device, shape, parameters, 0, 1, together: false);
        arrays.MustEqual<int>(parameters.Errors, [1], "errors");
    }

    /// <summary>What skipped rows are to be.</summary>
    static void Skip<T>(Rows rows, T[] values) where T : unmanaged
    {
        int stride = values.Length / rows.Count;
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows.Positions[row] < 0)
                Poisoned.Array<T>(stride).CopyTo(values, row * stride);
        }
    }

    static void Launch(IKernelDevice device, AttentionHeads shape, in AttentionParameters parameters, int items, int splits, bool together)
    {
        // Two items more than there are: their blocks have nothing to do.
        if (items > 0)
            AttentionCuda.RunShared(device, shape.Precision, parameters, items + 2);
        if (together)
        {
            AttentionStepCuda.Run(device, new AttentionStepParameters { Attention = parameters });
            return;
        }
        if (splits > 0)
            AttentionCuda.RunOwn(device, shape.Precision, parameters, splits);
        AttentionCuda.Combine(device, shape.Precision, parameters);
    }

    static AttentionParameters Upload(DeviceArrays arrays, Context context)
    {
        AttentionHeads shape = context.Shape;
        Rows rows = context.Rows;
        int queries = rows.Count * shape.Heads, width = shape.Heads * shape.HeadWidth;
        int blocks = (width + QuantizedRows.BlockInputs - 1) / QuantizedRows.BlockInputs;
        var q = new sbyte[queries * shape.Pad];
        var scales = new float[queries];
        for (int i = 0; i < queries && shape.Quantized; i++)
        {
            (sbyte[] values, float scale) = shape.Quantize(context.Query(i / shape.Heads, i % shape.Heads));
            values.CopyTo(q, i * shape.Pad);
            scales[i] = scale * (1f / MathF.Sqrt(shape.HeadWidth));
        }
        return new AttentionParameters
        {
            // Keys that do not exist are NaN, or nothing.
            Cache = shape.Heads % 2 == 0 ? arrays.Upload(context.Device) : arrays.UploadWhereEqual(context.Device, context.Other),
            Pages = arrays.Upload(context.Pages),
            Sequences = arrays.Upload(rows.Sequences),
            Positions = arrays.Upload(rows.Positions),
            FirstOwnChunks = rows.FirstOwnChunks is { } first ? arrays.Upload(first) : default,
            Items = arrays.Upload(context.Items()),
            ItemCount = arrays.Upload([rows.Items.Length]),
            Q = arrays.Upload(q),
            QueryScales = arrays.Upload(scales),
            Queries = arrays.Upload(context.Qkv),
            Partials = arrays.Output<float>(queries * rows.MaxPages * (shape.Pad + 2)),
            MixedQ = arrays.Output<sbyte>(rows.Count * blocks * QuantizedRows.BlockInputs),
            MixedScales = arrays.Output<float>(rows.Count * blocks),
            Mixed = arrays.Output<float>(rows.Count * Math.Max(width, blocks * QuantizedRows.BlockInputs / 2)),
            Errors = arrays.Upload(new int[1]),
            Rows = rows.Count,
            Heads = shape.Heads,
            KvHeads = shape.KvHeads,
            HeadWidth = shape.HeadWidth,
            HeadPad = shape.Pad,
            Layers = AttentionHeads.Layers,
            Layer = AttentionHeads.Layer,
            MaxPages = rows.MaxPages,
            QueryStride = shape.QkvWidth,
        };
    }

    /// <summary>The rows of a pass.</summary>
    /// <param name="Items">Chunk, first row and rows of what is read together; of the first of those rows' pages.</param>
    /// <param name="SharedChunks">Chunks that all sequences have in common.</param>
    sealed record Rows(
        int[] Sequences, int[] Positions, int[]? FirstOwnChunks, (int Chunk, int FirstRow, int Count)[] Items, int SharedChunks)
    {
        const int FewPages = 4;

        public int MaxPages { get; private init; } = FewPages;

        public int Count => Positions.Length;

        public static Rows Alone() => new([0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 62, 63, -1, 64, 127, 128, 30, 200], null, [], 0);

        /// <summary>Sequences with more chunks than a block has warps.</summary>
        public static Rows Long() => new([0, 1, 2], [1100, 575, 1279], null, [], 0) { MaxPages = 20 };

        /// <summary>Two chunks are shared by 18 rows, of which one is skipped; a row of another kind lies between.</summary>
        public static Rows OfOnePrompt()
        {
            int[] positions = [.. Enumerable.Range(0, 19).Select(row => row == 5 ? -1 : 128 + (row * 7))];
            int[] firstOwn = [.. Enumerable.Repeat(2, 19)];
            (positions[11], firstOwn[11]) = (40, 0);
            return new([.. Enumerable.Range(0, 19)], positions, firstOwn, [(0, 0, 11), (1, 0, 11), (0, 12, 7), (1, 12, 7)], 2);
        }

        /// <summary>Rows of random positions, in items of random sizes.</summary>
        public static Rows OfOnePrompt(Random random, int count, int sharedChunks)
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
        public static Rows Prefill()
        {
            int[] positions = [.. Enumerable.Range(50, 20), .. Enumerable.Range(125, 5)];
            return new(new int[25], positions, null, [(0, 0, 16), (0, 16, 9), (1, 14, 11), (2, 23, 2)], FewPages);
        }
    }

    /// <summary>Queries, keys and values, where the CPU and where the device has them.</summary>
    sealed unsafe class Context : IDisposable
    {
        readonly KvCacheCpu cpu;

        /// <param name="shape">The heads.</param>
        /// <param name="rows">Their sequences and positions.</param>
        /// <param name="random">Draws the values.</param>
        /// <param name="inputs">Rows that a device has yet to finish, each of a sequence of its own; null where it has their keys and
        /// values.</param>
        public Context(AttentionHeads shape, Rows rows, Random random, RotaryInputs? inputs = null)
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

        public Rows Rows { get; }

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
}
