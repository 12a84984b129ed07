using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.ExactMath;

namespace Harness.Kernels.Sampling;

/// <summary>
/// Draws a token from logits: temperature, then top-k, top-p and min-p, ties to the lowest token id. Probabilities are integers of 1/2^44
/// of the largest, and their sums are exact, so the drawn token does not depend on any order of summation. One instance a worker.
/// </summary>
public sealed unsafe class Sampler : IDisposable
{
    /// <summary>Fixed-point one: the most probable token's weight.</summary>
    public const int FractionBits = 44;

    /// <summary>2^44.</summary>
    public const double FixedOne = 1L << FractionBits;

    /// <summary>Tokens whose weights are summed together; the drawn one is looked for within one block.</summary>
    const int Block = 32;

    /// <summary>2^52: added to a double below it, it leaves the rounded integer in the low bits.</summary>
    const double IntegerMagic = 4503599627370496.0;

    const int IdBits = 19;

    /// <summary>Vocabularies are smaller: a candidate's weight and id share 64 bits.</summary>
    public const int VocabularyLimit = 1 << IdBits;

    readonly int vocabulary;
    readonly NativeBuffer<ulong> blockSums;
    readonly NativeBuffer<float> padded = new(Block);
    readonly ulong[] candidates;
    readonly ulong[] scratch;

    /// <param name="vocabulary">Number of logits, below 2^19.</param>
    public Sampler(int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(vocabulary, VocabularyLimit);
        this.vocabulary = vocabulary;
        blockSums = new NativeBuffer<ulong>((vocabulary + Block - 1) / Block);
        candidates = new ulong[vocabulary];
        scratch = new ulong[vocabulary];
    }

    /// <summary>The token for one position of one sample.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="settings">Temperature 0 is greedy.</param>
    /// <param name="problem">First word of the random counter.</param>
    /// <param name="stream">Second word: the sample's index.</param>
    /// <param name="position">Third word: the token's absolute position.</param>
    /// <returns>The token and its natural log-probability at temperature 1 over the whole vocabulary.</returns>
    /// <exception cref="HarnessException">
    /// The largest logit is NaN or infinite, or is infinite once it is divided by the temperature: nothing is drawn then.
    /// </exception>
    public (int Token, float LogProbability) Draw(float* logits, DecodingSettings settings, uint problem, uint stream, uint position)
    {
        float max = Maximum(logits);
        if (!float.IsFinite(max))
            throw KernelCodes.WeightsNotFinite.With(
                "a logit of the model is NaN or infinite: the weights are damaged, or not of this architecture");
        if (settings.Temperature != 0 && !float.IsFinite(max / settings.Temperature))
            throw KernelCodes.WeightsNotFinite.With(
                $"the largest logit, {max}, over the temperature {settings.Temperature} is beyond float32: the weights are damaged");
        ulong total = SumWeights(logits, 1f, max);
        int token = settings.Temperature == 0
            ? FirstIndexOf(logits, max)
            : DrawAtTemperature(
                logits, settings, max, settings.Temperature == 1f ? total : null, Random(settings.Seed, problem, stream, position));
        return (token, LogProbability(logits[token] - max, total));
    }

    /// <summary>
    /// The natural log-probability of a token at temperature 1 over the whole vocabulary, as <see cref="Draw"/> gives it for the one that
    /// it draws; NaN where the largest logit is NaN or infinite.
    /// </summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="token">Within the vocabulary.</param>
    /// <param name="max">The largest logit.</param>
    /// <param name="sum">Sum of exp(logit - max), at least 1, to 2^-44 a token.</param>
    public float LogProbability(float* logits, int token, out float max, out double sum)
    {
        max = Maximum(logits);
        sum = double.NaN;
        if (!float.IsFinite(max))
            return float.NaN;
        ulong total = SumWeights(logits, 1f, max);
        sum = total / FixedOne;
        return LogProbability(logits[token] - max, total);
    }

    /// <inheritdoc cref="LogProbability(float*, int, out float, out double)"/>
    public float LogProbability(ReadOnlySpan<float> logits, int token)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, vocabulary);
        fixed (float* values = logits)
            return LogProbability(values, token, out _, out _);
    }

    /// <summary>
    /// The natural log-probability of all tokens but one, whose sum is at least one unit of it; NaN where the largest logit is NaN or
    /// infinite.
    /// </summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="token">The one, within the vocabulary.</param>
    /// <param name="max">The largest logit.</param>
    /// <param name="sum">As of <see cref="LogProbability(float*, int, out float, out double)"/>.</param>
    /// <param name="others">The sum without the token's own.</param>
    public float LogProbabilityOfOthers(float* logits, int token, out float max, out double sum, out double others)
    {
        max = Maximum(logits);
        sum = others = double.NaN;
        if (!float.IsFinite(max))
            return float.NaN;
        ulong total = SumWeights(logits, 1f, max);
        ulong own = (ulong)Math.Round(ExactSingle.Exp(logits[token] - max) * FixedOne);
        (sum, others) = (total / FixedOne, Math.Max(1, total - own) / FixedOne);
        return (float)(ExactDouble.Log(others) - ExactDouble.Log(sum));
    }

    public void Dispose()
    {
        blockSums.Dispose();
        padded.Dispose();
    }

    static float LogProbability(float belowMax, ulong total) => (float)((double)belowMax - ExactDouble.Log(total / FixedOne));

    static ulong Random(ulong seed, uint problem, uint stream, uint position)
    {
        (uint low, uint high, _, _) = Philox.Block(seed, problem, stream, position, RandomPurpose.Token);
        return low | ((ulong)high << 32);
    }

    int DrawAtTemperature(float* logits, DecodingSettings settings, float max, ulong? knownTotal, ulong random)
    {
        bool filtered = (settings.TopK > 0 && settings.TopK < vocabulary) || settings.TopP < 1f || settings.MinP > 0f;
        if (filtered)
            return DrawFiltered(logits, settings, max / settings.Temperature, random);
        ulong total = knownTotal ?? SumWeights(logits, settings.Temperature, max / settings.Temperature);
        ulong target = Math.BigMul(random, total, out _);
        int block = 0;
        for (; target >= blockSums.Data[block]; block++)
            target -= blockSums.Data[block];
        ulong* weights = stackalloc ulong[8];
        for (int token = block * Block; ; token += 8)
        {
            int some = Weights(logits, token, settings.Temperature, max / settings.Temperature, weights);
            for (int i = 0; i < some; i++)
            {
                if (target < weights[i])
                    return token + i;
                target -= weights[i];
            }
        }
    }

    int DrawFiltered(float* logits, DecodingSettings settings, float top, ulong random)
    {
        Span<ulong> kept = Candidates(logits, settings.Temperature, top);
        if (settings.TopK > 0 && settings.TopK < kept.Length)
            kept = AtLeast(kept, CandidateCut.Find(kept, (ulong)settings.TopK, weightShift: 64, scratch));
        if (settings.TopP < 1f)
            kept = AtLeast(kept, CandidateCut.Find(kept, NucleusWeight(kept, settings.TopP), IdBits, scratch));
        if (settings.MinP > 0f)
            kept = AtLeast(kept, Math.Min((ulong)(settings.MinP * FixedOne) << IdBits, Largest(kept)));
        return DrawAmong(kept, random);
    }

    /// <summary>Tokens of a weight above 0, by token; keys order by weight, of equals the lowest token first.</summary>
    Span<ulong> Candidates(float* logits, float temperature, float top)
    {
        int count = 0;
        ulong* weights = stackalloc ulong[8];
        for (int token = 0; token < vocabulary; token += 8)
        {
            int some = Weights(logits, token, temperature, top, weights);
            for (int i = 0; i < some; i++)
            {
                candidates[count] = (weights[i] << IdBits) | (uint)((1 << IdBits) - 1 - token - i);
                count += weights[i] > 0 ? 1 : 0;
            }
        }
        return candidates.AsSpan(0, count);
    }

    /// <summary>Keeps the candidates whose key is not below <paramref name="least"/>, in their order.</summary>
    static Span<ulong> AtLeast(Span<ulong> kept, ulong least)
    {
        int count = 0;
        foreach (ulong key in kept)
        {
            kept[count] = key;
            count += key >= least ? 1 : 0;
        }
        return kept[..count];
    }

    /// <summary>
    /// The weight that the smallest set of leading candidates with at least <paramref name="topP"/> of the weight must reach.
    /// </summary>
    static ulong NucleusWeight(ReadOnlySpan<ulong> kept, float topP)
    {
        UInt128 needed = (UInt128)(ulong)(topP * 4294967296.0) * TotalOf(kept);
        return Math.Max(1, (ulong)((needed + uint.MaxValue) >> 32));
    }

    static ulong Largest(ReadOnlySpan<ulong> kept)
    {
        ulong largest = 0;
        foreach (ulong key in kept)
            largest = Math.Max(largest, key);
        return largest;
    }

    static int DrawAmong(ReadOnlySpan<ulong> kept, ulong random)
    {
        ulong target = Math.BigMul(random, TotalOf(kept), out _);
        const ulong IdMask = (1UL << IdBits) - 1;
        foreach (ulong candidate in kept)
        {
            if (target < candidate >> IdBits)
                return (1 << IdBits) - 1 - (int)(candidate & IdMask);
            target -= candidate >> IdBits;
        }
        throw new InvalidOperationException("the weights do not add up to their total");
    }

    static ulong TotalOf(ReadOnlySpan<ulong> candidates)
    {
        ulong total = 0;
        foreach (ulong candidate in candidates)
            total += candidate >> IdBits;
        return total;
    }

    /// <summary>Sum of all weights, each block's left in <see cref="blockSums"/>.</summary>
    ulong SumWeights(float* logits, float temperature, float top)
    {
        ulong total = 0;
        for (int block = 0; block * Block < vocabulary; block++)
        {
            int count = Math.Min(Block, vocabulary - (block * Block));
            float* start = logits + (block * Block);
            if (count % 8 != 0)
            {
                padded.Span.Fill(float.NegativeInfinity);
                new ReadOnlySpan<float>(start, count).CopyTo(padded.Span);
                start = padded.Data;
                count = (count + 7) & ~7;
            }
            ulong sum = temperature == 1f ? SumBlock(start, count, top) : SumBlock(start, count, temperature, top);
            blockSums.Data[block] = sum;
            total += sum;
        }
        return total;
    }

    static ulong SumBlock(float* logits, int count, float top)
    {
        Vector256<ulong> sum = default;
        for (int i = 0; i < count; i += 8)
            sum += FixedPoint(ExactSingle.Exp(Vector256.Load(logits + i) - Vector256.Create(top)));
        return Vector256.Sum(sum) - (Magic * (ulong)count);
    }

    static ulong SumBlock(float* logits, int count, float temperature, float top)
    {
        Vector256<ulong> sum = default;
        for (int i = 0; i < count; i += 8)
            sum += FixedPoint(ExactSingle.Exp((Vector256.Load(logits + i) / Vector256.Create(temperature)) - Vector256.Create(top)));
        return Vector256.Sum(sum) - (Magic * (ulong)count);
    }

    static ulong Magic => BitConverter.DoubleToUInt64Bits(IntegerMagic);

    /// <summary>Pairwise sums of eight weights, with 2^52's bits left on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> FixedPoint(Vector256<float> e)
    {
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(e);
        Vector256<double> one = Vector256.Create(FixedOne), magic = Vector256.Create(IntegerMagic);
        return Vector256.FusedMultiplyAdd(low, one, magic).AsUInt64() + Vector256.FusedMultiplyAdd(high, one, magic).AsUInt64();
    }

    /// <summary>The weights of eight tokens, or of those that the vocabulary still has; returns how many.</summary>
    int Weights(float* logits, int token, float temperature, float top, ulong* weights)
    {
        if (vocabulary - token < 8)
        {
            for (int i = 0; token + i < vocabulary; i++)
                weights[i] = Weight(logits[token + i], temperature, top);
            return vocabulary - token;
        }
        (Vector256<double> low, Vector256<double> high) =
            Vector256.Widen(ExactSingle.Exp((Vector256.Load(logits + token) / Vector256.Create(temperature)) - Vector256.Create(top)));
        Vector256<double> one = Vector256.Create(FixedOne), magic = Vector256.Create(IntegerMagic);
        (Vector256.FusedMultiplyAdd(low, one, magic).AsUInt64() - Vector256.Create(Magic)).Store(weights);
        (Vector256.FusedMultiplyAdd(high, one, magic).AsUInt64() - Vector256.Create(Magic)).Store(weights + 4);
        return 8;
    }

    static ulong Weight(float logit, float temperature, float top)
    {
        float e = ExactSingle.Exp((logit / temperature) - top);
        return BitConverter.DoubleToUInt64Bits(Math.FusedMultiplyAdd(e, FixedOne, IntegerMagic)) - Magic;
    }

    float Maximum(float* logits)
    {
        Vector256<float> largest = Vector256.Create(float.NegativeInfinity);
        int i = 0;
        for (; i + 8 <= vocabulary; i += 8)
            largest = Vector256.Max(largest, Vector256.Load(logits + i));
        float max = float.NegativeInfinity;
        for (int j = 0; j < 8; j++)
            max = MathF.Max(max, largest.GetElement(j));
        for (; i < vocabulary; i++)
            max = MathF.Max(max, logits[i]);
        return max;
    }

    int FirstIndexOf(float* logits, float value) => new ReadOnlySpan<float>(logits, vocabulary).IndexOf(value);
}
