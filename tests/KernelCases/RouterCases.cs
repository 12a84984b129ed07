using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.Routing;

namespace KernelCases;

/// <summary>Router.cu against <see cref="RouterCpu"/>, <see cref="ExpertOrder"/> and <see cref="ExpertMix"/>.</summary>
public static class RouterCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach ((int rows, int count, int active, int shared, int width) in new[]
        {
            (1, 1, 1, 0, 1), (1, 8, 2, 0, 64), (5, 8, 2, 0, 130), (9, 37, 5, 40, 70), (70, 5, 3, 9, 129), (3, 1024, 40, 0, 8),
            (33, 64, 8, 16, 16), (2, 33, 33, 1, 5),
        })
        {
            foreach (bool normalised in new[] { true, false })
                yield return Case(
                    rows,
                    new ExpertShape { Count = count, Active = active, Normalised = normalised, SharedFeedForward = shared },
                    width,
                    ties: false);
        }
        foreach ((int count, int active) in new[] { (8, 3), (70, 6) })
            yield return Case(7, new ExpertShape { Count = count, Active = active, Normalised = true }, 20, ties: true);
    }

    /// <summary>Experts of any number.</summary>
    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (bool ties in new[] { true, false })
        {
            int count = random.Next(1, 200);
            yield return Case(
                random.Next(1, 90),
                new ExpertShape
                {
                    Count = count,
                    Active = random.Next(1, Math.Min(count, 40) + 1),
                    Normalised = random.Next(2) == 0,
                    SharedFeedForward = random.Next(2),
                },
                random.Next(1, 300),
                ties);
        }
    }

    static KernelCase Case(int rows, ExpertShape shape, int width, bool ties)
    {
        string what = $"{rows} rows, {shape.Active} of {shape.Count} experts{(shape.Normalised ? ", normalised" : "")}"
            + $"{(shape.HasShared ? ", a shared one" : "")}, width {width}{(ties ? ", ties" : "")}";
        return new KernelCase("Router.route_experts", what, device => Run(device, rows, shape, width, ties));
    }

    static unsafe void Run(IKernelDevice device, int rows, ExpertShape shape, int width, bool ties)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((rows * 31) + shape.Count + width);
        int places = rows * shape.Active;
        // Of many rows each third is skipped.
        int[] positions = [.. Enumerable.Range(0, rows).Select(row => rows > 2 && row % 3 == 1 ? -1 : row)];
        float[] logits = [.. Enumerable.Range(0, rows * shape.RouterOutputs).Select(_ => Logit(random, ties))];
        float[] outputs = Values.Random(random, places * width), shared = Values.Random(random, rows * width);
        float[] residual = Values.Random(random, rows * width);
        var parameters = new RouterParameters
        {
            Logits = arrays.Upload(logits),
            Positions = arrays.Upload(positions),
            Experts = arrays.Output<int>(places),
            Factors = arrays.Output<float>(places),
            Starts = arrays.Output<int>(shape.Count + 1),
            Places = arrays.Output<int>(places),
            RowOf = arrays.Output<int>(places),
            Outputs = arrays.Upload(outputs),
            Shared = shape.HasShared ? arrays.Upload(shared) : default,
            Residual = arrays.Upload(residual),
            Rows = rows,
            Width = width,
        };
        parameters.Before = parameters.Residual;
        RouterParameters elsewhere = parameters with { Residual = arrays.Output<float>(rows * width) };
        RouterCuda.Route(device, parameters, shape);
        RouterCuda.Mix(device, elsewhere, shape);
        RouterCuda.Mix(device, parameters, shape);
        using var order = new ExpertOrder(rows, shape);
        fixed (float* l = logits, o = outputs, s = shared, r = residual)
        {
            for (int row = 0; row < rows; row++)
            {
                if (positions[row] < 0)
                    order.LeaveOut(row);
                else
                    order.Route(row, l + (row * shape.RouterOutputs));
            }
            var starts = new int[shape.Count + 1];
            order.Group(0, rows, starts);
            arrays.MustEqual<int>(parameters.Starts, starts, "starts");
            int[] skipped = [.. Enumerable.Range(0, rows).Where(row => positions[row] < 0)];
            arrays.MustEqual<int>(
                parameters.RowOf,
                [
                    .. Enumerable.Range(0, starts[^1]).Select(order.RowAt),
                    .. skipped.SelectMany(row => Enumerable.Repeat(row, shape.Active)),
                ],
                "rows");
            var sum = new float[width];
            for (int row = 0; row < rows; row++)
            {
                if (positions[row] < 0)
                    continue;
                int active = shape.Active, first = row * active * sizeof(int);
                arrays.MustEqual(parameters.Experts + first, new ReadOnlySpan<int>(order.Experts(row), active), $"experts of {row}");
                arrays.MustEqual(parameters.Factors + first, new ReadOnlySpan<float>(order.Factors(row), active), $"factors of {row}");
                arrays.MustEqual(parameters.Places + first, new ReadOnlySpan<int>(order.Places(row), active), $"places of {row}");
                Array.Clear(sum);
                fixed (float* y = sum)
                {
                    for (int i = 0; i < shape.Active; i++)
                        ExpertMix.Add(order.Factors(row)[i], o + (order.Places(row)[i] * width), width, y);
                    if (shape.HasShared)
                        ExpertMix.Add(
                            RouterCpu.SharedFactor(l[(row * shape.RouterOutputs) + shape.Count]), s + (row * width), width, y);
                }
                for (int i = 0; i < width; i++)
                    r[(row * width) + i] += sum[i];
            }
        }
        arrays.MustEqual<float>(parameters.Residual, residual, "residual");
        arrays.MustEqual<float>(elsewhere.Residual, residual, "the sum elsewhere");
    }

    static float Logit(Random random, bool ties) => ties
        ? random.Next(4) switch { 0 => -0f, 1 => 0f, 2 => 1.5f, _ => -1.5f }
        : (random.NextSingle() - 0.5f) * (random.Next(9) == 0 ? 200 : 8);
}
