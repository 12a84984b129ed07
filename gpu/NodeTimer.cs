using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>
/// Times each launch of a recorded step alone: a graph of many copies of it, between two events, so that neither the host nor the start of
/// a graph is in its time. What the step read lies in the caches then, as far as they hold it.
/// </summary>
sealed class NodeTimer(IKernelDevice inner) : ObservedDevice(inner)
{
    const int Copies = 50;

    /// <summary>The launch of the step before which it is timed, and over how many it is timed as a whole.</summary>
    const int Step = 2, WholeSteps = 10;

    List<(string Kernel, LaunchShape Shape, Action Launch)>? noted;

    /// <summary>Tokens that must be left to draw when the step is timed, so that no sample is done before the last copy.</summary>
    public const int TokensNeeded = Step + WholeSteps + (2 * Copies) + 8;

    /// <summary>Empty until a step has been timed.</summary>
    public IReadOnlyList<NodeTime> Nodes { get; private set; } = [];

    /// <summary>Microseconds of the step as it is, one graph.</summary>
    public double StepMicroseconds { get; private set; }

    public override IKernelGraph Capture(Action work)
    {
        List<(string, LaunchShape, Action)> launches = noted = [];
        try
        {
            return new TimedStep(this, Inner.Capture(work), launches);
        }
        finally
        {
            noted = null;
        }
    }

    protected override void Observe(string kernel, LaunchShape shape, Action launch)
    {
        noted?.Add((kernel, shape, launch));
        launch();
    }

    void Time(IKernelGraph step, List<(string Kernel, LaunchShape Shape, Action Launch)> launches)
    {
        StepMicroseconds = Microseconds(step.Launch, WholeSteps);
        List<NodeTime> nodes = [];
        foreach ((int index, (string kernel, LaunchShape shape, Action launch)) in launches.Index())
        {
            using IKernelGraph copies = Inner.Capture(() =>
            {
                for (int i = 0; i < Copies; i++)
                    launch();
            });
            copies.Launch();
            nodes.Add(new NodeTime(index, kernel, shape, Microseconds(copies.Launch, 1) / Copies));
        }
        Nodes = nodes;
    }

    double Microseconds(Action launch, int times)
    {
        using IDeviceEvent start = Inner.RecordEvent();
        for (int i = 0; i < times; i++)
            launch();
        using IDeviceEvent end = Inner.RecordEvent();
        return Inner.MillisecondsBetween(start, end) * 1000 / times;
    }

    sealed class TimedStep(NodeTimer timer, IKernelGraph step, List<(string, LaunchShape, Action)> launches) : IKernelGraph
    {
        int count;

        public void Launch()
        {
            if (count++ < Step)
            {
                step.Launch();
                return;
            }
            timer.Time(step, launches);
            // The device has drawn more than the generator knows of.
            throw new StepTimedException();
        }

        public void Dispose() => step.Dispose();
    }
}
