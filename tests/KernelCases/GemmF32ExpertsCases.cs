using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.Training;

namespace KernelCases;

/// <summary>
/// GemmF32Experts.cu and ExpertGradients.cu against <see cref="GemmF32"/> of each expert: sums over outputs, and sums over an expert's own
/// rows in blocks of 64 of them, whatever micro-batches they come in.
/// </summary>
public static class GemmF32ExpertsCases
{
    /// <summary>Not written: there is room between the experts' matrices.</summary>
    const int Between = 4;

    public static IEnumerable<KernelCase> All()
    {
        foreach (GemmF32Form form in new[] { GemmF32Form.SmallTiles, GemmF32Form.LargeTiles })
        {
            foreach ((int[] rows, int columns, int terms) in new[]
            {
                (new[] { 0, 1, 33, 0 }, 5, 9), ([66, 0, 2], 68, 64), ([7], 130, 65), ([0, 0], 4, 4),
            })
                yield return ByRows(rows, columns, terms, form);
            foreach ((int[][] rows, int outputs, int inputs) in new[]
            {
                // Of each micro-batch the rows of each expert: none at all, none at first, blocks that two or three fill, whole blocks.
                (new[] { new[] { 3, 0, 64, 130 } }, 33, 66), ([[0, 5, 63, 64], [0, 59, 1, 0], [0, 2, 1, 7]], 4, 8),
                ([[10, 70], [10, 70], [44, 70], [1, 0]], 65, 7), ([[0, 200], [3, 0]], 8, 132),
            })
                yield return ByTerms(rows, outputs, inputs, form);
        }
        yield return ByRows([3, 400], 300, 20, GemmF32Form.Automatic);
        yield return ByTerms([[3, 40], [65, 1]], 200, 40, GemmF32Form.Automatic);
        yield return Kept([[0, 5, 63, 64], [0, 59, 1, 0], [0, 2, 1, 7]], 3);
        yield return Kept([[10, 200], [53, 1], [2, 3]], 130);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (GemmF32Form form in new[] { GemmF32Form.Automatic, GemmF32Form.SmallTiles, GemmF32Form.LargeTiles })
        {
            int experts = random.Next(1, 9);
            int[] Rows() => [.. Enumerable.Range(0, experts).Select(_ => random.Next(3) * random.Next(70))];
            yield return ByRows(Rows(), random.Next(1, 200), random.Next(1, 200), form);
            yield return ByTerms(
                [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Rows())], random.Next(1, 150), random.Next(1, 150), form);
        }
    }

    static KernelCase ByRows(int[] rows, int columns, int terms, GemmF32Form form) => new(
        "GemmF32Experts.gemm_f32_experts_rows",
        $"{form}: {string.Join(' ', rows)} rows, {columns} columns, {terms} terms",
        device =>
        {
            using var arrays = new DeviceArrays(device);
            var random = new Random(rows.Sum() + columns + terms);
            int all = rows.Sum(), stride = Stride(terms, columns);
            float[] a = Values.Random(random, all * terms), b = Values.Random(random, rows.Length * stride), c = new float[all * columns];
            var parameters = new GemmF32ExpertsParameters
            {
                Gemm = new GemmF32Parameters
                {
                    A = arrays.Upload(a),
                    B = arrays.Upload(b),
                    C = arrays.Output<float>(c.Length),
                    Rows = Math.Max(1, all),
                    Columns = columns,
                    Terms = terms,
                },
                Starts = arrays.Upload(Starts(rows)),
                Stride = stride,
            };
            GemmF32ExpertsCuda.RunByRows(device, parameters, rows.Length, Math.Max(1, all / rows.Length), form);
            for (int expert = 0, first = 0; expert < rows.Length; first += rows[expert++])
                Multiply(
                    a.AsSpan(first * terms), 1, terms, b.AsSpan(expert * stride), c.AsSpan(first * columns), rows[expert], columns, terms);
            arrays.MustEqual<float>(parameters.Gemm.C, c, "c");
        });

    static KernelCase ByTerms(int[][] rows, int outputs, int inputs, GemmF32Form form) => new(
        "GemmF32Experts.gemm_f32_experts_terms",
        $"{form}: {string.Join(", then ", rows.Select(part => string.Join(' ', part)))} rows, {outputs} x {inputs}",
        device => SumMicroBatches(device, rows, outputs, inputs, form));

    static void SumMicroBatches(IKernelDevice device, int[][] rows, int outputs, int inputs, GemmF32Form form)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((rows.Length * 1000) + outputs + inputs);
        int experts = rows[0].Length, stride = Stride(outputs, inputs);
        List<float>[] dy = [.. Enumerable.Range(0, experts).Select(_ => new List<float>())], x = [.. dy.Select(_ => new List<float>())];
        float[] expected = Poisoned.Array<float>(experts * stride);
        DevicePointer sums = arrays.Output<float>(expected.Length);
        DevicePointer leftDy = arrays.Output<float>(experts * GemmF32.BlockTerms * outputs);
        DevicePointer leftX = arrays.Output<float>(experts * GemmF32.BlockTerms * inputs);
        DevicePointer[] left = [arrays.Upload(new int[experts]), arrays.Output<int>(experts)];
        for (int part = 0; part < rows.Length; part++)
        {
            int all = rows[part].Sum();
            float[] newDy = Values.Random(random, all * outputs), newX = Values.Random(random, all * inputs);
            for (int expert = 0, first = 0; expert < experts; first += rows[part][expert++])
            {
                dy[expert].AddRange(newDy.AsSpan(first * outputs, rows[part][expert] * outputs));
                x[expert].AddRange(newX.AsSpan(first * inputs, rows[part][expert] * inputs));
            }
            DevicePointer starts = arrays.Upload(Starts(rows[part])), a = arrays.Upload(newDy), b = arrays.Upload(newX);
            bool last = part == rows.Length - 1;
            var parameters = new GemmF32ExpertsParameters
            {
                Gemm = new GemmF32Parameters { A = a, B = b, C = sums, Rows = outputs, Columns = inputs, Accumulate = part == 0 ? 0 : 1 },
                Starts = starts,
                Left = left[part % 2],
                LeftA = leftDy,
                LeftB = leftX,
                Stride = stride,
                Last = last ? 1 : 0,
            };
            GemmF32ExpertsCuda.RunByTerms(device, parameters, experts, form);
            if (last)
                break;
            var keep = new ExpertGradientsParameters { Starts = starts, Before = left[part % 2], After = left[(part + 1) % 2] };
            ExpertGradientsCuda.Keep(device, keep with { Rows = a, Left = leftDy, Width = outputs }, experts);
            ExpertGradientsCuda.Keep(device, keep with { Rows = b, Left = leftX, Width = inputs }, experts);
        }
        for (int expert = 0; expert < experts; expert++)
        {
            Span<float> own = expected.AsSpan(expert * stride, outputs * inputs);
            int terms = dy[expert].Count / outputs;
            own.Clear();
            Multiply(dy[expert].ToArray(), outputs, 1, x[expert].ToArray(), own, outputs, inputs, terms);
        }
        arrays.MustEqual<float>(sums, expected, "sums");
    }

    static KernelCase Kept(int[][] rows, int width) => new(
        "ExpertGradients.keep_rows",
        $"{string.Join(", then ", rows.Select(part => string.Join(' ', part)))} rows of {width}",
        device =>
        {
            using var arrays = new DeviceArrays(device);
            var random = new Random(width);
            int experts = rows[0].Length, block = GemmF32.BlockTerms;
            List<float[]>[] waiting = [.. Enumerable.Range(0, experts).Select(_ => new List<float[]>())];
            DevicePointer before = arrays.Upload(new int[experts]), left = arrays.Output<float>(experts * block * width);
            foreach (int[] part in rows)
            {
                float[] values = Values.Random(random, part.Sum() * width);
                for (int expert = 0, row = 0; expert < experts; expert++)
                {
                    for (int end = row + part[expert]; row < end; row++)
                        waiting[expert].Add(values[(row * width)..((row + 1) * width)]);
                    waiting[expert].RemoveRange(0, waiting[expert].Count / block * block);
                }
                var parameters = new ExpertGradientsParameters
                {
                    Starts = arrays.Upload(Starts(part)),
                    Rows = arrays.Upload(values),
                    Left = left,
                    Before = before,
                    After = arrays.Output<int>(experts),
                    Width = width,
                };
                ExpertGradientsCuda.Keep(device, parameters, experts);
                arrays.MustEqual<int>(parameters.After, [.. waiting.Select(own => own.Count)], "rows that wait");
                for (int expert = 0; expert < experts; expert++)
                    arrays.MustEqual<float>(
                        left + (sizeof(float) * (long)expert * block * width), waiting[expert].SelectMany(row => row).ToArray(), "rows");
                before = parameters.After;
            }
        });

    static int Stride(int rows, int columns) => ((rows * columns) + (2 * Between) - 1) / Between * Between;

    static int[] Starts(int[] rows)
    {
        int[] starts = new int[rows.Length + 1];
        for (int expert = 0; expert < rows.Length; expert++)
            starts[expert + 1] = starts[expert] + rows[expert];
        return starts;
    }

    static unsafe void Multiply(
        ReadOnlySpan<float> a, int termStep, int rowStep, ReadOnlySpan<float> b, Span<float> c, int rows, int columns, int terms)
    {
        if (rows == 0 || terms == 0)
            return;
        fixed (float* left = a, right = b, products = c)
        {
            GemmF32.Run(
                new GemmOperands
                {
                    A = left,
                    RowStepA = rowStep,
                    TermStepA = termStep,
                    B = right,
                    StepB = columns,
                    C = products,
                    StepC = columns,
                    Rows = rows,
                    Columns = columns,
                    Terms = terms,
                },
                InstructionSet.Portable);
        }
    }
}
