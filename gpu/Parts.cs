namespace Gpu;

/// <summary>The parts of the proof by name: those that a user asks for, and those that they start for themselves.</summary>
static class Parts
{
    public const string Machine = "machine", DecodeSteps = "decode-steps", StepLaunches = "step-launches", ColdStart = "cold-start";

    /// <summary>The share of the time that each part may take; what one leaves over, the next has. In their order.</summary>
    public static IReadOnlyList<(string Name, double Share)> Asked { get; } =
    [
        ("driver", 0.02), ("kernels", 0.23), ("tokens", 0.05), ("experiments", 0.25), ("throughput", 0.25), ("nodes", 0.08),
        ("tools", 0.12),
    ];

    /// <summary>Without a GPU: whether the bundle itself is whole.</summary>
    public static IReadOnlyList<string> OnProcessor { get; } = ["tokens", "experiments"];

    public static IReadOnlyList<string> OfItsOwn { get; } = [Machine, DecodeSteps, StepLaunches, ColdStart];

    public static void Run(ProofSettings settings, Checks checks)
    {
        switch (settings.Child)
        {
            case Machine:
                new MachinePart(settings, checks).Run();
                break;
            case "driver":
                new DriverPart(settings, checks).Run();
                break;
            case "kernels":
                new KernelPart(settings, checks).Run();
                break;
            case "tokens":
                new TokenPart(settings, checks).Run();
                break;
            case "experiments":
                new ExperimentPart(settings, checks).Run();
                break;
            case "throughput":
                new ThroughputPart(settings, checks).Run();
                break;
            case "nodes":
                new NodePart(settings, checks).Run();
                break;
            case "tools":
                new ToolPart(settings, checks).Run();
                break;
            case DecodeSteps:
                DecodeStepRun.Generate(settings);
                break;
            case StepLaunches:
                checks.Line(DecodeStepRun.CountLaunches(settings).ToString());
                break;
            case ColdStart:
                checks.Line(ColdStartTimes.Measure(settings).ToString());
                break;
            default:
                throw new InvalidOperationException($"no part {settings.Child}");
        }
    }
}
