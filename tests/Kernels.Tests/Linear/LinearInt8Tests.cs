using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;

namespace Kernels.Tests.Linear;

[TestFixture]
public sealed unsafe class LinearInt8Tests
{
    static readonly int[] rowCounts = [1, 2, 3, 4, 5, 6, 7, 64, 65];
    static readonly int[] outputCounts = [1, 15, 16, 17, 33, 128];
    static readonly int[] inputCounts = [1, 2, 3, 63, 64, 65, 96, 576];

    // AVX-VNNI's form runs everywhere, with its one instruction emulated where the processor lacks it.
    public static IEnumerable<InstructionSet> Variants => InstructionSets.Supported.Append(InstructionSet.AvxVnni).Distinct()
        .Where(isa => isa != InstructionSet.AvxVnni || InstructionSets.IsSupported(InstructionSet.Avx2));

    [Test]
    public void Every_shape_equals_the_reference_bit_for_bit(
        [ValueSource(nameof(Variants))] InstructionSet isa, [ValueSource(nameof(inputCounts))] int inputs)
    {
        float[] x = LinearReference.Random(rowCounts.Max() * inputs, inputs);
        float[] w = LinearReference.Random(outputCounts.Max() * inputs, inputs + 1);
        int most = outputCounts.Max();
        float[] all = LinearReference.Int8(x, rowCounts.Max(), w, most, inputs);

        foreach (int outputs in outputCounts)
        {
            using Int8Matrix matrix = Int8Matrix.Quantize(outputs, inputs, LinearReference.Reader(w, inputs), isa);
            foreach (int rows in rowCounts)
            {
                float[] expected = [.. Enumerable.Range(0, rows).SelectMany(r => all.AsSpan(r * most, outputs).ToArray())];
                float[] actual = Multiply(x, rows, matrix);
                Assert.That(LinearReference.Bits(actual), Is.EqualTo(LinearReference.Bits(expected)), $"{rows} x {inputs} -> {outputs}");
            }
        }
    }

    [Test]
    public void Largest_magnitudes_neither_saturate_nor_overflow(
        [ValueSource(nameof(Variants))] InstructionSet isa, [Values(1, -1)] int sign)
    {
        const int inputs = 64 * 128, outputs = 33, rows = 9;
        float[] x = [.. Enumerable.Repeat(127f, rows * inputs)];
        float[] w = [.. Enumerable.Repeat(sign * 127f, outputs * inputs)];
        using Int8Matrix matrix = Int8Matrix.Quantize(outputs, inputs, LinearReference.Reader(w, inputs), isa);

        float[] y = Multiply(x, rows, matrix);

        Assert.That(y, Is.All.EqualTo(sign * 127f * 127f * inputs));
    }

    [Test]
    public void Splits_of_rows_and_outputs_change_no_bit([ValueSource(nameof(Variants))] InstructionSet isa)
    {
        const int inputs = 96, outputs = 100, rows = 29;
        float[] x = LinearReference.Random(rows * inputs, 1), w = LinearReference.Random(outputs * inputs, 2);
        using Int8Matrix matrix = Int8Matrix.Quantize(outputs, inputs, LinearReference.Reader(w, inputs), isa);
        using QuantizedRows quantized = Quantize(x, rows, inputs, isa);
        float[] whole = Multiply(x, rows, matrix);

        foreach (int rowStep in new[] { 1, 3, 5, 11 })
        {
            float[] y = new float[rows * outputs];
            fixed (float* py = y)
            {
                for (int row = 0; row < rows; row += rowStep)
                {
                    for (int output = 0; output < outputs; output += 64)
                        Run(quantized, row, Math.Min(rowStep, rows - row), matrix, output, Math.Min(64, outputs - output), py, outputs);
                }
            }
            Assert.That(LinearReference.Bits(y), Is.EqualTo(LinearReference.Bits(whole)), $"steps of {rowStep} rows");
        }
    }

    [Test]
    public void Nothing_outside_the_slice_is_written([ValueSource(nameof(Variants))] InstructionSet isa)
    {
        const int inputs = 65, outputs = 70, rows = 5, ldy = 75;
        float[] w = LinearReference.Random(outputs * inputs, 3);
        using Int8Matrix matrix = Int8Matrix.Quantize(outputs, inputs, LinearReference.Reader(w, inputs), isa);
        using QuantizedRows quantized = Quantize(LinearReference.Random(rows * inputs, 4), rows, inputs, isa);
        float[] y = [.. Enumerable.Repeat(float.NaN, rows * ldy)];

        fixed (float* py = y)
            Run(quantized, 1, 3, matrix, 32, 38, py, ldy);

        for (int i = 0; i < y.Length; i++)
            Assert.That(float.IsNaN(y[i]), Is.EqualTo(i / ldy is < 1 or > 3 || i % ldy is < 32 or >= 70), $"element {i}");
    }

    [Test]
    public void Rows_of_any_stride_are_quantised_as_the_definition_says([ValueSource(nameof(Variants))] InstructionSet isa)
    {
        const int inputs = 130, ldx = 137, rows = 10;
        float[] x = LinearReference.Random(rows * ldx, 5);
        x.AsSpan(3 * ldx + 64, 64).Clear();
        x[4 * ldx + 5] = -0f;
        x.AsSpan(5 * ldx, 64).Fill(float.Epsilon);
        for (int i = 0; i < 64; i++)
            x[6 * ldx + i] = float.Epsilon * (i * 3);
        x[7 * ldx] = float.MaxValue;
        float[] identity = new float[inputs * inputs];
        for (int i = 0; i < inputs; i++)
            identity[i * inputs + i] = 127;
        using Int8Matrix matrix = Int8Matrix.Quantize(inputs, inputs, LinearReference.Reader(identity, inputs), isa);
        using QuantizedRows quantized = new(rows, inputs, isa);
        float[] y = new float[rows * inputs];

        fixed (float* px = x, py = y)
        {
            quantized.Quantize(px, 0, 4, ldx);
            quantized.Quantize(px, 4, rows - 4, ldx);
            Run(quantized, 0, rows, matrix, 0, inputs, py, inputs);
        }

        float[] dense = [.. Enumerable.Range(0, rows).SelectMany(r => x.AsSpan(r * ldx, inputs).ToArray())];
        Assert.That(LinearReference.Bits(y), Is.EqualTo(LinearReference.Bits(LinearReference.Int8(dense, rows, identity, inputs, inputs))));
        Assert.That(y.AsSpan(3 * inputs + 64, 64).ToArray(), Is.All.EqualTo(0f));
        Assert.That(y.AsSpan(5 * inputs, 64).ToArray(), Is.All.EqualTo(0f), "a scale that underflows");
    }

    [Test]
    public void Quotients_at_and_beside_a_tie_round_as_the_division_says([ValueSource(nameof(Variants))] InstructionSet isa)
    {
        const int inputs = 160, rows = 400;
        Random random = new(6);
        float[] x = new float[rows * inputs];
        for (int i = 0; i < x.Length; i++)
        {
            float scale = (float)Math.ScaleB(1 + new Random(i / inputs).NextDouble(), i / inputs % 240 - 125);
            float tie = scale * (random.Next(-127, 126) + 0.5f);
            x[i] = i % 32 == 0 ? scale * 127 : BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(tie) + random.Next(-3, 4));
        }
        float[] identity = new float[inputs * inputs];
        for (int i = 0; i < inputs; i++)
            identity[i * inputs + i] = 127;
        using Int8Matrix matrix = Int8Matrix.Quantize(inputs, inputs, LinearReference.Reader(identity, inputs), isa);

        float[] y = Multiply(x, rows, matrix);

        Assert.That(LinearReference.Bits(y), Is.EqualTo(LinearReference.Bits(LinearReference.Int8(x, rows, identity, inputs, inputs))));
    }

    [Test]
    public void Weights_are_stored_as_the_definition_says(
        [ValueSource(nameof(Variants))] InstructionSet isa, [Values(1, 3, 66, 97)] int inputs)
    {
        const int outputs = 37;
        float[] w = LinearReference.Random(outputs * inputs, inputs);
        w.AsSpan(2 * inputs, inputs).Clear();
        w.AsSpan(5 * inputs, inputs).Fill(-float.Epsilon);
        using Int8Matrix matrix = new(outputs, inputs, isa);
        matrix.QuantizeRange(32, 5, LinearReference.Reader(w, inputs));
        matrix.QuantizeRange(0, 32, LinearReference.Reader(w, inputs));
        sbyte[] row = new sbyte[inputs];

        for (int o = 0; o < outputs; o++)
        {
            matrix.ReadRow(o, row);
            (int[] values, float scale) = LinearReference.Quantize(w.AsSpan(o * inputs, inputs));
            Assert.That(Array.ConvertAll(row, q => (int)q), Is.EqualTo(values), $"row {o}");
            Assert.That(matrix.Scale(o), Is.EqualTo(scale), $"scale of row {o}");
        }
    }

    [Test]
    public void What_is_not_finite_is_refused_wherever_it_stands(
        [ValueSource(nameof(Variants))] InstructionSet isa, [Values(float.NaN, float.PositiveInfinity, float.NegativeInfinity)] float bad)
    {
        const int inputs = 70;
        for (int position = 0; position < inputs; position++)
        {
            float[] values = [.. Enumerable.Repeat(1f, inputs)];
            values[position] = bad;

            Assert.That(
                () => Quantize(values, 1, inputs, isa),
                Throws.TypeOf<HarnessException>().With.Property("Diagnostic").EqualTo(KernelCodes.WeightsNotFinite));
            Assert.That(
                () => Int8Matrix.Quantize(1, inputs, LinearReference.Reader(values, inputs), isa),
                Throws.TypeOf<HarnessException>().With.Property("Diagnostic").EqualTo(KernelCodes.WeightsNotFinite));
        }
    }

    [Test]
    public void A_slice_that_the_operands_do_not_hold_is_an_argument_error()
    {
        using Int8Matrix matrix = new(64, 8, InstructionSet.Portable);
        using QuantizedRows fits = new(2, 8, InstructionSet.Portable), wide = new(2, 9, InstructionSet.Portable);

        Assert.That(() => LinearInt8.Run(wide, 0, 1, matrix, 0, 64, null, 64), Throws.ArgumentException);
        Assert.That(() => LinearInt8.Run(fits, 1, 2, matrix, 0, 64, null, 64), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LinearInt8.Run(fits, 0, 1, matrix, 16, 16, null, 64), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => LinearInt8.Run(fits, 0, 1, matrix, 32, 33, null, 64), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    internal static float[] Multiply(float[] x, int rows, Int8Matrix matrix)
    {
        using QuantizedRows quantized = Quantize(x, rows, matrix.Inputs, matrix.Isa);
        float[] y = new float[rows * matrix.Outputs];
        fixed (float* py = y)
            Run(quantized, 0, rows, matrix, 0, matrix.Outputs, py, matrix.Outputs);
        return y;
    }

    static QuantizedRows Quantize(float[] x, int rows, int inputs, InstructionSet isa)
    {
        QuantizedRows quantized = new(rows, inputs, isa);
        fixed (float* px = x)
            quantized.Quantize(px, 0, rows, inputs);
        return quantized;
    }

    static void Run(QuantizedRows x, int firstRow, int rows, Int8Matrix w, int firstOutput, int outputs, float* y, int ldy)
    {
        if (InstructionSets.IsSupported(w.Isa))
            LinearInt8.Run(x, firstRow, rows, w, firstOutput, outputs, y, ldy);
        else
            LinearInt8.Run<LinearInt8AvxVnni<EmulatedVnniDot>>(x, firstRow, rows, w, firstOutput, outputs, y, ldy);
    }
}
