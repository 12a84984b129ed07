namespace Harness.Measurement;

/// <summary>
/// How many pairs of runs two programs are measured in. It ends when the ratio is known closely, and never because a difference has shown:
/// so the interval holds what it says.
/// </summary>
public sealed record TurnsRule
{
    /// <summary>Measured in any case.</summary>
    public int FewestPairs { get; init; } = 10;

    public int MostPairs { get; init; } = 40;

    /// <summary>Half the width of the interval of the log-ratio at which it is known closely.</summary>
    public double Closely { get; init; } = 0.01;
}
