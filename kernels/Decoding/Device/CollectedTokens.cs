using System.Runtime.InteropServices;
using Harness.Kernels.Driver;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>
/// Layout of what the host reads after a segment: int32 header [4], counts [slots], tokens [slots, most], float32 log-probabilities [slots,
/// most].
/// </summary>
/// <param name="Slots">Samples in flight, at most.</param>
/// <param name="Most">Tokens that a sample draws in the segment, at most.</param>
readonly record struct CollectedTokens(int Slots, int Most)
{
    const int HeaderBytes = 16;

    public int Bytes => LogProbabilitiesOffset + (sizeof(float) * Slots * Most);

    int TokensOffset => HeaderBytes + (sizeof(int) * Slots);

    int LogProbabilitiesOffset => TokensOffset + (sizeof(int) * Slots * Most);

    public CollectSlotsParameters Parameters(SlotState state, DevicePointer errors, DevicePointer staging) => new()
    {
        State = state,
        Errors = errors,
        Header = staging,
        Counts = staging + HeaderBytes,
        Tokens = staging + TokensOffset,
        LogProbabilities = staging + LogProbabilitiesOffset,
        Most = Most,
    };

    public DrawnTokens Read(ReadOnlySpan<byte> staged) => new(
        MemoryMarshal.Read<int>(staged),
        MemoryMarshal.Cast<byte, int>(staged[HeaderBytes..TokensOffset]),
        MemoryMarshal.Cast<byte, int>(staged[TokensOffset..LogProbabilitiesOffset]),
        MemoryMarshal.Cast<byte, float>(staged[LogProbabilitiesOffset..Bytes]),
        Most);
}

/// <summary>What the samples drew in a segment.</summary>
readonly ref struct DrawnTokens(
    int errors, ReadOnlySpan<int> counts, ReadOnlySpan<int> tokens, ReadOnlySpan<float> logProbabilities, int most)
{
    readonly ReadOnlySpan<int> counts = counts;
    readonly ReadOnlySpan<int> tokens = tokens;
    readonly ReadOnlySpan<float> logProbabilities = logProbabilities;

    public int Errors => errors;

    public ReadOnlySpan<int> Tokens(int slot) => tokens.Slice(slot * most, counts[slot]);

    public ReadOnlySpan<float> LogProbabilities(int slot) => logProbabilities.Slice(slot * most, counts[slot]);
}
