using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;
using Kernels.Tests.Cpu;

namespace Kernels.Tests.Sampling;

/// <summary>
/// Weights of 1/2^44, which integers sum exactly, are passed by ascending token; temperature, top-k, top-p and min-p apply in this order;
/// a log-probability is a float32 difference less a float64 logarithm.
/// </summary>
public sealed unsafe class SamplerOrderTests
{
    const int Vocabulary = 60, Draws = 48;

    static readonly DecodingSettings Plain = new() { Seed = 5, Temperature = 1, MaxTokens = 1 };

    /// <summary>Some likely tokens among many that are hardly so, with ties.</summary>
    static readonly float[] Logits = [.. Enumerable.Range(0, Vocabulary).Select(token => (token * 29 % 60 / 8f) + (token % 3 * 0.1f))];

    delegate List<Candidate> Filter(List<Candidate> candidates, DecodingSettings settings);

    [Test]
    public void Tokens_are_passed_in_ascending_order()
    {
        List<Candidate> all = Weights(Logits, 1);
        SummingOrder.IsTheOnlyOne(
            Tokens(Plain, _ => all),
            [("the kernel", Drawn(Plain).Tokens)],
            [
                ("the most probable first", Tokens(Plain, _ => [.. all.OrderByDescending(candidate => candidate.Weight)])),
                ("the last token first", Tokens(Plain, _ => [.. all.AsEnumerable().Reverse()])),
            ]);
    }

    [Test]
    public void Temperature_comes_first_then_top_k_top_p_and_min_p()
    {
        DecodingSettings settings = Plain with { Temperature = 2, TopK = 30, TopP = 0.7f, MinP = 0.3f };
        float[] In(float temperature, params Filter[] filters) => Tokens(settings, settings =>
            [.. filters.Aggregate(Weights(Logits, temperature), (kept, filter) => filter(kept, settings)).OrderBy(kept => kept.Token)]);
        SummingOrder.IsTheOnlyOne(
            In(2, TopK, TopP, MinP),
            [("the kernel", Drawn(settings).Tokens)],
            [
                ("top-p before top-k", In(2, TopP, TopK, MinP)),
                ("min-p before top-p", In(2, TopK, MinP, TopP)),
                ("the temperature last", Tokens(settings, Cooled)),
            ]);

        static List<Candidate> Cooled(DecodingSettings settings)
        {
            List<Candidate> kept = MinP(TopP(TopK(Weights(Logits, 1), settings), settings), settings);
            return [.. Weights(Logits, settings.Temperature).Where(candidate => kept.Any(other => other.Token == candidate.Token))];
        }
    }

    [Test]
    public void A_log_probability_is_of_the_whole_vocabulary_at_temperature_1()
    {
        DecodingSettings settings = Plain with { Temperature = 2, TopK = 30 };
        (float[] tokens, float[] logProbabilities) = Drawn(settings);
        float max = Logits.Max();
        double total = Weights(Logits, 1).Sum(candidate => (double)candidate.Weight) / (1L << Sampler.FractionBits);
        double hot = Weights(Logits, 2).Sum(candidate => (double)candidate.Weight) / (1L << Sampler.FractionBits);
        double few = TopK(Weights(Logits, 1), settings).Sum(candidate => (double)candidate.Weight) / (1L << Sampler.FractionBits);
        float[] Of(Func<float, float> logProbability) => [.. tokens.Select(token => logProbability(Logits[(int)token]))];
        SummingOrder.IsTheOnlyOne(
            Of(logit => (float)((double)(logit - max) - ExactDouble.Log(total))),
            [("the kernel", logProbabilities)],
            [
                ("a float32 logarithm", Of(logit => logit - max - (float)ExactDouble.Log(total))),
                ("the maximum added to the logarithm", Of(logit => logit - (float)(max + ExactDouble.Log(total)))),
                ("at the draw's temperature", Of(logit => (float)((double)((logit / 2) - (max / 2)) - ExactDouble.Log(hot)))),
                ("among the tokens that top-k keeps", Of(logit => (float)((double)(logit - max) - ExactDouble.Log(few)))),
            ]);
    }

    /// <summary>Drawn by walking along what is kept, in its order.</summary>
    static float[] Tokens(DecodingSettings settings, Func<DecodingSettings, List<Candidate>> kept)
    {
        List<Candidate> candidates = kept(settings);
        UInt128 total = Sum(candidates);
        var tokens = new float[Draws];
        for (uint draw = 0; draw < Draws; draw++)
        {
            (uint low, uint high, _, _) = Philox.Block(settings.Seed, 3, draw, 17, RandomPurpose.Token);
            UInt128 target = (low | ((ulong)high << 32)) * total >> 64;
            int i = 0;
            for (; target >= candidates[i].Weight; i++)
                target -= candidates[i].Weight;
            tokens[draw] = candidates[i].Token;
        }
        return tokens;
    }

    static (float[] Tokens, float[] LogProbabilities) Drawn(DecodingSettings settings)
    {
        using var sampler = new Sampler(Vocabulary);
        (float[] tokens, float[] logProbabilities) = (new float[Draws], new float[Draws]);
        fixed (float* logits = Logits)
        {
            for (uint draw = 0; draw < Draws; draw++)
                (tokens[draw], logProbabilities[draw]) = sampler.Draw(logits, settings, 3, draw, 17);
        }
        return (tokens, logProbabilities);
    }

    static List<Candidate> Weights(float[] logits, float temperature)
    {
        float max = logits.Max() / temperature;
        return
        [
            .. logits.Select((logit, token) => new Candidate(
                token, (ulong)Math.Round(ExactSingle.Exp((logit / temperature) - max) * Sampler.FixedOne, MidpointRounding.ToEven))),
        ];
    }

    static List<Candidate> Sorted(List<Candidate> candidates) =>
        [.. candidates.OrderByDescending(candidate => candidate.Weight).ThenBy(candidate => candidate.Token)];

    static List<Candidate> TopK(List<Candidate> candidates, DecodingSettings settings) => [.. Sorted(candidates).Take(settings.TopK)];

    static List<Candidate> TopP(List<Candidate> candidates, DecodingSettings settings)
    {
        UInt128 needed = (ulong)(settings.TopP * 4294967296.0) * Sum(candidates), sum = 0;
        List<Candidate> kept = [];
        foreach (Candidate candidate in Sorted(candidates))
        {
            kept.Add(candidate);
            sum += candidate.Weight;
            if (sum << 32 >= needed)
                break;
        }
        return kept;
    }

    static List<Candidate> MinP(List<Candidate> candidates, DecodingSettings settings) =>
        [.. candidates.Where(candidate => candidate.Weight >= (ulong)(settings.MinP * Sampler.FixedOne))];

    static UInt128 Sum(IEnumerable<Candidate> candidates) => candidates.Aggregate(UInt128.Zero, (sum, candidate) => sum + candidate.Weight);

    readonly record struct Candidate(int Token, ulong Weight);
}
