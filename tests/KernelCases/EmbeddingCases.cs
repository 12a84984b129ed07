using Harness.Kernels.Driver;
using Harness.Kernels.Embedding;

namespace KernelCases;

/// <summary>Embedding.cu against a copy of rows.</summary>
public static class EmbeddingCases
{
    const int Vocabulary = 7;

    public static IEnumerable<KernelCase> All()
    {
        foreach ((int rows, int width) in new[] { (1, 1), (5, 64), (9, 130), (3, 576) })
            yield return new KernelCase("Embedding.embedding", $"{rows} rows of {width}", device => Run(device, rows, width));
    }

    static void Run(IKernelDevice device, int rows, int width)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(width);
        float[] table = Values.Random(random, Vocabulary * width);
        int[] tokens = [.. Enumerable.Range(0, rows).Select(_ => random.Next(Vocabulary))];
        int[] positions = [.. Enumerable.Range(0, rows).Select(row => row % 3 == 1 ? -1 : row)];
        float[] expected = Poisoned.Array<float>(rows * width);
        for (int row = 0; row < rows; row++)
        {
            if (positions[row] >= 0)
                table.AsSpan(tokens[row] * width, width).CopyTo(expected.AsSpan(row * width));
        }
        var parameters = new EmbeddingParameters
        {
            Table = arrays.Upload(table),
            Tokens = arrays.Upload(tokens),
            Positions = arrays.Upload(positions),
            Residual = arrays.Output<float>(rows * width),
            Width = width,
            Rows = rows,
        };
        EmbeddingCuda.Run(device, parameters);
        arrays.MustEqual<float>(parameters.Residual, expected, "residual");
    }
}
