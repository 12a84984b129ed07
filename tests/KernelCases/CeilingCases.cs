using Harness.Kernels.Ceiling;
using Harness.Kernels.Driver;

namespace KernelCases;

/// <summary>Ceiling.cu: that it computes all that its rates count.</summary>
public static class CeilingCases
{
    const int Lanes = 32;

    public static IEnumerable<KernelCase> All()
    {
        foreach (int pieces in new[] { 1, 255, 257, 2600 })
            yield return new KernelCase("Ceiling.ceiling_copy", $"{pieces} pieces of 16 bytes", device => Copy(device, pieces));
        yield return new KernelCase("Ceiling.ceiling_mma", "2 steps", device => Arithmetic(device, CeilingCuda.RunMma, Mma));
        yield return new KernelCase("Ceiling.ceiling_mma_bf16", "2 steps", device => Arithmetic(device, CeilingCuda.RunMmaBf16, MmaBf16));
        yield return new KernelCase("Ceiling.ceiling_dp4a", "2 steps", device => Arithmetic(device, CeilingCuda.RunDp4a, Dp4a));
        yield return new KernelCase("Ceiling.ceiling_fma", "2 steps", device => Arithmetic(device, CeilingCuda.RunFma, Fma));
        yield return new KernelCase("Ceiling", "rates", Rates);
    }

    delegate void Launcher(IKernelDevice device, in CeilingParameters parameters, int blocks);

    static void Copy(IKernelDevice device, int pieces)
    {
        using var arrays = new DeviceArrays(device);
        int[] values = [.. Enumerable.Range(1, pieces * 4)];
        var parameters = new CeilingParameters { From = arrays.Upload(values), To = arrays.Output<int>(values.Length), Count = pieces };
        CeilingCuda.RunCopy(device, parameters, 2);
        arrays.MustEqual<int>(parameters.To, values, "copy");
    }

    static void Arithmetic(IKernelDevice device, Launcher launch, Func<int, int, int> expected)
    {
        const int steps = 2, blocks = 2;
        using var arrays = new DeviceArrays(device);
        int threads = blocks * CeilingCuda.Threads;
        var parameters = new CeilingParameters { To = arrays.Output<int>(threads), Steps = steps };
        launch(device, parameters, blocks);
        arrays.MustEqual<int>(
            parameters.To,
            [.. Enumerable.Range(0, threads)
                .Select(thread => expected(thread % Lanes, steps * CeilingCuda.StepInstructions / CeilingCuda.Accumulators))],
            "results");
    }

    static void Rates(IKernelDevice device)
    {
        DeviceCeilings rates = DeviceCeilings.Measure(device, new CeilingEffort(4096, 1, 1, 1, 1, 1));
        foreach (double rate in new[]
        {
            rates.CopyBytes, rates.Int8TensorMultiplyAdds, rates.Int8DotMultiplyAdds, rates.SingleMultiplyAdds,
            rates.Bf16TensorMultiplyAdds,
        })
        {
            if (!(rate > 0))
                throw new KernelMismatchException($"a rate is {rate}: {rates}");
        }
    }

    // The fragments that the instruction's documentation gives each lane.
    static int Mma(int lane, int steps)
    {
        int[] weights = [1, 3, 5, 7];
        int total = 0;
        for (int i = 0; i < CeilingCuda.Accumulators; i++)
        {
            int sum = 0;
            for (int c = 0; c < weights.Length; c++)
                sum += weights[c] * steps * Product((lane / 4) + (c / 2 * 8), (lane % 4 * 2) + (c % 2), i);
            total ^= sum;
        }
        return total;
    }

    static int Product(int row, int column, int i)
    {
        int sum = 0;
        for (int k = 0; k < 32; k++)
        {
            int aLane = (row % 8 * 4) + (k % 16 / 4), bLane = (column * 4) + (k % 16 / 4);
            int a = ((row / 8) + (k / 16 * 2)) switch
            {
                0 => aLane * 0x01010101,
                1 => aLane ^ 0x11223344,
                2 => aLane * 0x00010001,
                _ =>
                ~aLane
            };
            int b = k < 16 ? bLane + i : bLane - i;
            sum += Byte(a, k % 4) * Byte(b, k % 4);
        }
        return sum;
    }

    // All values are small integers, whose sums float32 holds.
    static int MmaBf16(int lane, int steps)
    {
        int[] weights = [1, 3, 5, 7];
        int total = 0;
        for (int i = 0; i < CeilingCuda.Accumulators; i++)
        {
            for (int c = 0; c < weights.Length; c++)
            {
                int half = c / 2, sum = 0;
                for (int k = 0; k < 16; k++)
                {
                    int t = k % 8 / 2;
                    (int first, int second) = (half + (k / 8 * 2)) switch { 0 => (t, 1), 1 => (1, t), 2 => (2, t), _ => (t, 3) };
                    sum += k % 2 == 0 ? first * t : second * i;
                }
                total += weights[c] * steps * sum;
            }
        }
        return BitConverter.SingleToInt32Bits(total);
    }

    static int Dp4a(int lane, int steps)
    {
        int total = 0;
        for (int i = 0; i < CeilingCuda.Accumulators; i++)
            total ^= steps * Enumerable.Range(0, 4).Sum(j => Byte(lane * 0x01010101, j) * Byte(lane + i, j));
        return total;
    }

    static int Fma(int lane, int steps)
    {
        float total = 0;
        for (int i = 0; i < CeilingCuda.Accumulators; i++)
        {
            float sum = i;
            for (int step = 0; step < steps; step++)
                sum = MathF.FusedMultiplyAdd(sum, 1f + (lane * MathF.ScaleB(1, -23)), MathF.ScaleB(1, -20));
            total += sum;
        }
        return BitConverter.SingleToInt32Bits(total);
    }

    static int Byte(int value, int index) => (sbyte)(value >> (8 * index));
}
