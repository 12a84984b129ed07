using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Routing;

namespace KernelCases;

/// <summary>Router.cu against <see cref="RouterCpu"/> and the mix's definition.</summary>
public static class RouterCases
{
    const string Router = "Router.expert_router", Mix = "Router.expert_mix";

    public static IEnumerable<KernelCase> All()
    {
        foreach ((int rows, int count, int active) in new[] { (1, 2, 1), (5, 8, 2), (7, 37, 5), (3, 130, 130), (9, 32, 3) })
        {
            foreach (bool normalised in new[] { true, false })
            {
                ExpertShape shape = new()
                    { Count = count, Active = active, Normalised = normalised, SharedFeedForward = rows % 2 == 0 ? 0 : 8 };
                yield return Routed($"{rows} rows, {active} of {count}{(normalised ? ", normalised" : "")}", rows, shape,
                    Values.Random(new Random(rows + count), rows * shape.RouterOutputs));
            }
        }
        ExpertShape of = new() { Count = 40, Active = 4, Normalised = true, SharedFeedForward = 1 };
        yield return Routed("ties", 6, of, [.. Enumerable.Range(0, 6 * 41).Select(i => (float)(i % 41 * 7 % (i / 41 + 1)))]);
        yield return Routed("large logits", 2, of, [.. Enumerable.Range(0, 2 * 41).Select(i => i % 3 == 0 ? 3e38f : -3e38f)]);
        foreach ((int rows, int width) in new[] { (1, 1), (3, 130), (6, 128) })
            yield return Mixed(rows, width);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        int rows = random.Next(1, 40), count = random.Next(1, 200);
        ExpertShape shape = new()
        {
            Count = count,
            Active = random.Next(1, count + 1),
            Normalised = random.Next(2) == 0,
            SharedFeedForward = random.Next(2),
        };
        // Few values, so that there are ties.
        float[] logits = [.. Enumerable.Range(0, rows * shape.RouterOutputs).Select(_ => random.Next(-9, 9) / 4f)];
        yield return Routed($"{rows} rows, {shape}", rows, shape, logits);
    }

    static KernelCase Routed(string name, int rows, ExpertShape shape, float[] logits) => new(Router, name, device =>
    {
        using var arrays = new DeviceArrays(device);
        int[] positions = [.. Enumerable.Range(0, rows).Select(row => row % 4 == 2 ? -1 : row)];
        var chosen = new int[shape.Count * rows];
        var factors = new float[rows * shape.RouterOutputs];
        Array.Fill(chosen, -1);
        Route(rows, shape, logits, positions, chosen, factors);
        var parameters = new RouterParameters
        {
            Logits = arrays.Upload(logits),
            Positions = arrays.Upload(positions),
            Chosen = arrays.Upload(Enumerable.Repeat(7, chosen.Length).ToArray()),
            Factors = arrays.Upload(new float[factors.Length]),
            Rows = rows,
            Count = shape.Count,
            Active = shape.Active,
            Normalised = shape.Normalised ? 1 : 0,
            Shared = shape.HasShared ? 1 : 0,
        };
        RouterCuda.Route(device, parameters);
        arrays.MustEqual<int>(parameters.Chosen, chosen, "chosen");
        arrays.MustEqual<float>(parameters.Factors, factors, "factors");
    });

    static unsafe void Route(int rows, ExpertShape shape, float[] logits, int[] positions, int[] chosen, float[] factors)
    {
        var experts = new int[shape.Active];
        var own = new float[shape.Active];
        fixed (float* values = logits, weights = own)
        fixed (int* passed = experts)
        {
            for (int row = 0; row < rows; row++)
            {
                if (positions[row] < 0)
                    continue;
                RouterCpu.Run(values + (row * shape.RouterOutputs), shape, passed, weights);
                for (int i = 0; i < shape.Active; i++)
                {
                    chosen[(experts[i] * rows) + row] = 0;
                    factors[(row * shape.RouterOutputs) + experts[i]] = own[i];
                }
                if (shape.HasShared)
                    factors[(row * shape.RouterOutputs) + shape.Count] =
                        RouterCpu.SharedFactor(logits[(row * shape.RouterOutputs) + shape.Count]);
            }
        }
    }

    /// <summary>A first expert, one that some rows pass, and a last one that all do.</summary>
    static KernelCase Mixed(int rows, int width) => new(Mix, $"{rows} rows of {width}", device =>
    {
        using var arrays = new DeviceArrays(device);
        Random random = new(rows + width);
        int[] positions = [.. Enumerable.Range(0, rows).Select(row => row % 3 == 1 ? -1 : row)];
        float[] factors = Values.Random(random, rows * 3), residual = Values.Random(random, rows * width);
        float[][] outputs = [.. Enumerable.Range(0, 3).Select(_ => Values.Random(random, rows * width))];
        int[][] chosen =
        [
            [.. Enumerable.Range(0, rows).Select(row => row % 2 - 1)], [.. Enumerable.Range(0, rows).Select(row => -(row % 2))],
        ];
        var parameters = new ExpertMixParameters
        {
            Positions = arrays.Upload(positions),
            Y = arrays.Upload(Values.Random(random, rows * width)),
            Stride = 3,
            Width = width,
            Rows = rows,
        };
        DevicePointer added = arrays.Upload(residual), weights = arrays.Upload(factors);
        for (int expert = 0; expert < 3; expert++)
        {
            RouterCuda.Mix(device, parameters with
            {
                X = arrays.Upload(outputs[expert]),
                Factors = weights + (sizeof(float) * expert),
                Chosen = expert < 2 ? arrays.Upload(chosen[expert]) : default,
                Residual = expert == 2 ? added : default,
                First = expert == 0 ? 1 : 0,
            });
        }
        float[] expected = [.. residual];
        for (int i = 0; i < expected.Length; i++)
        {
            int row = i / width;
            if (positions[row] < 0)
                continue;
            float sum = 0;
            for (int expert = 0; expert < 3; expert++)
            {
                if (expert == 2 || chosen[expert][row] >= 0)
                    sum = MathF.FusedMultiplyAdd(factors[(row * 3) + expert], outputs[expert][i], sum);
            }
            expected[i] += sum;
        }
        arrays.MustEqual<float>(added, expected, "residual");
    });
}
