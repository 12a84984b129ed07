using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
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
                yield return new KernelCase(
                    $"{AttentionCuda.OwnKernel(precision, shape.Pad)}",
                    $"{shape}, every row alone",
                    device => Run(device, shape, AttentionRows.Alone(), splits: 2));
                yield return new KernelCase(
                    $"AttentionShared.attention_shared_{shape.Suffix}",
                    $"{shape}, a shared prompt",
                    device => Run(device, shape, AttentionRows.OfOnePrompt(), splits: 1));
            }
            foreach ((int heads, int kvHeads, int width) in new[] { (1, 1, 16), (3, 1, 64), (2, 1, 96), (2, 1, 160) })
            {
                var shape = new AttentionHeads(heads, kvHeads, width, precision);
                yield return new KernelCase(
                    $"AttentionShared.attention_shared_{shape.Suffix}",
                    $"{shape}, a prompt's own rows",
                    device => Run(device, shape, AttentionRows.Prefill(), splits: 0));
            }
            var widest = new AttentionHeads(1, 1, 256, precision);
            yield return new KernelCase(
                $"{AttentionCuda.OwnKernel(precision, widest.Pad)}",
                $"{widest}, every row alone",
                device => Run(device, widest, AttentionRows.Alone(), splits: 1));
        }
        foreach ((int heads, int kvHeads, int width) in new[]
        {
            (2, 1, 32), (9, 3, 64), (2, 2, 64), (2, 1, 96), (1, 1, 128), (14, 2, 64), (16, 2, 80), (1, 1, 192), (7, 1, 128), (64, 1, 34),
        })
        {
            var shape = new AttentionHeads(heads, kvHeads, width, Precision.W8A8);
            string kernel = $"{AttentionStepCuda.Kernel(shape.Pad)}";
            bool bias = heads % 2 == 0, norms = width >= 96;
            yield return new KernelCase(
                kernel,
                $"{shape}, rows to finish{(bias ? ", biases" : "")}{(norms ? ", norms" : "")}",
                device => Step(device, shape, AttentionRows.Alone(), bias, norms));
            yield return new KernelCase(
                kernel, $"{shape}, a shared prompt", device => Run(device, shape, AttentionRows.OfOnePrompt(), splits: 1, together: true));
        }
        foreach (int width in new[] { 64, 96, 128 })
        {
            var shape = new AttentionHeads(2, 1, width, Precision.W8A8);
            string kernel = $"{AttentionStepCuda.Kernel(shape.Pad)}";
            yield return new KernelCase(
                kernel, $"{shape}, long rows to finish", device => Step(device, shape, AttentionRows.Long(), bias: false, norms: false));
            yield return new KernelCase(
                "AttentionCombine.attention_combine_int8",
                $"{shape}, long rows",
                device => Run(device, shape, AttentionRows.Long(), splits: 3));
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
            AttentionRows rows = AttentionRows.OfOnePrompt(random, random.Next(1, 30), random.Next(3));
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

    static void Run(IKernelDevice device, AttentionHeads shape, AttentionRows rows, int splits, bool together = false)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((shape.HeadWidth * 100) + shape.Heads);
        using var context = new AttentionContext(shape, rows, random);
        AttentionParameters parameters = Upload(arrays, context);
        Launch(device, shape, parameters, rows.Items.Length, splits, together);
        Check(arrays, context, parameters);
    }

    /// <summary>Rows whose queries, keys and values are yet to be finished.</summary>
    static void Step(IKernelDevice device, AttentionHeads shape, AttentionRows rows, bool bias, bool norms)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((shape.HeadWidth * 100) + shape.Heads);
        using var inputs = new RotaryInputs(shape, random, rows.Positions, bias, norms);
        using var context = new AttentionContext(shape, rows, random, inputs);
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

    static void Check(DeviceArrays arrays, AttentionContext context, in AttentionParameters parameters)
    {
        AttentionHeads shape = context.Shape;
        AttentionRows rows = context.Rows;
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
        using var context = new AttentionContext(shape, AttentionRows.Alone(), new Random(1));
        AttentionParameters parameters = Upload(arrays, context) with
        { QueryScales = arrays.Upload(Enumerable.Repeat(float.PositiveInfinity, context.Rows.Count).ToArray()) };
        Launch(device, shape, parameters, 0, 1, together: false);
        arrays.MustEqual<int>(parameters.Errors, [1], "errors");
    }

    /// <summary>What skipped rows are to be.</summary>
    static void Skip<T>(AttentionRows rows, T[] values) where T : unmanaged
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

    static AttentionParameters Upload(DeviceArrays arrays, AttentionContext context)
    {
        AttentionHeads shape = context.Shape;
        AttentionRows rows = context.Rows;
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
}
