using Harness.Kernels.Configuration;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>
/// A model of a chain whose transitions are known has a cross-entropy that is known to be no lower than the chain's entropy rate.
/// </summary>
public class MarkovChainTests
{
    const int States = 6;
    const int Length = 17;
    const int Steps = 250;

    /// <summary>Every row adds up to 1; no two are alike.</summary>
    static readonly double[][] Transitions = [.. Enumerable.Range(0, States).Select(Row)];

    [Test]
    public void Cross_entropy_comes_within_a_percent_of_the_entropy_rate_and_never_below()
    {
        ModelConfig config =
            RandomCheckpoint.Shape(layers: 1, width: 24, heads: 2, kvHeads: 2, headWidth: 12, feedForward: 48, vocabulary: States);
        using CpuTrainer trainer =
            CpuTrainer.Create(config, new InitialWeights(1), new AdamWSettings { WeightDecay = 0 }, new TrainingPlacement { Threads = 2 });
        WarmupStableDecay schedule = WarmupStableDecay.WithShare(0.02, Steps, 10, 0.5);
        var random = new Random(3);
        double entropy = EntropyRate();
        for (int step = 1; step <= Steps; step++)
        {
            TrainingSequence[] sequences = [.. Enumerable.Range(0, 64).Select(_ => TrainingSequence.Of(Draw(random)))];
            trainer.Step(new TrainingBatch([SequenceGroup.Of(sequences)]), schedule.RateAt(step));
            if (step % 50 == 0)
                Assert.That(CrossEntropyRate(trainer), Is.GreaterThanOrEqualTo(entropy), $"step {step}");
        }
        Assert.That(CrossEntropyRate(trainer), Is.LessThan(1.01 * entropy));
    }

    /// <summary>
    /// Over states and transitions, not samples: after two tokens, each pair weighed by its probability and each next token by its own.
    /// </summary>
    static double CrossEntropyRate(CpuTrainer trainer)
    {
        double[] stationary = Stationary();
        int[] states = [.. Enumerable.Range(0, States)];
        (int Before, int State, int Next)[] paths = [.. from a in states from b in states from c in states select (a, b, c)];
        trainer.Evaluate(
            new TrainingBatch([SequenceGroup.Of([.. paths.Select(path => TrainingSequence.Of(path.Before, path.State, path.Next))])]));
        double sum = 0;
        for (int i = 0; i < paths.Length; i++)
        {
            (int before, int state, int next) = paths[i];
            sum -= stationary[before] * Transitions[before][state] * Transitions[state][next] * trainer.LogProbabilities[(2 * i) + 1];
        }
        return sum;
    }

    static double EntropyRate() =>
        -Stationary().Select((share, state) => share * Transitions[state].Sum(p => p * Math.Log(p))).Sum();

    static double[] Stationary()
    {
        double[] shares = [.. Enumerable.Repeat(1.0 / States, States)];
        for (int i = 0; i < 1000; i++)
        {
            shares = [.. Enumerable.Range(0, States)
                .Select(next => shares.Select((share, state) => share * Transitions[state][next]).Sum())];
        }
        return shares;
    }

    static int[] Draw(Random random)
    {
        int[] tokens = new int[Length];
        tokens[0] = random.Next(States);
        for (int i = 1; i < Length; i++)
        {
            double left = random.NextDouble();
            int next = 0;
            while (next < States - 1 && (left -= Transitions[tokens[i - 1]][next]) > 0)
                next++;
            tokens[i] = next;
        }
        return tokens;
    }

    static double[] Row(int state)
    {
        double[] row = [.. Enumerable.Range(0, States).Select(next => 1.0 + ((state * 5) + (next * next * 7)) % 11)];
        return [.. row.Select(value => value / row.Sum())];
    }
}
