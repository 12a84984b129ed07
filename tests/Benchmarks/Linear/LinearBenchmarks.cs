using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Harness.Kernels.Cpu;
using Harness.Kernels.Linear;

namespace Harness.Benchmarks.Linear;

/// <summary>The linears of SmolLM2-135M (576 wide) and of the embedded model (96 wide), on one core, for each instruction set.</summary>
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the cleanup, and derives from the class.")]
public unsafe class LinearBenchmarks
{
    Int8Matrix int8 = null!;
    F32Matrix f32 = null!;
    QuantizedRows quantized = null!;
    NativeBuffer<float> x = null!, y = null!;

    public static IEnumerable<InstructionSet> Sets => InstructionSets.Supported;

    [ParamsSource(nameof(Sets))]
    public InstructionSet Isa { get; set; }

    [Params("1x576x1536", "64x576x1536", "64x1536x576", "64x576x576", "64x576x49152", "256x96x256", "256x96x96", "256x256x96")]
    public string Shape { get; set; } = "";

    int Rows { get; set; }

    int Inputs { get; set; }

    int Outputs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = Shape.Split('x').Select(int.Parse).ToArray();
        (Rows, Inputs, Outputs) = (sizes[0], sizes[1], sizes[2]);
        int8 = Int8Matrix.Quantize(Outputs, Inputs, LinearOperands.Fill, Isa);
        f32 = F32Matrix.Pack(Outputs, Inputs, LinearOperands.Fill, Isa);
        x = LinearOperands.Activations(Rows, Inputs);
        y = new NativeBuffer<float>((long)Rows * Outputs);
        quantized = new QuantizedRows(Rows, Inputs, Isa);
        quantized.Quantize(x.Data, 0, Rows, Inputs);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable operand in new IDisposable[] { int8, f32, quantized, x, y })
            operand.Dispose();
    }

    [Benchmark]
    public void W8A8() => LinearInt8.Run(quantized, 0, Rows, int8, 0, Outputs, y.Data, Outputs);

    [Benchmark]
    public void F32() => LinearF32.Run(x.Data, Inputs, 0, Rows, f32, 0, Outputs, y.Data, Outputs);

    [Benchmark]
    public void QuantizeActivations() => quantized.Quantize(x.Data, 0, Rows, Inputs);
}
