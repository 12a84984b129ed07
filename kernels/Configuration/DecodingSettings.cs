namespace Harness.Kernels.Configuration;

/// <summary>How tokens are drawn. Applied in this order: temperature, top-k, top-p, min-p.</summary>
public sealed record DecodingSettings
{
    /// <summary>Below it, but for 0, logits divided by the temperature could leave the range of float32.</summary>
    public const float LowestTemperature = 0.001f;

    /// <summary>Above it, draws are uniform but for rounding.</summary>
    public const float HighestTemperature = 100;

    public required ulong Seed { get; init; }

    /// <summary>0 is greedy; else from <see cref="LowestTemperature"/> to <see cref="HighestTemperature"/>.</summary>
    public required float Temperature { get; init; }

    /// <summary>0 keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>1 keeps all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>0 keeps all.</summary>
    public float MinP { get; init; }

    public required int MaxTokens { get; init; }

    public IReadOnlyList<int> StopTokens { get; init; } = [];

    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <summary>Whether a temperature is one that can be drawn at.</summary>
    public static bool IsTemperature(float value) => value is 0 or (>= LowestTemperature and <= HighestTemperature);

    /// <exception cref="ArgumentOutOfRangeException">No token may be drawn, or none can be drawn at this temperature.</exception>
    internal void RequireValid()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTokens, 1);
        if (!IsTemperature(Temperature))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Temperature), Temperature, $"the temperature is neither 0 nor from {LowestTemperature} to {HighestTemperature}");
        }
    }
}
