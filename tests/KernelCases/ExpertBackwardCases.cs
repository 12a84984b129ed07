using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Routing;
using Harness.Kernels.Training;

namespace KernelCases;

/// <summary>
/// RouterBackward.cu, SequenceBalance.cu and ExpertMixBackward.cu against <see cref="RouterBackward"/>, <see cref="SequenceBalance"/> and
/// what <see cref="ExpertPass"/> does with the rows of its experts.
/// </summary>
public static class ExpertBackwardCases
{
    const double Coefficient = 0.37;
    const long BatchTokens = 1234;

    public static IEnumerable<KernelCase> All()
    {
        foreach ((int sequences, int rows, int count, int active, int width) in new[]
        {
            (1, 1, 1, 1, 3), (1, 5, 8, 2, 64), (3, 7, 5, 2, 130), (2, 9, 37, 5, 33), (2, 3, 1024, 40, 1), (4, 20, 70, 3, 129),
            (1, 2, 33, 33, 40),
        })
        {
            foreach (bool normalised in new[] { true, false })
            {
                foreach (KernelCase one in Of(sequences, rows, new() { Count = count, Active = active, Normalised = normalised }, width))
                    yield return one;
            }
        }
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        int count = random.Next(1, 200);
        var shape = new ExpertShape
        {
            Count = count,
            Active = random.Next(1, Math.Min(count, 40) + 1),
            Normalised = random.Next(2) == 0,
        };
        return Of(random.Next(1, 9), random.Next(1, 90), shape, random.Next(1, 300));
    }

    static IEnumerable<KernelCase> Of(int sequences, int rowsPerSequence, ExpertShape shape, int width)
    {
        string what = $"{sequences} sequences of {rowsPerSequence} rows, {shape.Active} of {shape.Count} experts"
            + $"{(shape.Normalised ? ", normalised" : "")}";
        yield return new("RouterBackward.router_backward", what, device => Route(device, sequences, rowsPerSequence, shape));
        yield return new("SequenceBalance.balance_sums", what, device => Route(device, sequences, rowsPerSequence, shape));
        yield return new(
            "ExpertMixBackward.mix_backward", $"{what}, width {width}", device => Mix(device, sequences * rowsPerSequence, shape, width));
    }

    /// <summary>Counts and gradients of balance, the router's gradients by them, then the losses.</summary>
    static unsafe void Route(IKernelDevice device, int sequences, int rowsPerSequence, ExpertShape shape)
    {
        using var arrays = new DeviceArrays(device);
        int rows = sequences * rowsPerSequence;
        using Routed routed = new(arrays, rows, shape);
        var random = new Random(rows + shape.Count);
        float[] ofFactors = Values.Random(random, rows * shape.Active), logits = [.. routed.Logits];
        double[] sums = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())];
        var balance = new SequenceBalanceParameters
        {
            Experts = routed.Device.Experts,
            Probabilities = arrays.Output<float>(rows * shape.Count),
            Chosen = arrays.Output<int>(sequences * shape.Count),
            Gradients = arrays.Output<float>(sequences * shape.Count),
            Sums = arrays.Upload(sums),
            BatchTokens = BatchTokens,
            RowsPerSequence = rowsPerSequence,
        };
        var router = new RouterBackwardParameters
        {
            Logits = routed.Device.Logits,
            Experts = routed.Device.Experts,
            FactorGradients = arrays.Upload(ofFactors),
            ProbabilityGradients = balance.Gradients,
            Probabilities = balance.Probabilities,
            Rows = rows,
            RowsPerSequence = rowsPerSequence,
        };
        SequenceBalanceCuda.Gradients(device, balance, sequences, shape, Coefficient);
        RouterBackwardCuda.Run(device, router, shape);
        SequenceBalanceCuda.Sums(device, balance, sequences, shape);
        float[] probabilities = Poisoned.Array<float>(rows * shape.Count);
        var expected = new SequenceBalance(shape);
        for (int sequence = 0; sequence < sequences; sequence++)
        {
            int first = sequence * rowsPerSequence;
            int[] present = [.. Enumerable.Range(first, rowsPerSequence).Where(row => routed.Positions[row] >= 0)];
            expected.Clear();
            foreach (int row in present)
                expected.Count(new ReadOnlySpan<int>(routed.Order.Experts(row), shape.Active));
            expected.SetGradients(Coefficient, BatchTokens);
            arrays.MustEqual<float>(
                balance.Gradients + (sizeof(float) * (long)sequence * shape.Count), expected.Gradients, $"gradients of {sequence}");
            for (int row = first; row < first + rowsPerSequence; row++)
            {
                Span<float> own = logits.AsSpan(row * shape.Count, shape.Count), all = probabilities.AsSpan(row * shape.Count, shape.Count);
                if (routed.Positions[row] < 0)
                {
                    own.Clear();
                    continue;
                }
                fixed (float* l = own, gradients = expected.Gradients)
                    RouterBackward.Run(
                        l, shape, routed.Order.Experts(row), ofFactors.AsSpan(row * shape.Active, shape.Active), gradients, all);
                expected.Add(all);
            }
            sums[first] += expected.Sum();
        }
        arrays.MustEqual<float>(router.Logits, logits, "gradients of logits");
        arrays.MustEqual<float>(router.Probabilities, probabilities, "probabilities");
        arrays.MustEqual<double>(balance.Sums, sums, "sums");
    }

    /// <summary>Rows gathered; gradients of factors, and what they multiply; sums over a row's places.</summary>
    static unsafe void Mix(IKernelDevice device, int rows, ExpertShape shape, int width)
    {
        using var arrays = new DeviceArrays(device);
        using Routed routed = new(arrays, rows, shape);
        ExpertOrder order = routed.Order;
        var random = new Random(rows + width);
        int entries = rows * shape.Active;
        float[] x = Values.Random(random, rows * width), gathered = new float[routed.Places * width];
        float[] z = Values.Random(random, entries * width), activated = Values.Random(random, entries * width);
        float[] outputs = Values.Random(random, entries * width), sums = new float[rows * width];
        float[] factorGradients = Poisoned.Array<float>(entries);
        var parameters = new ExpertMixBackwardParameters
        {
            Experts = routed.Device.Experts,
            Factors = routed.Device.Factors,
            Places = routed.Device.Places,
            RowOf = routed.Device.RowOf,
            X = arrays.Upload(x),
            Y = arrays.Output<float>(gathered.Length),
            Z = arrays.Upload(z),
            Activated = arrays.Upload(activated),
            FactorGradients = arrays.Output<float>(entries),
            Rows = rows,
            Width = width,
        };
        ExpertMixBackwardParameters summed = parameters with { X = arrays.Upload(outputs), Y = arrays.Output<float>(sums.Length) };
        ExpertMixBackwardCuda.Gather(device, parameters, routed.Places);
        ExpertMixBackwardCuda.Factors(device, parameters, shape);
        ExpertMixBackwardCuda.Sum(device, summed, shape);
        fixed (float* left = z, right = activated)
        {
            for (int place = 0; place < routed.Places; place++)
            {
                x.AsSpan(order.RowAt(place) * width, width).CopyTo(gathered.AsSpan(place * width, width));
                float* own = left + (place * width), other = right + (place * width);
                factorGradients[order.SlotAt(place)] = LaneReduction.SumOfProducts(own, other, width);
                VectorScale.Run(own, order.FactorAt(place), width);
                VectorScale.Run(other, order.FactorAt(place), width);
                for (int i = 0; i < width; i++)
                    sums[(order.RowAt(place) * width) + i] += outputs[(place * width) + i];
            }
        }
        arrays.MustEqual<float>(parameters.Y, gathered, "gathered rows");
        arrays.MustEqual<float>(parameters.FactorGradients, factorGradients, "gradients of factors");
        arrays.MustEqual<float>(parameters.Z, z, "z");
        arrays.MustEqual<float>(parameters.Activated, activated, "activations");
        arrays.MustEqual<float>(summed.Y, sums, "sums");
    }

    /// <summary>Rows that a device and the CPU have routed; of several each third is padding.</summary>
    sealed unsafe class Routed : IDisposable
    {
        public Routed(DeviceArrays arrays, int rows, ExpertShape shape)
        {
            var random = new Random((rows * 31) + shape.Count);
            Positions = [.. Enumerable.Range(0, rows).Select(row => rows > 2 && row % 3 == 2 ? -1 : row)];
            Logits = [.. Enumerable.Range(0, rows * shape.Count).Select(_ => (random.NextSingle() - 0.5f) * 8)];
            Order = new ExpertOrder(rows, shape);
            fixed (float* l = Logits)
            {
                for (int row = 0; row < rows; row++)
                {
                    if (Positions[row] < 0)
                        Order.LeaveOut(row);
                    else
                        Order.Route(row, l + (row * shape.Count));
                }
            }
            int[] starts = new int[shape.Count + 1];
            Order.Group(0, rows, starts);
            Places = starts[^1];
            int entries = rows * shape.Active;
            Device = new RouterParameters
            {
                Logits = arrays.Upload(Logits),
                Positions = arrays.Upload(Positions),
                Experts = arrays.Output<int>(entries),
                Factors = arrays.Output<float>(entries),
                Starts = arrays.Output<int>(shape.Count + 1),
                Places = arrays.Output<int>(entries),
                RowOf = arrays.Output<int>(entries),
                Rows = rows,
            };
            RouterCuda.Route(arrays.Device, Device, shape);
        }

        public int[] Positions { get; }

        public float[] Logits { get; }

        public ExpertOrder Order { get; }

        /// <summary>Places that rows take.</summary>
        public int Places { get; }

        public RouterParameters Device { get; }

        public void Dispose() => Order.Dispose();
    }
}
