using System.Numerics;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Execution;

/// <summary>
/// Counts how the accesses of a warp fall on banks and sectors. Shared memory serves 32 banks of 4 bytes a turn: accesses of up to 4 bytes
/// by all lanes at once, of 8 by half a warp, of 16 by a quarter; lanes that name the same word share it.
/// </summary>
sealed class TrafficCounter
{
    const int Banks = 32;
    const int WordBytes = 4;
    const int SectorBytes = 32;

    public MemoryTraffic Traffic { get; private set; }

    /// <param name="places">The address of each lane; that of a lane that is not in <paramref name="mask"/> is not looked at.</param>
    /// <param name="bytes">Bytes that each lane accesses.</param>
    public void Add(StateSpace space, ReadOnlySpan<ulong> places, uint mask, int bytes)
    {
        if (mask == 0)
            return;
        if (space == StateSpace.Generic)
            space = Memory.Windows.Split(places[BitOperations.TrailingZeroCount(mask)]).Space;
        if (space == StateSpace.Shared)
            AddShared(places, mask, bytes);
        else if (space == StateSpace.Global)
            AddGlobal(places, mask, bytes);
    }

    void AddShared(ReadOnlySpan<ulong> places, uint mask, int bytes)
    {
        int words = Math.Max(bytes / WordBytes, 1), lanes = Warp.Lanes / words, turns = 0, least = 0;
        for (int first = 0; first < Warp.Lanes; first += lanes)
        {
            uint served = mask >> first & uint.MaxValue >> (Warp.Lanes - lanes);
            if (served == 0)
                continue;
            least++;
            turns += Turns(places[first..], served, words);
        }
        Traffic += new MemoryTraffic(turns, least, 0, 0);
    }

    /// <summary>Most different words that fall in one bank.</summary>
    static int Turns(ReadOnlySpan<ulong> places, uint mask, int words)
    {
        Span<ulong> sorted = stackalloc ulong[Banks];
        Span<int> ofBank = stackalloc int[Banks];
        ofBank.Clear();
        int count = 0, most = 0;
        for (; mask != 0; mask &= mask - 1)
        {
            ulong word = places[BitOperations.TrailingZeroCount(mask)] / WordBytes;
            for (int i = 0; i < words; i++)
                sorted[count++] = word + (ulong)i;
        }
        sorted[..count].Sort();
        for (int i = 0; i < count; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
                most = Math.Max(most, ++ofBank[(int)(sorted[i] % Banks)]);
        }
        return most;
    }

    /// <summary>An access is aligned to its size, so that two of different places share no byte, and none lies in two sectors.</summary>
    void AddGlobal(ReadOnlySpan<ulong> places, uint mask, int bytes)
    {
        Span<ulong> sorted = stackalloc ulong[Warp.Lanes];
        int count = 0, sectors = 0, different = 0;
        for (; mask != 0; mask &= mask - 1)
            sorted[count++] = places[BitOperations.TrailingZeroCount(mask)];
        sorted[..count].Sort();
        for (int i = 0; i < count; i++)
        {
            different += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
            sectors += i == 0 || sorted[i] / SectorBytes != sorted[i - 1] / SectorBytes ? 1 : 0;
        }
        Traffic += new MemoryTraffic(0, 0, sectors, ((different * bytes) + SectorBytes - 1) / SectorBytes);
    }
}
