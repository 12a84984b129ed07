using Harness.Kernels.Attention;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.Sampling;
using Harness.Kernels.SwiGlu;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>
/// The gradient of every operation, in float32, against finite differences of the same operation in float64, at odd shapes.
/// </summary>
public unsafe class OperationGradientTests
{
    const double Tolerance = 2e-5;
    const int Samples = 200;

    [TestCase(1, 1, 1)]
    [TestCase(7, 3, 5)]
    [TestCase(31, 100, 1)]
    [TestCase(70, 65, 131)]
    [TestCase(129, 33, 20)]
    public void Linear(int rows, int inputs, int outputs)
    {
        float[] x = FiniteDifferences.Uniform(rows * inputs, 1), w = FiniteDifferences.Uniform(outputs * inputs, 2);
        float[] dy = FiniteDifferences.Uniform(rows * outputs, 3), dx = new float[x.Length], dw = new float[w.Length];
        float[] wPadded = [.. w, .. new float[GemmF32.ReadColumns]], xPadded = [.. x, .. new float[GemmF32.ReadColumns]];
        fixed (float* gradient = dy, weights = wPadded, values = xPadded, dX = dx, dW = dw)
        {
            GemmF32.Run(
                new GemmOperands
                {
                    A = gradient,
                    RowStepA = outputs,
                    TermStepA = 1,
                    B = weights,
                    StepB = inputs,
                    C = dX,
                    StepC = inputs,
                    Rows = rows,
                    Columns = inputs,
                    Terms = outputs,
                },
                InstructionSets.Supported[^1]);
            GemmF32.Run(
                new GemmOperands
                {
                    A = gradient,
                    RowStepA = 1,
                    TermStepA = outputs,
                    B = values,
                    StepB = inputs,
                    C = dW,
                    StepC = inputs,
                    Rows = outputs,
                    Columns = inputs,
                    Terms = rows,
                },
                InstructionSets.Supported[^1]);
        }
        double[] xs = FiniteDifferences.Widen(x), ws = FiniteDifferences.Widen(w);
        double Value() => FiniteDifferences.Dot(dy, DoubleOperations.Linear(xs, ws, rows, inputs, outputs));
        AssertSlopes(xs, dx, Value);
        AssertSlopes(ws, dw, Value);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(33)]
    [TestCase(100)]
    public void RmsNorm(int width)
    {
        float[] x = FiniteDifferences.Uniform(width, 1), w = FiniteDifferences.Uniform(width, 2), dy = FiniteDifferences.Uniform(width, 3);
        float[] residual = FiniteDifferences.Uniform(width, 4), dx = new float[width], dw = [.. x], scratch = new float[width];
        fixed (float* part = dw, weight = w, gradient = dy, past = residual, some = scratch, result = dx)
            RmsNormBackward.Run(part, weight, 1e-5f, width, gradient, past, some, result);
        double[] xs = FiniteDifferences.Widen(x), ws = FiniteDifferences.Widen(w);
        double Value() => FiniteDifferences.Dot(dy, DoubleOperations.RmsNorm(xs, ws, 1e-5f));
        AssertSlopes(ws, dw, Value);
        AssertSlopes(xs, dx, () => Value() + FiniteDifferences.Dot(residual, xs));
    }

    [TestCase(1)]
    [TestCase(13)]
    [TestCase(70)]
    public void SwiGlu(int width)
    {
        float[] gate = [.. FiniteDifferences.Uniform(width, 1).Select(value => value * 4)], up = FiniteDifferences.Uniform(width, 2);
        float[] dy = FiniteDifferences.Uniform(width, 3), dGate = [.. gate], dUp = [.. up];
        fixed (float* gates = dGate, ups = dUp, gradient = dy)
            SwiGluBackward.Run(gates, ups, width, gradient);
        double[] gs = FiniteDifferences.Widen(gate), us = FiniteDifferences.Widen(up);
        double Value() => FiniteDifferences.Dot(dy, DoubleOperations.SwiGlu(gs, us));
        AssertSlopes(gs, dGate, Value);
        AssertSlopes(us, dUp, Value);
    }

    [TestCase(2, 3)]
    [TestCase(12, 1)]
    [TestCase(16, 77)]
    [TestCase(20, 500)]
    public void Rotation(int width, int position)
    {
        using var table = new RotaryTable(RandomCheckpoint.Shape(heads: 1, kvHeads: 1, headWidth: width));
        table.Reserve(position + 1);
        float[] x = FiniteDifferences.Uniform(width, 1), dy = FiniteDifferences.Uniform(width, 2), dx = [.. dy];
        fixed (float* gradient = dx)
            table.RotateBack(gradient, position);
        double[] xs = FiniteDifferences.Widen(x);
        AssertSlopes(xs, dx, () => FiniteDifferences.Dot(dy, DoubleOperations.Rotate(xs, width, position, 10000)));
    }

    [TestCase(1, 1, 1, 4)]
    [TestCase(5, 2, 2, 6)]
    [TestCase(30, 6, 2, 16)]
    [TestCase(65, 3, 1, 12)]
    [TestCase(140, 4, 2, 10)]
    public void Attention(int rows, int heads, int kvHeads, int width)
    {
        ModelConfig config = RandomCheckpoint.Shape(heads: heads, kvHeads: kvHeads, headWidth: width);
        int step = (heads + (2 * kvHeads)) * width, mixedStep = heads * width;
        float[] qkv = FiniteDifferences.Uniform(rows * step, 1), dMixed = FiniteDifferences.Uniform(rows * mixedStep, 2);
        float[] padded = [.. qkv, .. new float[GemmF32.ReadColumns]], dPadded = [.. dMixed, .. new float[GemmF32.ReadColumns]];
        float[] mixed = new float[rows * mixedStep], dQkv = new float[rows * step];
        using var attention = new SequenceAttention(config, rows + 3, InstructionSets.Supported[^1]);
        fixed (float* values = padded, output = mixed, gradient = dPadded, result = dQkv)
        {
            attention.Forward(values, step, rows, output, mixedStep);
            attention.Backward(values, step, rows, output, gradient, mixedStep, result, step);
        }
        double[] xs = FiniteDifferences.Widen(qkv);
        double[] expected = DoubleOperations.Attention(xs, rows, heads, kvHeads, width);
        Assert.That(mixed.Zip(expected, (x, y) => Math.Abs(x - y)).Max(), Is.LessThan(1e-5));
        AssertSlopes(xs, dQkv, () => FiniteDifferences.Dot(dMixed, DoubleOperations.Attention(xs, rows, heads, kvHeads, width)));
    }

    [TestCase(2)]
    [TestCase(9)]
    [TestCase(131)]
    public void CrossEntropyOfLogits(int vocabulary)
    {
        float[] logits = [.. FiniteDifferences.Uniform(vocabulary, 1).Select(value => value * 5)], gradient = [.. logits];
        int label = vocabulary / 2;
        using var sampler = new Sampler(vocabulary);
        float logProbability;
        fixed (float* values = gradient)
            logProbability = CrossEntropy.Run(values, vocabulary, label, 0.25f, sampler);
        double[] ls = FiniteDifferences.Widen(logits);
        Assert.That(-logProbability, Is.EqualTo(DoubleOperations.CrossEntropy(ls, label)).Within(1e-5));
        AssertSlopes(ls, gradient, () => 0.25 * DoubleOperations.CrossEntropy(ls, label));
    }

    /// <summary>Of a label that should not come, the probable one among them, and one that takes nearly all.</summary>
    [TestCase(2, 0)]
    [TestCase(9, 4)]
    [TestCase(131, 65)]
    [TestCase(131, 7)]
    public void UnlikelihoodOfLogits(int vocabulary, int label)
    {
        float[] logits = [.. FiniteDifferences.Uniform(vocabulary, 1).Select(value => value * 5)];
        logits[label] += label == 7 ? 20 : 0;
        float[] gradient = [.. logits];
        using var sampler = new Sampler(vocabulary);
        float logProbability, evaluated;
        fixed (float* values = gradient)
        {
            evaluated = CrossEntropy.LogProbability(values, label | CrossEntropy.Unlikely, sampler);
            logProbability = CrossEntropy.Run(values, vocabulary, label | CrossEntropy.Unlikely, 0.25f, sampler);
        }
        double[] ls = FiniteDifferences.Widen(logits);
        Assert.That(evaluated, Is.EqualTo(logProbability));
        Assert.That(-logProbability, Is.EqualTo(DoubleOperations.Unlikelihood(ls, label)).Within(1e-5));
        AssertSlopes(ls, gradient, () => 0.25 * DoubleOperations.Unlikelihood(ls, label));
    }

    /// <summary>Of a token that takes all probability that its sums can tell, the loss is finite and its gradient a number.</summary>
    [Test]
    public void UnlikelihoodOfACertainTokenIsFinite()
    {
        float[] logits = [200, 0, -5, 1];
        using var sampler = new Sampler(logits.Length);
        float logProbability;
        fixed (float* values = logits)
            logProbability = CrossEntropy.Run(values, logits.Length, 0 | CrossEntropy.Unlikely, 1, sampler);
        Assert.That(logProbability, Is.EqualTo((float)-Math.Log(Sampler.FixedOne)));
        Assert.That(logits, Is.EqualTo(new float[] { 1, 0, 0, 0 }));
    }

    static void AssertSlopes(double[] values, float[] gradient, Func<double> function)
    {
        double largest = gradient.Max(MathF.Abs);
        foreach (int i in FiniteDifferences.Some(values.Length, Samples))
        {
            double slope = FiniteDifferences.Slope(values, i, function);
            Assert.That(gradient[i], Is.EqualTo(slope).Within(Tolerance * Math.Max(largest, 0.01)), $"value {i}");
        }
    }
}
