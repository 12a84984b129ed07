using System.Diagnostics;
using System.Globalization;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Measurement;

namespace Gpu;

/// <summary>Seconds of a program's first use of the GPU, where the driver has compiled no kernel yet.</summary>
/// <param name="Load">Opening the device and bringing the weights onto it.</param>
/// <param name="FirstToken">From the first request to its first token: the driver compiles the kernels on the way.</param>
/// <param name="SecondToken">The same for the second request.</param>
readonly record struct ColdStartTimes(double Load, double FirstToken, double SecondToken)
{
    /// <summary>Set at 1, the driver keeps no compiled kernel and uses none.</summary>
    public const string NoCache = "CUDA_CACHE_DISABLE";

    const string Mark = "cold-start";

    public static ColdStartTimes Measure(ProofSettings settings)
    {
        Workload work = Workload.All[settings.Work];
        using Checkpoint checkpoint = ModelFiles.Open(work.Model);
        int[] prompt = TimedGeneration.Prompt(work.PromptTokens, checkpoint.Config.Vocabulary);
        long start = Stopwatch.GetTimestamp();
        using CudaDevice device = CudaDevice.Open(settings.Device);
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, work.Precision, new Placement { Batch = work.Samples });
        using IGenerator generator = model.CreateGenerator();
        double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double first = TimedGeneration.Seconds(generator, prompt, work.Samples, 1, CancellationToken.None);
        return new ColdStartTimes(
            load, first, TimedGeneration.Seconds(generator, prompt, work.Samples, 1, CancellationToken.None));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark} {Load:R} {FirstToken:R} {SecondToken:R}");

    /// <summary>From the lines of a process that measured; null where none says it.</summary>
    public static ColdStartTimes? Find(IEnumerable<string> lines)
    {
        foreach (string[] words in lines.Select(line => line.Split(' ')))
        {
            if (words is [Mark, _, _, _])
            {
                double[] seconds = [.. words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
                return new ColdStartTimes(seconds[0], seconds[1], seconds[2]);
            }
        }
        return null;
    }
}
