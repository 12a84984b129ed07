using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Kernels.Tests.Linear;

public unsafe class GemmF32Tests
{
    [Test]
    public void Every_form_has_the_bits_of_plain_chains([Values] bool transposed, [Values] bool accumulate)
    {
        var random = new Random(5);
        foreach ((int rows, int columns, int terms) in new[]
            { (1, 1, 1), (1, 16, 64), (5, 15, 63), (6, 17, 65), (7, 31, 130), (8, 32, 128), (13, 100, 200), (12, 48, 1),
                (11, 8, 70), (12, 24, 64), (13, 40, 65), (25, 56, 129) })
        {
            float[] a = Values(rows * terms), b = Values((terms * columns) + GemmF32.ReadColumns), c = Values(rows * columns);
            float[] expected = Plain(a, transposed, b, c, rows, columns, terms, accumulate);
            foreach (InstructionSet form in InstructionSets.Supported)
            {
                float[] result = [.. c];
                fixed (float* left = a, right = b, sum = result)
                {
                    GemmF32.Run(
                        new GemmOperands
                        {
                            A = left,
                            RowStepA = transposed ? 1 : terms,
                            TermStepA = transposed ? rows : 1,
                            B = right,
                            StepB = columns,
                            C = sum,
                            StepC = columns,
                            Rows = rows,
                            Columns = columns,
                            Terms = terms,
                            Accumulate = accumulate,
                        },
                        form);
                }
                Assert.That(result, Is.EqualTo(expected), $"{form}, {rows} x {columns} x {terms}");
            }
        }

        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    [Test]
    public void A_linear_layer_has_the_bits_of_inference()
    {
        const int Rows = 9, Inputs = 100, Outputs = 70;
        var random = new Random(6);
        float[] x = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => random.NextSingle() - 0.5f)];
        float[] w = [.. Enumerable.Range(0, Outputs * Inputs).Select(_ => random.NextSingle() - 0.5f)];
        using RowBuffer transposed = new(Inputs, Outputs);
        for (int i = 0; i < w.Length; i++)
            transposed.Row(i % Inputs)[i / Inputs] = w[i];
        using F32Matrix packed = F32Matrix.Pack(
            Outputs, Inputs, (first, rows) => w.AsSpan(first * Inputs, rows.Length).CopyTo(rows), InstructionSet.Portable);
        float[] expected = new float[Rows * Outputs], result = new float[Rows * Outputs];
        fixed (float* values = x, inference = expected, training = result)
        {
            LinearF32.Run(values, Inputs, 0, Rows, packed, 0, Outputs, inference, Outputs);
            GemmF32.Run(
                new GemmOperands
                {
                    A = values,
                    RowStepA = Inputs,
                    TermStepA = 1,
                    B = transposed.Data,
                    StepB = transposed.Stride,
                    C = training,
                    StepC = Outputs,
                    Rows = Rows,
                    Columns = Outputs,
                    Terms = Inputs,
                },
                InstructionSets.Supported[^1]);
        }
        Assert.That(result, Is.EqualTo(expected));
    }

    [Test]
    public void Terms_of_zero_leave_every_bit_even_after_an_underflow([Values] bool negativeZero)
    {
        // The first product is so small that the chain becomes -0; what follows is 0 times something.
        float[] a = [1e-30f, negativeZero ? -0f : 0f], b = new float[2 * 16 + GemmF32.ReadColumns], shorter = new float[16];
        Array.Fill(b, -1e-30f, 0, 16);
        Array.Fill(b, 3f, 16, 16);
        foreach (InstructionSet form in InstructionSets.Supported)
        {
            float[] longer = new float[16];
            fixed (float* left = a, right = b, one = shorter, two = longer)
            {
                GemmOperands operands = new()
                {
                    A = left,
                    RowStepA = 2,
                    TermStepA = 1,
                    B = right,
                    StepB = 16,
                    C = one,
                    StepC = 16,
                    Rows = 1,
                    Columns = 16,
                    Terms = 1,
                };
                GemmF32.Run(operands, form);
                operands.C = two;
                operands.Terms = 2;
                GemmF32.Run(operands, form);
            }
            Assert.That(longer.Select(BitConverter.SingleToInt32Bits), Is.EqualTo(shorter.Select(BitConverter.SingleToInt32Bits)));
            Assert.That(longer.Select(BitConverter.SingleToInt32Bits), Is.All.Zero, "+0");
        }
    }

    static float[] Plain(float[] a, bool transposed, float[] b, float[] c, int rows, int columns, int terms, bool accumulate)
    {
        float[] result = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float total = accumulate ? c[(row * columns) + column] : 0f;
                for (int block = 0; block < terms; block += 64)
                {
                    float sum = 0;
                    for (int k = block; k < Math.Min(block + 64, terms); k++)
                        sum = MathF.FusedMultiplyAdd(a[transposed ? (k * rows) + row : (row * terms) + k], b[(k * columns) + column], sum);
                    total += sum;
                }
                result[(row * columns) + column] = total;
            }
        }
        return result;
    }
}
