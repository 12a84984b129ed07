namespace Harness.Kernels.Training;

/// <summary>
/// Learning rates that rise linearly, stay, and fall linearly to zero (WSD; Hu et al. 2024, MiniCPM, arXiv 2404.06395): of one constant
/// run, several budgets branch off into falls of their own.
/// </summary>
public sealed record WarmupStableDecay
{
    /// <summary>The rate between rise and fall.</summary>
    public required double Peak { get; init; }

    /// <summary>Steps in all.</summary>
    public required long Steps { get; init; }

    /// <summary>Step t of the rise has t / WarmupSteps of the peak.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>
    /// Steps of the fall, at the end: the first has n / (n + 1) of the peak, the last 1 / (n + 1), so that the step after it would have 0.
    /// </summary>
    public long DecaySteps { get; init; }

    /// <summary>The fall over a share of all steps, rounded half to even.</summary>
    public static WarmupStableDecay WithShare(double peak, long steps, long warmupSteps, double decayShare) => new()
    {
        Peak = peak,
        Steps = steps,
        WarmupSteps = warmupSteps,
        DecaySteps = (long)Math.Round(steps * decayShare, MidpointRounding.ToEven),
    };

    /// <summary>The rate of a step; where rise and fall overlap, the lower of the two.</summary>
    /// <param name="step">1-based, at most <see cref="Steps"/>.</param>
    public double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, Steps);
        double rise = step < WarmupSteps ? (double)step / WarmupSteps : 1;
        double fall = step > Steps - DecaySteps ? (double)(Steps + 1 - step) / (DecaySteps + 1) : 1;
        return Peak * Math.Min(rise, fall);
    }
}
