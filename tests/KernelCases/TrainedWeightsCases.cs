using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using Harness.Kernels.Training;
using Harness.Kernels.Training.Device;

namespace KernelCases;

/// <summary>What is done to all weights together, GradientNorm.cu and AdamW.cu, against the CPU's forms.</summary>
public static class TrainedWeightsCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach ((string name, ModelConfig config) in new[]
        {
            ("tied", TrainingCases.Tied), ("untied", TrainingCases.Untied), ("wide", TrainingCases.Untied with { Width = 300 }),
        })
        {
            yield return new("GradientNorm.gradient_norm", $"{name}, d {config.Width}", device => Norm(device, config));
            yield return new("AdamW.adam_w", $"{name}, d {config.Width}", device => Update(device, config));
        }
    }

    static void Norm(IKernelDevice device, ModelConfig config)
    {
        using TrainedWeights weights = Create(config);
        using DeviceWeights onDevice = Upload(device, weights);
        float[] sums = onDevice.SumsOfSquares();
        foreach ((int i, ParameterTensor tensor) in weights.Tensors.Index())
            MustEqual(sums[i], GradientNorm.SumOfSquares(tensor), tensor.Name);
    }

    static void Update(IKernelDevice device, ModelConfig config)
    {
        using TrainedWeights weights = Create(config), expected = Create(config);
        using DeviceWeights onDevice = Upload(device, weights);
        var settings = new AdamWSettings();
        for (int step = 1; step <= 2; step++)
        {
            // The first is clipped.
            float norm = step == 1 ? 7 : 0.5f;
            onDevice.Update(new AdamWFactors(settings, step, 1e-2, norm));
            var update = new AdamW(settings, step, 1e-2, norm);
            foreach (ParameterTensor tensor in expected.Tensors)
                update.Update(tensor, 0, tensor.Rows);
        }
        onDevice.DownloadWeights();
        onDevice.DownloadMoments();
        foreach ((TrainedMatrix actual, TrainedMatrix wanted) in weights.Matrices.Zip(expected.Matrices))
        {
            MustEqual(actual.FirstMoment, wanted.FirstMoment, "first moment");
            MustEqual(actual.SecondMoment, wanted.SecondMoment, "second moment");
            MustEqual(actual.Weights, wanted.Weights, "weights");
        }
    }

    /// <summary>Weights, gradients and moments, the same each time.</summary>
    static TrainedWeights Create(ModelConfig config)
    {
        var random = new Random(config.Width);
        var weights = new TrainedWeights(config);
        foreach (TrainedMatrix matrix in weights.Matrices)
        {
            for (int row = 0; row < matrix.Outputs; row++)
            {
                Values.Random(random, matrix.Inputs).CopyTo(matrix.Weights.RowSpan(row));
                Values.Random(random, matrix.Inputs).CopyTo(matrix.Gradient.RowSpan(row));
                Values.Random(random, matrix.Inputs).CopyTo(matrix.FirstMoment.RowSpan(row));
                foreach ((int i, float value) in Values.Random(random, matrix.Inputs).Index())
                    matrix.SecondMoment.RowSpan(row)[i] = value * value;
            }
        }
        return weights;
    }

    static DeviceWeights Upload(IKernelDevice device, TrainedWeights weights)
    {
        var onDevice = new DeviceWeights(device, weights, 1);
        onDevice.Upload();
        foreach (TrainedMatrix matrix in weights.Matrices)
        {
            for (int row = 0; row < matrix.Outputs; row++)
                device.CopyToDevice(
                    onDevice.Gradient(matrix, 0) + (sizeof(float) * (long)row * matrix.Inputs),
                    MemoryMarshal.AsBytes(matrix.Gradient.RowSpan(row)));
        }
        return onDevice;
    }

    static void MustEqual(RowBuffer actual, RowBuffer expected, string what)
    {
        for (int row = 0; row < expected.Rows; row++)
        {
            for (int i = 0; i < expected.Columns; i++)
                MustEqual(actual.RowSpan(row)[i], expected.RowSpan(row)[i], $"{what} [{row}, {i}]");
        }
    }

    static void MustEqual(float actual, float expected, string what)
    {
        if (BitConverter.SingleToInt32Bits(actual) != BitConverter.SingleToInt32Bits(expected))
            throw new KernelMismatchException($"{what} is {actual:R}, and on the CPU {expected:R}");
    }
}
