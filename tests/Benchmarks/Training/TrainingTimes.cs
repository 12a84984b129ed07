using System.Diagnostics;
using Harness.Kernels;
using Harness.Kernels.Ceiling;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Training;

namespace Harness.Benchmarks.Training;

/// <summary>
/// Training steps of small models on all processors or on a GPU, AdamW among them, beside the float32 ceiling that is measured around each:
/// `dotnet run -c Release --project tests/Benchmarks -- --once training`, with `cuda` behind it on a GPU.
/// </summary>
static class TrainingTimes
{
    const int Turns = 5;
    static readonly TimeSpan time = TimeSpan.FromSeconds(1);

    /// <param name="device">cpu, cuda or cuda:N.</param>
    public static void Print(string device = "cpu")
    {
        Console.WriteLine($"the fastest of {Turns} turns, the higher of the ceilings before and after");
        Console.WriteLine("of a busy machine, GFLOP/s of a second of one processor's time say more than a second's");
        Console.WriteLine("tokens/s  GFLOP/s   share  of a processor  model");
        Print(device, "d 96, 4 layers", Shape(96, 4, 6, 256), 384);
        Print(device, "d 32, 2 layers", Shape(32, 2, 4, 96), 384);
        Print(device, "d 64, 3 layers, feed-forward 128", Shape(64, 3, 4, 128), 384);
        if (CudaDevices.Names(device))
            Print(device, "d 576, 12 layers", Shape(576, 12, 9, 1536), 1536);
        else
            Print(device, "d 64, 3 layers, 2 of 8 experts of width 64", Mixture, 384);
    }

    static ModelConfig Mixture => Shape(64, 3, 4, 64) with
    {
        Architecture = "mixtral",
        Experts = new ExpertShape { Count = 8, Active = 2, Normalised = true },
    };

    static ModelConfig Shape(int width, int layers, int heads, int feedForward) => new()
    {
        Architecture = "llama",
        Layers = layers,
        Width = width,
        Heads = heads,
        KvHeads = heads,
        HeadWidth = width / heads,
        FeedForward = feedForward,
        Vocabulary = 128,
        ContextLength = 128,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbedding = true,
    };

    static void Print(string device, string name, ModelConfig config, int sequences)
    {
        using ITrainer trainer = Trainers.Create(
            config, new InitialWeights(1), new AdamWSettings(), new TrainingPlacement { Device = device }, 1, 0.01);
        var random = new Random(1);
        TrainingBatch batch = new([.. new[] { 25, 29, 31, 35 }.Select(length => SequenceGroup.Of(
            [.. Enumerable.Range(0, sequences / 4).Select(_ => TrainingSequence.Of(
                [.. Enumerable.Range(0, length).Select(_ => random.Next(config.Vocabulary))]))]))]);
        double ceiling = Ceiling(device);
        trainer.Step(batch, 1e-3);
        double best = double.MaxValue, leastProcessor = double.MaxValue;
        for (int turn = 0; turn < Turns; turn++)
        {
            long steps = 0;
            TimeSpan before = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            for (; clock.Elapsed < time; steps++)
                trainer.Step(batch, 1e-3);
            best = Math.Min(best, clock.Elapsed.TotalSeconds / steps);
            leastProcessor = Math.Min(leastProcessor, (Environment.CpuUsage.TotalTime - before).TotalSeconds / steps);
        }
        double operations = batch.Flops(config).Total, rate = operations / best;
        Console.WriteLine(
            $"{batch.Tokens / best,8:N0}  {rate / 1e9,7:F1}  {rate / Math.Max(ceiling, Ceiling(device)),6:P1}"
            + $"  {operations / leastProcessor / 1e9,14:F1}  {name}, {batch.Tokens} tokens a step");
        PrintState(trainer);
    }

    static void PrintState(ITrainer trainer)
    {
        string folder = Directory.CreateTempSubdirectory("harness-training-").FullName, path = Path.Combine(folder, "state.safetensors");
        var clock = Stopwatch.StartNew();
        trainer.Save(path, "benchmark");
        double write = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        trainer.Resume(path, "benchmark");
        double read = clock.Elapsed.TotalMilliseconds;
        Console.WriteLine($"  its state of {new FileInfo(path).Length:N0} bytes: written in {write:F0} ms, read in {read:F0} ms");
        Directory.Delete(folder, recursive: true);
    }

    static double Ceiling(string device)
    {
        if (!CudaDevices.Names(device))
            return PeakF32.Measure(InstructionSets.Supported[^1], Environment.ProcessorCount, TimeSpan.FromMilliseconds(500));
        using CudaDevice gpu = CudaDevice.Open(device);
        return 2 * DeviceCeilings.Measure(gpu).SingleMultiplyAdds;
    }
}
