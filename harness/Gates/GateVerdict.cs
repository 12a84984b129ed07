namespace Harness.Gates;

/// <summary>What a gate comes to.</summary>
public enum GateVerdict
{
    /// <summary>The results meet the condition, beyond what chance explains.</summary>
    Passes,

    /// <summary>They miss it, beyond what chance explains.</summary>
    Fails,

    /// <summary>Neither.</summary>
    CannotTell,
}
