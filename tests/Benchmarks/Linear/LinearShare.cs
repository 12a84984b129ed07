using System.Diagnostics;
using Harness.Kernels.Ceiling;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Benchmarks.Linear;

/// <summary>
/// The linears' share of this machine's ceiling on one core: short turns of each shape and of the peak kernel, one after the
/// other, the best of each, so that a machine shared with others gives the same ratio:
/// `dotnet run --project tests/Benchmarks -- linear-share [avx512|avx2|...]`.
/// </summary>
static unsafe class LinearShare
{
    const int Turns = 60;
    static readonly TimeSpan turn = TimeSpan.FromMilliseconds(2), peakTurn = TimeSpan.FromMilliseconds(5);

    static readonly (int Rows, int Inputs, int Outputs)[] shapes =
    [
        (64, 576, 576), (64, 576, 1536), (64, 1536, 576), (64, 576, 49152), (512, 576, 1536), (512, 1536, 576),
        (256, 96, 96), (256, 96, 256), (256, 256, 96), (8, 576, 1536), (4, 576, 1536), (1, 576, 1536), (1, 576, 49152),
    ];

    public static void Print(string? isaName)
    {
        InstructionSet isa = InstructionSets.Choose(isaName, Precision.W8A8);
        Console.WriteLine($"{isa}; GOP/s, ceiling GOP/s, share, GB/s of weights; one core, the best of {Turns} turns");
        foreach ((int rows, int inputs, int outputs) in shapes)
            PrintInt8(isa, rows, inputs, outputs);
        foreach ((int rows, int inputs, int outputs) in shapes)
            PrintF32(isa, rows, inputs, outputs);
    }

    static void PrintInt8(InstructionSet isa, int rows, int inputs, int outputs)
    {
        using Int8Matrix matrix = Int8Matrix.Quantize(outputs, inputs, LinearOperands.Fill, isa);
        using QuantizedRows quantized = new(rows, inputs, isa);
        using NativeBuffer<float> x = LinearOperands.Activations(rows, inputs), y = new((long)rows * outputs);
        quantized.Quantize(x.Data, 0, rows, inputs);
        Print("int8", rows, inputs, outputs, sizeof(sbyte), () => PeakInt8.Measure(isa, 1, peakTurn),
            () => LinearInt8.Run(quantized, 0, rows, matrix, 0, outputs, y.Data, outputs));
        double quantising = Enumerable.Range(0, Turns).Max(_ => Rate(() => quantized.Quantize(x.Data, 0, rows, inputs)));
        Console.WriteLine($"      quantising {rows * inputs * quantising / 1e9:F2} G values/s");
    }

    static void PrintF32(InstructionSet isa, int rows, int inputs, int outputs)
    {
        using F32Matrix matrix = F32Matrix.Pack(outputs, inputs, LinearOperands.Fill, isa);
        using NativeBuffer<float> x = LinearOperands.Activations(rows, inputs), y = new((long)rows * outputs);
        Print("f32", rows, inputs, outputs, sizeof(float), () => PeakF32.Measure(isa, 1, peakTurn),
            () => LinearF32.Run(x.Data, inputs, 0, rows, matrix, 0, outputs, y.Data, outputs));
    }

    static void Print(string kind, int rows, int inputs, int outputs, int weightBytes, Func<double> peak, Action run)
    {
        double operations = 2.0 * rows * inputs * outputs;
        double rate = 0, ceiling = 0;
        for (int i = 0; i < Turns; i++)
        {
            ceiling = Math.Max(ceiling, peak());
            rate = Math.Max(rate, operations * Rate(run));
        }
        double bandwidth = rate / 2 / rows * weightBytes;
        Console.WriteLine($"{kind,-5} {rows,4} x {inputs,5} -> {outputs,6}  "
            + $"{rate / 1e9,7:F1} {ceiling / 1e9,7:F1} {rate / ceiling,7:P1} {bandwidth / 1e9,7:F1}");
    }

    static double Rate(Action run)
    {
        Stopwatch clock = Stopwatch.StartNew();
        int runs = 0;
        do
        {
            run();
            runs++;
        }
        while (clock.Elapsed < turn);
        return runs / clock.Elapsed.TotalSeconds;
    }
}
