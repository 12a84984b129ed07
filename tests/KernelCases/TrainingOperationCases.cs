using Harness.Kernels.Driver;
using Harness.Kernels.Embedding;
using Harness.Kernels.Linear;
using Harness.Kernels.RmsNorm;
using Harness.Kernels.RotaryEmbedding;
using Harness.Kernels.Sampling;
using Harness.Kernels.SwiGlu;
using Harness.Kernels.Training;

namespace KernelCases;

/// <summary>The smaller kernels of training, each against its CPU form.</summary>
public static class TrainingOperationCases
{
    const float Epsilon = 1e-5f;

    public static IEnumerable<KernelCase> All() =>
        new[] { (1, 2), (1, 64), (3, 66), (70, 34), (9, 130), (130, 6) }.SelectMany(shape => Of(shape.Item1, shape.Item2))
            .Concat([Entropy(13, 50), Entropy(2, 1500), Entropy(1, 1), LargeLogits()]);

    public static IEnumerable<KernelCase> Random(Random random) =>
        Of(random.Next(1, 200), 2 * random.Next(1, 700)).Append(Entropy(random.Next(1, 20), random.Next(1, 5000)));

    static IEnumerable<KernelCase> Of(int rows, int width)
    {
        string shape = $"{rows} rows of {width}";
        yield return new("RmsNormBackward.rms_norm_backward", shape, device => Norm(device, rows, width));
        yield return new("SwiGluHalves.swiglu_halves", shape, device => Activation(device, rows, width));
        yield return new("RotarySequence.rotary_sequence", shape, device => Turn(device, rows, width));
        yield return new("EmbeddingBackward.embedding_backward", shape, device => Scatter(device, rows, width));
        yield return new("RowSums.row_sums", shape, device => Sum(device, rows, width));
        yield return new("VectorSum.vector_sum", shape, device => Add(device, rows * width));
    }

    static unsafe void Norm(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(rows + width);
        float[] x = Values.Random(random, rows * width), weight = Values.Random(random, width), dy = Values.Random(random, x.Length);
        float[] residual = Values.Random(random, x.Length), none = new float[x.Length], scratch = new float[width];
        var parameters = new RmsNormBackwardParameters
        {
            X = arrays.Upload(x),
            Weight = arrays.Upload(weight),
            Dy = arrays.Upload(dy),
            Residual = arrays.Upload(residual),
            Parts = arrays.Output<float>(x.Length),
            Epsilon = Epsilon,
            Width = width,
            Rows = rows,
        };
        parameters.Dx = parameters.Residual;
        RmsNormBackwardCuda.Run(device, parameters);
        RmsNormBackwardParameters alone = parameters with { Residual = default, Dx = arrays.Output<float>(x.Length) };
        RmsNormBackwardCuda.Run(device, alone);
        float[] again = [.. x];
        fixed (float* input = x, same = again, w = weight, gradient = dy, past = residual, zeros = none, own = scratch)
        {
            for (int at = 0; at < x.Length; at += width)
            {
                RmsNormBackward.Run(input + at, w, Epsilon, width, gradient + at, past + at, own, past + at);
                RmsNormBackward.Run(same + at, w, Epsilon, width, gradient + at, zeros + at, own, zeros + at);
            }
        }
        arrays.MustEqual<float>(parameters.Dx, residual, "dx");
        arrays.MustEqual<float>(alone.Dx, none, "dx alone");
        arrays.MustEqual<float>(parameters.Parts, x, "parts");
    }

    static unsafe void Activation(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(rows + width);
        float[] gateUp = Values.Random(random, rows * 2 * width), y = new float[rows * width], dy = Values.Random(random, rows * width);
        gateUp[0] = -100f;
        var parameters = new SwiGluHalvesParameters
        {
            GateUp = arrays.Upload(gateUp),
            Y = arrays.Output<float>(y.Length),
            Width = width,
            Rows = rows,
        };
        SwiGluHalvesCuda.Forward(device, parameters);
        SwiGluHalvesParameters backward = parameters with { Y = arrays.Upload(dy) };
        SwiGluHalvesCuda.Backward(device, backward);
        fixed (float* gate = gateUp, output = y, gradient = dy)
        {
            for (int row = 0; row < rows; row++)
            {
                float* own = gate + (row * 2 * width);
                SwiGluCpu.Run(own, own + width, width, output + (row * width));
                SwiGluBackward.Run(own, own + width, width, gradient + (row * width));
            }
        }
        arrays.MustEqual<float>(parameters.Y, y, "y");
        arrays.MustEqual<float>(parameters.GateUp, gateUp, "gradients");
    }

    /// <summary>Two of three heads of each row, there and back.</summary>
    static unsafe void Turn(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        int perSequence = Math.Max(1, (rows + 1) / 2), step = 3 * width;
        using var table = new RotaryTable(GeneratorCases.Llama with { HeadWidth = width });
        table.Reserve(perSequence);
        float[] qkv = Values.Random(new Random(rows + width), rows * step);
        var parameters = new RotarySequenceParameters
        {
            Qkv = arrays.Upload(qkv),
            Cosines = arrays.Upload(table.Cosines),
            Sines = arrays.Upload(table.Sines),
            Rows = rows,
            RowsPerSequence = perSequence,
            Turned = 2,
            HeadWidth = width,
            Step = step,
        };
        foreach (bool back in new[] { false, true })
        {
            RotarySequenceCuda.Run(device, parameters with { Back = back ? 1 : 0 });
            fixed (float* values = qkv)
            {
                for (int row = 0; row < rows; row++)
                {
                    for (int head = 0; head < 2; head++)
                    {
                        float* own = values + (row * step) + (head * width);
                        if (back)
                            table.RotateBack(own, row % perSequence);
                        else
                            table.Rotate(own, row % perSequence);
                    }
                }
            }
            arrays.MustEqual<float>(parameters.Qkv, qkv, back ? "turned back" : "turned");
        }
    }

    static void Scatter(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        const int Vocabulary = 5;
        var random = new Random(rows + width);
        float[] gradients = Values.Random(random, rows * width), sums = Values.Random(random, Vocabulary * width);
        int[] tokens = [.. Enumerable.Range(0, rows).Select(_ => random.Next(Vocabulary))];
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 7 == 3 ? -1 : 0)];
        TokenRows lists = TokenRows.Of(tokens, labels);
        var parameters = new EmbeddingBackwardParameters
        {
            Gradients = arrays.Upload(gradients),
            Tokens = arrays.Upload(lists.Tokens),
            Firsts = arrays.Upload(lists.Firsts),
            List = arrays.Upload(lists.List),
            Sums = arrays.Upload(sums),
            Width = width,
            Count = lists.Tokens.Length,
        };
        EmbeddingBackwardCuda.Run(device, parameters);
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; labels[row] >= 0 && i < width; i++)
                sums[(tokens[row] * width) + i] += gradients[(row * width) + i];
        }
        arrays.MustEqual<float>(parameters.Sums, sums, "sums");
    }

    static void Sum(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        float[] parts = Values.Random(new Random(rows + width), rows * width), totals = new float[width];
        var parameters = new RowSumsParameters
        {
            Parts = arrays.Upload(parts),
            Blocks = arrays.Output<float>(RowSumsCuda.Blocks(rows) * width),
            Totals = arrays.Output<float>(width),
            Rows = rows,
            Width = width,
        };
        foreach (int accumulate in new[] { 0, 1 })
        {
            RowSumsCuda.Run(device, parameters with { Accumulate = accumulate });
            for (int first = 0; first < rows; first += 64)
            {
                for (int i = 0; i < width; i++)
                {
                    float sum = 0;
                    for (int row = first; row < Math.Min(first + 64, rows); row++)
                        sum += parts[(row * width) + i];
                    totals[i] += sum;
                }
            }
            arrays.MustEqual<float>(parameters.Totals, totals, $"totals of {accumulate + 1}");
        }
    }

    static void Add(IKernelDevice device, int count)
    {
        using var arrays = new DeviceArrays(device);
        float[] x = Values.Random(new Random(count), count), y = Values.Random(new Random(count + 1), count);
        DevicePointer sum = arrays.Upload(x);
        VectorSumCuda.Run(device, new VectorSumParameters { X = sum, Y = arrays.Upload(y), Z = sum, Count = count });
        arrays.MustEqual<float>(sum, [.. x.Zip(y, (left, right) => left + right)], "sum");
    }

    static KernelCase Entropy(int rows, int vocabulary) => new(
        "CrossEntropy.cross_entropy", $"{rows} rows of {vocabulary}",
        device => Score(device, Values.Random(new Random(rows + vocabulary), rows * vocabulary), vocabulary));

    /// <summary>Weights of 0, a label of almost none, and a row whose largest logit is infinite.</summary>
    static KernelCase LargeLogits() => new(
        "CrossEntropy.cross_entropy", "large logits",
        device => Score(device, [0, -200, 90, -200, 90, 90, 0, 0, 0, float.PositiveInfinity, 1, 1, -0f, 0, 0, 0], 4));

    static unsafe void Score(IKernelDevice device, float[] logits, int vocabulary)
    {
        using var arrays = new DeviceArrays(device);
        int rows = logits.Length / vocabulary;
        using var sampler = new Sampler(vocabulary);
        int[] labels = [.. Enumerable.Range(0, rows).Select(row =>
            row % 3 == 1 ? -1 : ((row * 7) % vocabulary) | (row % 4 == 3 ? CrossEntropy.Unlikely : 0))];
        float[] factors = [.. Enumerable.Range(0, rows).Select(row => 0.3f / (row + 1))], expected = new float[rows];
        var parameters = new CrossEntropyParameters
        {
            Logits = arrays.Upload(logits),
            Labels = arrays.Upload(labels),
            LogProbabilities = arrays.Output<float>(rows),
            Vocabulary = vocabulary,
        };
        CrossEntropyCuda.Run(device, parameters, rows);
        arrays.MustEqual<float>(parameters.Logits, logits, "logits that are left alone");
        DevicePointer evaluated = parameters.LogProbabilities;
        parameters.LogProbabilities = arrays.Output<float>(rows);
        CrossEntropyCuda.Run(device, parameters with { Factors = arrays.Upload(factors) }, rows);
        fixed (float* values = logits)
        {
            for (int row = 0; row < rows; row++)
            {
                if (labels[row] < 0)
                    logits.AsSpan(row * vocabulary, vocabulary).Clear();
                else
                    expected[row] = CrossEntropy.Run(values + (row * vocabulary), vocabulary, labels[row], factors[row], sampler);
            }
        }
        MustAgree(arrays, evaluated, expected, "evaluated log-probabilities");
        MustAgree(arrays, parameters.LogProbabilities, expected, "log-probabilities");
        MustAgree(arrays, parameters.Logits, logits, "gradients");
    }

    /// <summary>Bits, of which those of NaN may be others.</summary>
    static void MustAgree(DeviceArrays arrays, DevicePointer actual, float[] expected, string what)
    {
        float[] values = arrays.Download<float>(actual, expected.Length);
        for (int i = 0; i < values.Length; i++)
        {
            bool agree = float.IsNaN(expected[i])
                ? float.IsNaN(values[i])
                : BitConverter.SingleToInt32Bits(values[i]) == BitConverter.SingleToInt32Bits(expected[i]);
            if (!agree)
                throw new KernelMismatchException($"{what}[{i}] is {values[i]:R}, and on the CPU {expected[i]:R}");
        }
    }
}
