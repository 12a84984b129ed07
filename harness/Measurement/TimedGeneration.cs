using System.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;

namespace Harness.Measurement;

/// <summary>Generation for its time and not its text: samples of one prompt that all end at the same length.</summary>
public static class TimedGeneration
{
    /// <summary>Any tokens will do, since they do not change the time.</summary>
    public static int[] Prompt(int tokens, int vocabulary) => [.. Enumerable.Range(0, tokens).Select(i => (int)(i * 7919L % vocabulary))];

    /// <summary>Seconds of one generation, the prompt's pass included.</summary>
    public static double Seconds(IGenerator generator, int[] prompt, int samples, int tokens, CancellationToken cancellation)
    {
        DecodingSettings decoding = new() { Seed = 1, Temperature = 1, MaxTokens = tokens };
        GenerationRequest request = new() { Problem = 0, Prompt = prompt, Samples = [.. Enumerable.Range(0, samples)] };
        long start = Stopwatch.GetTimestamp();
        generator.Generate([request], decoding, _ => { }, cancellation);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Seconds of one generation beyond those of its first token. Where something else on the machine made the shorter of the two the
    /// longer one, both are timed again, a few times; then it is all of the generation.
    /// </summary>
    public static double DecodingSeconds(IGenerator generator, int[] prompt, int samples, int tokens, CancellationToken cancellation)
    {
        const int attempts = 5;
        double all = 0;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            double first = Seconds(generator, prompt, samples, 1, cancellation);
            all = Seconds(generator, prompt, samples, tokens, cancellation);
            if (all > first)
                return all - first;
        }
        return all;
    }
}
