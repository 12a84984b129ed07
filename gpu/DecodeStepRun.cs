using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Measurement;

namespace Gpu;

/// <summary>A few steps of a workload, launched kernel by kernel, of which a profiler looks at one.</summary>
static class DecodeStepRun
{
    /// <summary>The step that is looked at, and the tokens that are drawn: first and last steps can differ.</summary>
    const int Step = 2, Tokens = 8;

    /// <summary>The first kernel of a step.</summary>
    const string FirstKernel = "Decoding.decode_begin";

    public static void Generate(ProofSettings settings)
    {
        using CudaDevice device = CudaDevice.Open(settings.Device);
        Generate(device, Workload.All[settings.Work], useGraphs: false, Tokens);
    }

    public static LaunchRange CountLaunches(ProofSettings settings)
    {
        using CudaDevice device = CudaDevice.Open(settings.Device);
        using Counter counter = new(device);
        Generate(counter, Workload.All[settings.Work], useGraphs: false, Tokens);
        return counter.Range;
    }

    /// <summary>Generates a workload's samples, so many tokens of each.</summary>
    public static void Generate(IKernelDevice device, Workload work, bool useGraphs, int tokens)
    {
        using Checkpoint checkpoint = ModelFiles.Open(work.Model);
        using CudaLanguageModel model =
            CudaLanguageModel.Load(device, checkpoint, work.Precision, new Placement { Batch = work.Samples });
        using IGenerator generator = model.CreateGenerator(useGraphs);
        int[] prompt = TimedGeneration.Prompt(work.PromptTokens, checkpoint.Config.Vocabulary);
        TimedGeneration.Seconds(generator, prompt, work.Samples, tokens, CancellationToken.None);
    }

    sealed class Counter(IKernelDevice inner) : ObservedDevice(inner)
    {
        readonly List<int> steps = [];
        int launches;

        public LaunchRange Range => steps.Count > Step + 1
            ? new LaunchRange(steps[Step], steps[Step + 1] - steps[Step])
            : throw new InvalidOperationException($"{steps.Count} steps were made, and step {Step} is wanted");

        protected override void Observe(string kernel, LaunchShape shape, Action launch)
        {
            if (kernel == FirstKernel)
                steps.Add(launches);
            launches++;
            launch();
        }
    }
}
