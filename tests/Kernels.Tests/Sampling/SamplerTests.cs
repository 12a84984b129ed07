using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;

namespace Kernels.Tests.Sampling;

public sealed class SamplerTests
{
    const int Draws = 40;

    static readonly DecodingSettings Plain = new() { Seed = 11, Temperature = 1, MaxTokens = 1 };

    public static IEnumerable<TestCaseData> Filters()
    {
        (string Name, DecodingSettings Settings)[] cases =
        [
            ("greedy", Plain with { Temperature = 0 }),
            ("temperature 1", Plain),
            ("temperature 0.7", Plain with { Temperature = 0.7f }),
            ("coldest", Plain with { Temperature = DecodingSettings.LowestTemperature }),
            ("hottest", Plain with { Temperature = DecodingSettings.HighestTemperature }),
            ("top-k 1", Plain with { TopK = 1 }),
            ("top-k 5", Plain with { TopK = 5, Temperature = 1.3f }),
            ("top-k beyond the vocabulary", Plain with { TopK = 5000 }),
            ("top-p 0.9", Plain with { TopP = 0.9f }),
            ("top-p tiny", Plain with { TopP = 1e-12f }),
            ("min-p 0.1", Plain with { MinP = 0.1f }),
            ("min-p 1", Plain with { MinP = 1 }),
            ("all", Plain with { Temperature = 1.5f, TopK = 20, TopP = 0.8f, MinP = 0.05f }),
            ("top-k and min-p, hot", Plain with { Temperature = 3, TopK = 9, MinP = 0.3f }),
        ];
        foreach ((string name, DecodingSettings settings) in cases)
        {
            foreach (int vocabulary in new[] { 1, 7, 8, 32, 33, 131, 1000 })
                yield return new TestCaseData(settings, vocabulary).SetArgDisplayNames(name, $"{vocabulary}");
        }
    }

    [TestCaseSource(nameof(Filters))]
    public void Draws_what_the_definition_draws(DecodingSettings settings, int vocabulary)
    {
        using var sampler = new Sampler(vocabulary);
        foreach (float[] logits in new[] { Spread(vocabulary), Tied(vocabulary), WithInfinities(vocabulary), new float[vocabulary] })
        {
            for (uint draw = 0; draw < Draws; draw++)
                Assert.That(
                    Draw(sampler, logits, settings, draw),
                    Is.EqualTo(SamplerReference.Draw(logits, settings, 3, draw, 17)),
                    $"draw {draw}");
        }
    }

    [Test]
    public void Random_filters_of_large_vocabularies_draw_what_sorting_draws([Range(0, 39)] int seed)
    {
        Random random = new(seed);
        int vocabulary = random.Next(2_000, 20_000);
        using var sampler = new Sampler(vocabulary);
        float width = new[] { 1e-4f, 0.5f, 8, 40 }[seed % 4];
        int levels = new[] { 3, 50, 1_000_000 }[seed % 3];
        float[] logits = [.. Enumerable.Range(0, vocabulary).Select(_ => random.Next(levels) * width / levels)];
        for (uint draw = 0; draw < 10; draw++)
        {
            DecodingSettings settings = Plain with
            {
                Temperature = 0.25f + random.NextSingle(),
                TopK = random.Next(3) == 0 ? 0 : 1 + random.Next(random.Next(2) == 0 ? 60 : vocabulary),
                TopP = random.Next(3) == 0 ? 1 : random.NextSingle(),
                MinP = random.Next(3) == 0 ? 0 : random.NextSingle() / 10,
            };
            Assert.That(
                Draw(sampler, logits, settings, draw), Is.EqualTo(SamplerReference.Draw(logits, settings, 3, draw, 17)), $"{settings}");
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_cut_is_the_key_at_which_the_sorted_sum_reaches_the_target(bool byWeight)
    {
        const int Shift = 19;
        Random random = new(8);
        foreach (int count in new[] { 1, 2, 47, 48, 49, 300, 5_000 })
        {
            foreach (int bits in new[] { 1, 12, 44 })
            {
                ulong[] keys =
                    [.. Enumerable.Range(0, count).Select(id => ((ulong)random.NextInt64(1, (1L << bits) + 1) << Shift) | (uint)id)];
                ulong[] sorted = [.. keys.OrderDescending()];
                ulong sum = 0;
                for (int i = 0; i < count; i += 1 + (count / 40))
                {
                    sum = sorted.Take(i + 1).Aggregate(0UL, (total, key) => total + (byWeight ? key >> Shift : 1));
                    Assert.That(
                        CandidateCut.Find(keys, sum, byWeight ? Shift : 64, new ulong[count]),
                        Is.EqualTo(sorted[i]),
                        $"{count} keys of {bits} bits, {i}");
                }
            }
        }
    }

    [TestCase(1e36f)]
    [TestCase(-1e36f)]
    public void Nothing_is_drawn_from_logits_that_are_infinite_over_the_temperature(float largest)
    {
        float[] logits = [-3e38f, largest, -2e36f, -3e38f];
        using var sampler = new Sampler(logits.Length);
        DecodingSettings coldest = Plain with { Temperature = DecodingSettings.LowestTemperature };
        foreach (DecodingSettings settings in new[] { coldest, coldest with { TopK = 2 }, coldest with { TopP = 0.5f } })
        {
            HarnessException error = Assert.Throws<HarnessException>(() => Draw(sampler, logits, settings, 0))!;
            Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.WeightsNotFinite));
        }
        Assert.That(Draw(sampler, logits, Plain with { Temperature = 0 }, 0), Is.EqualTo(1));
        Assert.That(Draw(sampler, logits, Plain, 0), Is.EqualTo(1));
        logits[1] = 3e35f;
        Assert.That(Draw(sampler, logits, coldest, 0), Is.EqualTo(1), "the largest quotient is finite, the others are -infinity");
    }

    [Test]
    public void Ties_at_the_edge_of_a_filter_go_to_the_lowest_token()
    {
        using var sampler = new Sampler(40);
        HashSet<int> drawn =
            [.. Enumerable.Range(0, 400).Select(draw => Draw(sampler, new float[40], Plain with { TopK = 3 }, (uint)draw))];
        Assert.That(drawn, Is.EquivalentTo(new[] { 0, 1, 2 }));
    }

    [TestCase(1f, 0)]
    [TestCase(0.6f, 0)]
    [TestCase(1f, 4)]
    public void Frequencies_are_the_probabilities(float temperature, int topK)
    {
        const int Count = 20_000;
        float[] logits = [1, 0.5f, -1, 2, 0, -0.5f, 1.5f];
        DecodingSettings settings = Plain with { Temperature = temperature, TopK = topK };
        using var sampler = new Sampler(logits.Length);
        var counts = new int[logits.Length];
        for (uint draw = 0; draw < Count; draw++)
            counts[Draw(sampler, logits, settings, draw)]++;
        float least = topK == 0 ? float.NegativeInfinity : logits.OrderDescending().ElementAt(topK - 1);
        double[] weights = [.. logits.Select(logit => logit < least ? 0 : Math.Exp(logit / temperature))];
        for (int token = 0; token < logits.Length; token++)
        {
            double p = weights[token] / weights.Sum();
            Assert.That(counts[token] / (double)Count, Is.EqualTo(p).Within(5 * Math.Sqrt(p * (1 - p) / Count)), $"token {token}");
        }
    }

    static unsafe int Draw(Sampler sampler, float[] logits, DecodingSettings settings, uint sample)
    {
        fixed (float* start = logits)
            return sampler.Draw(start, settings, 3, sample, 17).Token;
    }

    static float[] Spread(int vocabulary)
    {
        Random random = new(vocabulary);
        return [.. Enumerable.Range(0, vocabulary).Select(_ => (float)((random.NextDouble() * 12) - 6))];
    }

    static float[] Tied(int vocabulary) => [.. Enumerable.Range(0, vocabulary).Select(token => (token * 7) % 4)];

    static float[] WithInfinities(int vocabulary) =>
        [.. Spread(vocabulary).Select((logit, token) => vocabulary > 1 && token % 3 != 1 ? float.NegativeInfinity : logit)];
}
