using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Registry;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Training;

namespace Harness.Tests.Experiments;

/// <summary>A scratch experiment that trains, and what is done with it.</summary>
abstract class TrainedExperimentFixture
{
    private protected ScratchExperiment scratch = null!;

    [SetUp]
    public void Create() =>
        scratch = new ScratchExperiment(TrainingExperiments.Project(TrainingExperiments.Think, TrainingExperiments.Tiny));

    [TearDown]
    public void Delete() => scratch.Dispose();

    private protected ResolvedExperiment Resolve(params (string Name, string Value)[] placement) => ResolvedExperiment.Resolve(
        scratch.Raw(placement.ToDictionary(pair => pair.Name, pair => pair.Value)), Registered.All);

    private protected string Run(bool rebuild = false)
    {
        using StringWriter output = new();
        using (RunConsole console = new(output, live: false))
            new ExperimentRun(Resolve(), console, new RunOptions(rebuild)).Execute(default);
        return output.ToString();
    }

    private protected (string Output, HarnessException[] Differences) Verify(params (string Name, string Value)[] placement)
    {
        using StringWriter output = new();
        using RunConsole console = new(output, live: false);
        HarnessException[] differences = [.. new ExperimentVerify(Resolve(placement), console, 1).Execute(default)];
        return (output.ToString(), differences);
    }

    private protected Dictionary<string, string> Files() => Directory.EnumerateFiles(scratch.Folder, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetFileName(path) is not ("demo.proj" or "model.bin"))
        .ToDictionary(
            path => Path.GetRelativePath(scratch.Folder, path).Replace('\\', '/'), path => Convert.ToHexString(File.ReadAllBytes(path)));
}
