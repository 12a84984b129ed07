using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Measurement;

namespace Harness.Tests.Measurement;

[TestFixture]
sealed class TimedGenerationTests
{
    /// <summary>Takes so long for each generation in turn.</summary>
    sealed class Sleeper(params int[] milliseconds) : IGenerator
    {
        public int Calls { get; private set; }

        public void Generate(IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished,
            CancellationToken cancellation) => Thread.Sleep(milliseconds[Calls++ % milliseconds.Length]);

        public void Dispose()
        {
        }
    }

    static double Seconds(Sleeper generator) => TimedGeneration.DecodingSeconds(generator, [1], 1, 8, default);

    [Test]
    public void Decoding_takes_what_a_generation_does_beyond_its_first_token() =>
        Assert.That(Seconds(new Sleeper(200, 1000)), Is.InRange(0.4, 0.95), "0.8 and what a busy machine adds to either");

    [Test]
    public void A_pair_of_which_the_shorter_took_longer_is_timed_again()
    {
        Sleeper generator = new(300, 0, 0, 300);
        Assert.That(Seconds(generator), Is.GreaterThan(0));
        Assert.That(generator.Calls, Is.EqualTo(4));
    }

    [Test]
    public void Time_is_never_negative_and_attempts_end()
    {
        Sleeper generator = new(150, 0);
        Assert.That(Seconds(generator), Is.GreaterThanOrEqualTo(0));
        Assert.That(generator.Calls, Is.EqualTo(10));
    }
}
