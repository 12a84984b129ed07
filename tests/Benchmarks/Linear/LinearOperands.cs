using Harness.Kernels.Cpu;

namespace Harness.Benchmarks.Linear;

/// <summary>Weights and activations of mixed signs and sizes, the same in every run.</summary>
static unsafe class LinearOperands
{
    public static void Fill(int firstRow, Span<float> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            rows[i] = (firstRow + i) * 37 % 251 - 125;
    }

    public static NativeBuffer<float> Activations(int rows, int inputs)
    {
        NativeBuffer<float> x = new((long)rows * inputs);
        for (long i = 0; i < x.Length; i++)
            x.Data[i] = (i * 53 % 241 - 120) * 0.37f;
        return x;
    }
}
