using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Kernels.Tests.Sampling;

/// <summary>The sampler's definition, one token at a time with sums of 128 bits.</summary>
static class SamplerReference
{
    public static int Draw(float[] logits, DecodingSettings settings, uint problem, uint sample, uint position)
    {
        float max = logits.Max();
        if (settings.Temperature == 0)
            return Array.IndexOf(logits, max);
        (uint low, uint high, _, _) = Philox.Block(settings.Seed, problem, sample, position, 0);
        List<(ulong Weight, int Token)> kept = Kept(logits, settings, max);
        UInt128 target = (UInt128)(low | ((ulong)high << 32)) * Sum(kept) >> 64;
        foreach ((ulong weight, int token) in kept.OrderBy(candidate => candidate.Token))
        {
            if (target < weight)
                return token;
            target -= weight;
        }
        throw new InvalidOperationException("the target lies beyond the sum");
    }

    /// <summary>What temperature, top-k, top-p and min-p leave, the heaviest first, of equals the lowest token.</summary>
    public static List<(ulong Weight, int Token)> Kept(float[] logits, DecodingSettings settings, float max)
    {
        List<(ulong Weight, int Token)> kept =
        [
            .. logits.Select((logit, token) => (Weight(logit, max, settings.Temperature), token)).Where(candidate => candidate.Item1 > 0)
                .OrderByDescending(candidate => candidate.Item1).ThenBy(candidate => candidate.token),
        ];
        if (settings.TopK > 0)
            kept = [.. kept.Take(settings.TopK)];
        if (settings.TopP < 1)
            kept = Nucleus(kept, settings.TopP);
        ulong least = (ulong)(settings.MinP * (double)(1L << Sampler.FractionBits));
        return [kept[0], .. kept.Skip(1).Where(candidate => candidate.Weight >= least)];
    }

    static List<(ulong Weight, int Token)> Nucleus(List<(ulong Weight, int Token)> kept, float topP)
    {
        UInt128 needed = (ulong)(topP * 4294967296.0) * Sum(kept);
        int count = 0;
        UInt128 sum = 0;
        do
            sum += kept[count++].Weight;
        while (count < kept.Count && sum << 32 < needed);
        return [.. kept.Take(count)];
    }

    static UInt128 Sum(IEnumerable<(ulong Weight, int Token)> candidates) =>
        candidates.Aggregate(UInt128.Zero, (sum, candidate) => sum + candidate.Weight);

    /// <summary>exp(logit / T - max / T) in units of 2^-44, to the nearest integer, ties to even.</summary>
    static ulong Weight(float logit, float max, float temperature) =>
        (ulong)Math.Round(
            ExactSingle.Exp((logit / temperature) - (max / temperature)) * (double)(1L << Sampler.FractionBits), MidpointRounding.ToEven);
}
