using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>The same bytes wherever a training runs, and the log-probabilities of inference.</summary>
public class TrainingExactnessTests
{
    /// <summary>Weights of these steps: a change of them is another training.</summary>
    [TestCase(true, "4304118a41c5514f")]
    [TestCase(false, "581d40308bf6593b")]
    public void Weights_have_the_committed_hash_at_every_thread_count_instruction_set_and_micro_batch(bool tied, string expected)
    {
        ModelConfig config = tied ? TrainingShapes.Grouped : TrainingShapes.Untied;
        var placements =
            from set in InstructionSets.Supported
            from place in new (int Threads, int Tokens)[] { (1, 1), (2, 1000), (3, 1), (4, 5000) }
            select new TrainingPlacement { Threads = place.Threads, Isa = set.ToString(), MicroBatchTokens = place.Tokens };
        foreach (TrainingPlacement placement in placements)
            Assert.That(Train(config, placement)[..16], Is.EqualTo(expected), placement.ToString());
    }

    [TestCaseSource(typeof(TrainingShapes), nameof(TrainingShapes.Models))]
    public void Log_probabilities_are_those_of_a_prefill_and_of_generation(ModelConfig config)
    {
        using CpuTrainer trainer =
            CpuTrainer.Create(config, new InitialWeights(3, 0.3), TrainingShapes.Settings, new TrainingPlacement { Threads = 2 });
        trainer.Step(TrainingShapes.Batch(config), 1e-3);
        using CpuLanguageModel model = CpuLanguageModel.Load(
            trainer.Checkpoint, Precision.F32, new Placement { Threads = 2, Batch = 8, Isa = InstructionSets.Supported[0].ToString() });
        using var generator = new CpuGenerator(model);
        int[] lengths = [1, 5, 63, 64, 65, 100];
        List<TrainingSequence> sequences = [];
        List<float[]> drawn = [];
        foreach (int length in lengths)
        {
            int[] prompt = [.. Enumerable.Range(0, length).Select(i => (i * 29) % config.Vocabulary)];
            generator.Generate(
                [new GenerationRequest { Problem = length, Prompt = prompt, Samples = [0, 1] }],
                new DecodingSettings { Seed = 5, Temperature = 1, MaxTokens = 150 - length },
                sample =>
                {
                    sequences.Add(TrainingSequence.Of([.. prompt, .. sample.Tokens]));
                    drawn.Add(sample.LogProbabilities);
                },
                CancellationToken.None);
        }
        trainer.Evaluate(new TrainingBatch([SequenceGroup.Of(sequences)]));
        float[] all = trainer.LogProbabilities.ToArray();
        int rows = sequences.Max(sequence => sequence.Predictions);
        for (int i = 0; i < sequences.Count; i++)
        {
            float[] own = all[(i * rows)..((i * rows) + sequences[i].Predictions)];
            Assert.That(own[^drawn[i].Length..], Is.EqualTo(drawn[i]), $"generated after {lengths[i / 2]} tokens");
            AssertPrefill(model, sequences[i].Tokens, own);
        }
    }

    [Test]
    public void Log_probabilities_of_a_step_are_those_of_an_evaluation_and_the_loss_is_their_mean()
    {
        ModelConfig config = TrainingShapes.Grouped;
        TrainingBatch batch = TrainingShapes.Batch(config);
        using CpuTrainer trainer =
            CpuTrainer.Create(config, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Threads = 2 });
        double evaluated = trainer.Evaluate(batch);
        float[] all = trainer.LogProbabilities.ToArray();
        StepResult step = trainer.Step(batch, 1e-3);
        float[] counted = trainer.LogProbabilities.ToArray();
        Assert.That(step.Loss, Is.EqualTo(evaluated));
        Assert.That(counted, Has.Some.Zero);
        for (int row = 0; row < all.Length; row++)
            Assert.That(counted[row], Is.EqualTo(all[row]).Or.Zero, $"row {row}");
    }

    [Test]
    public void What_lies_in_the_padding_is_of_no_effect()
    {
        ModelConfig config = TrainingShapes.Grouped;
        TrainingSequence whole = TrainingSequence.Of(1, 2, 3, 4, 5, 6, 7);
        TrainingSequence shorter = new() { Tokens = whole.Tokens[..4], Weights = [1, 1, 1, 1] };
        TrainingSequence masked = new() { Tokens = [1, 2, 3, 4, 9, 8, 7], Weights = [1, 1, 1, 1, 0, 0, 0] };
        string[] hashes = [.. new[] { shorter, masked }.Select(second =>
        {
            using CpuTrainer trainer =
                CpuTrainer.Create(config, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Threads = 1 });
            trainer.Step(new TrainingBatch([SequenceGroup.Of([whole, second, whole])]), 1e-2);
            return trainer.WeightsHash();
        })];
        Assert.That(hashes[1], Is.EqualTo(hashes[0]));
    }

    static unsafe void AssertPrefill(CpuLanguageModel model, int[] tokens, float[] expected)
    {
        using var sampler = new Sampler(model.Checkpoint.Config.Vocabulary);
        model.Evaluate(
            tokens,
            (position, logits) =>
            {
                if (position + 1 == tokens.Length)
                    return;
                fixed (float* values = logits)
                    Assert.That(sampler.LogProbability(values, tokens[position + 1], out _, out _), Is.EqualTo(expected[position]));
            },
            pieceLength: 7);
    }

    static string Train(ModelConfig config, TrainingPlacement placement)
    {
        using CpuTrainer trainer = CpuTrainer.Create(config, new InitialWeights(7), TrainingShapes.Settings, placement);
        for (int step = 1; step <= 3; step++)
            trainer.Step(TrainingShapes.Batch(config, step), 3e-3);
        return trainer.WeightsHash();
    }

    /// <summary>A token that should not come has the probability of all others, and a step lowers its own.</summary>
    [Test]
    public void An_unlikely_token_is_unlearnt()
    {
        ModelConfig config = TrainingShapes.Grouped;
        int[] tokens = [4, 9, 2, 7, 1];
        using CpuTrainer trainer = CpuTrainer.Create(
            config, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Threads = 1 });
        TrainingSequence unlikely = TrainingSequence.Of(tokens) with { Unlikely = [false, true, false, true, false] };
        TrainingBatch batch = new([SequenceGroup.Of([unlikely])]), written = new([SequenceGroup.Of([TrainingSequence.Of(tokens)])]);
        for (int step = 0; step < 40; step++)
            trainer.Step(written, 3e-3);
        trainer.Evaluate(written);
        float[] before = trainer.LogProbabilities.ToArray();
        trainer.Evaluate(batch);
        float[] judged = trainer.LogProbabilities.ToArray();
        Assert.That((judged[1], judged[3]), Is.EqualTo((before[1], before[3])));
        Assert.That(judged[0], Is.EqualTo(Math.Log(1 - Math.Exp(before[0]))).Within(1e-5));
        Assert.That(judged[2], Is.EqualTo(Math.Log(1 - Math.Exp(before[2]))).Within(1e-5));
        for (int step = 0; step < 40; step++)
            trainer.Step(batch, 3e-3);
        trainer.Evaluate(written);
        float[] after = trainer.LogProbabilities.ToArray();
        Assert.That(before, Is.All.GreaterThan(Math.Log(0.5)));
        Assert.That(new[] { after[0], after[2] }, Is.All.LessThan(Math.Log(0.1)));
        Assert.That(new[] { after[1], after[3] }, Is.All.GreaterThan(Math.Log(0.5)));
        Assert.Throws<ArgumentException>(() =>
            trainer.Evaluate(new TrainingBatch([SequenceGroup.Of([unlikely with { Unlikely = [true] }])])));
    }

    /// <summary>What is judged and not written: its log-probability in place of the next token's, which is read all the same.</summary>
    [Test]
    public void A_target_is_predicted_in_the_place_of_the_token_that_follows()
    {
        ModelConfig config = TrainingShapes.Grouped;
        int[] tokens = [4, 9, 2, 7, 1];
        using CpuTrainer trainer = CpuTrainer.Create(
            config, new InitialWeights(1), TrainingShapes.Settings, new TrainingPlacement { Threads = 1 });
        TrainingSequence judged = TrainingSequence.Of(tokens) with { Targets = [0, 9, 20, 7, 30] };
        trainer.Evaluate(new TrainingBatch([SequenceGroup.Of([judged])]));
        float[] given = trainer.LogProbabilities.ToArray();
        float[] expected =
        [
            LogProbabilityAfter(1, 9), LogProbabilityAfter(2, 20), LogProbabilityAfter(3, 7), LogProbabilityAfter(4, 30),
        ];
        Assert.That(given, Is.EqualTo(expected));
        Assert.Throws<ArgumentException>(() => trainer.Evaluate(new TrainingBatch([SequenceGroup.Of([judged with { Targets = [1] }])])));
        HarnessException error = Assert.Throws<HarnessException>(() => trainer.Evaluate(
            new TrainingBatch([SequenceGroup.Of([judged with { Targets = [0, 9, 20, 7, config.Vocabulary] }])])))!;
        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.TokenOutsideVocabulary));

        float LogProbabilityAfter(int read, int target)
        {
            trainer.Evaluate(new TrainingBatch([SequenceGroup.Of([TrainingSequence.Of([.. tokens[..read], target])])]));
            return trainer.LogProbabilities[read - 1];
        }
    }
}
