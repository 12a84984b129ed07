using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;

namespace Kernels.Tests.Linear;

[TestFixture]
public sealed unsafe class LinearF32Tests
{
    static readonly int[] rowCounts = [1, 2, 3, 4, 5, 6, 7, 64, 65];
    static readonly int[] outputCounts = [1, 15, 16, 17, 33, 128];
    static readonly int[] inputCounts = [1, 2, 3, 63, 64, 65, 96, 576];

    public static IEnumerable<InstructionSet> Variants => InstructionSets.Supported;

    [Test]
    public void Every_shape_equals_the_reference_bit_for_bit(
        [ValueSource(nameof(Variants))] InstructionSet isa, [ValueSource(nameof(inputCounts))] int inputs)
    {
        float[] x = LinearReference.Random(rowCounts.Max() * inputs, inputs);
        float[] w = LinearReference.Random(outputCounts.Max() * inputs, inputs + 1);
        int most = outputCounts.Max();
        float[] all = LinearReference.F32(x, rowCounts.Max(), w, most, inputs);

        foreach (int outputs in outputCounts)
        {
            using F32Matrix matrix = F32Matrix.Pack(outputs, inputs, LinearReference.Reader(w, inputs), isa);
            foreach (int rows in rowCounts)
            {
                float[] expected = [.. Enumerable.Range(0, rows).SelectMany(r => all.AsSpan(r * most, outputs).ToArray())];
                float[] actual = Multiply(x, rows, matrix);
                Assert.That(LinearReference.Bits(actual), Is.EqualTo(LinearReference.Bits(expected)), $"{rows} x {inputs} -> {outputs}");
            }
        }
    }

    [Test]
    public void Negative_zero_denormals_and_cancellation_follow_the_definition([ValueSource(nameof(Variants))] InstructionSet isa)
    {
        const int inputs = 130, outputs = 35, rows = 9;
        float[] x = LinearReference.Random(rows * inputs, 7), w = LinearReference.Random(outputs * inputs, 8);
        x.AsSpan(0, inputs).Fill(-0f);
        x.AsSpan(inputs, inputs).Fill(float.Epsilon);
        for (int i = 0; i < inputs; i++)
            x[2 * inputs + i] = i % 2 == 0 ? 1e30f : -1e30f;
        w.AsSpan(0, inputs).Fill(1e-30f);
        using F32Matrix matrix = F32Matrix.Pack(outputs, inputs, LinearReference.Reader(w, inputs), isa);

        float[] y = Multiply(x, rows, matrix);

        Assert.That(LinearReference.Bits(y), Is.EqualTo(LinearReference.Bits(LinearReference.F32(x, rows, w, outputs, inputs))));
        Assert.That(LinearReference.Bits(y[..outputs]), Is.All.Zero, "sums that start at +0 never end at -0");
    }

    [Test]
    public void Splits_and_strides_change_no_bit_and_write_nothing_else([ValueSource(nameof(Variants))] InstructionSet isa)
    {
        const int inputs = 96, outputs = 100, rows = 29, ldx = 101, ldy = 107;
        float[] x = LinearReference.Random(rows * ldx, 1), w = LinearReference.Random(outputs * inputs, 2);
        float[] dense = [.. Enumerable.Range(0, rows).SelectMany(r => x.AsSpan(r * ldx, inputs).ToArray())];
        float[] expected = LinearReference.F32(dense, rows, w, outputs, inputs);
        using F32Matrix matrix = F32Matrix.Pack(outputs, inputs, LinearReference.Reader(w, inputs), isa);

        foreach (int rowStep in new[] { 1, 3, 5, 11 })
        {
            float[] y = [.. Enumerable.Repeat(float.NaN, rows * ldy)];
            fixed (float* px = x, py = y)
            {
                for (int row = 0; row < rows; row += rowStep)
                {
                    for (int output = 0; output < outputs; output += 64)
                        LinearF32.Run(px, ldx, row, Math.Min(rowStep, rows - row), matrix, output, Math.Min(64, outputs - output), py, ldy);
                }
            }
            for (int r = 0; r < rows; r++)
            {
                int[] row = LinearReference.Bits(y[(r * ldy)..(r * ldy + outputs)]);
                Assert.That(row, Is.EqualTo(LinearReference.Bits(expected[(r * outputs)..((r + 1) * outputs)])));
                Assert.That(y[(r * ldy + outputs)..((r + 1) * ldy)], Is.All.NaN);
            }
        }
    }

    [Test]
    public void A_packed_matrix_gives_its_rows_back_and_refuses_what_is_not_finite()
    {
        const int inputs = 5, outputs = 34;
        float[] w = LinearReference.Random(outputs * inputs, 9);
        using F32Matrix matrix = F32Matrix.Pack(outputs, inputs, LinearReference.Reader(w, inputs), InstructionSet.Portable);
        float[] row = new float[inputs];

        matrix.ReadRow(33, row);
        w[12] = float.NaN;

        Assert.That(row, Is.EqualTo(w[(33 * inputs)..]));
        Assert.That(
            () => F32Matrix.Pack(outputs, inputs, LinearReference.Reader(w, inputs), InstructionSet.Portable),
            Throws.TypeOf<HarnessException>().With.Property("Diagnostic").EqualTo(KernelCodes.WeightsNotFinite));
    }

    static float[] Multiply(float[] x, int rows, F32Matrix matrix)
    {
        float[] y = new float[rows * matrix.Outputs];
        fixed (float* px = x, py = y)
            LinearF32.Run(px, matrix.Inputs, 0, rows, matrix, 0, matrix.Outputs, py, matrix.Outputs);
        return y;
    }
}
