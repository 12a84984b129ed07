using Harness.Kernels.Configuration;
using Harness.Kernels.Training;

namespace Kernels.Tests.Training;

/// <summary>Models and batches of odd shapes.</summary>
static class TrainingShapes
{
    public static readonly AdamWSettings Settings = new();

    public static ModelConfig Grouped => RandomCheckpoint.Shape(layers: 2, width: 40, heads: 4, kvHeads: 2, headWidth: 10, feedForward: 70);

    public static ModelConfig Untied =>
        RandomCheckpoint.Shape(layers: 1, width: 33, heads: 3, kvHeads: 1, headWidth: 6, feedForward: 65, vocabulary: 67, tied: false);

    /// <summary>Most of a batch's tokens make more than one block of 64 of an expert's, some experts' less.</summary>
    public static ModelConfig Mixture =>
        RandomCheckpoint.Shape(layers: 2, width: 40, heads: 4, kvHeads: 2, headWidth: 10, feedForward: 35) with
        {
            Architecture = "mixtral",
            Experts = new ExpertShape { Count = 5, Active = 2, Normalised = true },
        };

    /// <summary>Of more experts than a chain of 64 terms sums, weighed among all.</summary>
    public static ModelConfig ManyExperts =>
        RandomCheckpoint.Shape(layers: 1, width: 33, heads: 3, kvHeads: 1, headWidth: 6, feedForward: 9, vocabulary: 67, tied: false) with
        {
            Architecture = "qwen2_moe",
            Experts = new ExpertShape { Count = 70, Active = 3, Normalised = false },
        };

    public static IEnumerable<TestCaseData> Models =>
    [
        new TestCaseData(Grouped).SetArgDisplayNames("grouped, tied"),
        new TestCaseData(Untied).SetArgDisplayNames("ragged, untied"),
        new TestCaseData(Mixture).SetArgDisplayNames("mixture of experts"),
    ];

    public static IEnumerable<TestCaseData> AllModels =>
        [.. Models, new TestCaseData(ManyExperts).SetArgDisplayNames("many experts")];

    /// <summary>
    /// Three groups: short sequences with padding and masked tokens, some with weight 2; long ones of several chunks; one alone.
    /// </summary>
    public static TrainingBatch Batch(ModelConfig config, int seed = 1, int sequences = 70, int longest = 131)
    {
        var random = new Random(seed);
        TrainingSequence Sequence(int length)
        {
            int[] tokens = [.. Enumerable.Range(0, length).Select(_ => random.Next(config.Vocabulary))];
            float[] weights = [.. Enumerable.Range(0, length).Select(i => i < length / 3 ? 0f : random.Next(4) == 0 ? 2f : 1f)];
            return new TrainingSequence { Tokens = tokens, Weights = weights };
        }
        return new TrainingBatch(
        [
            new SequenceGroup
            {
                PaddedLength = 14,
                Sequences = [.. Enumerable.Range(0, sequences).Select(_ => Sequence(random.Next(2, 14)))],
            },
            SequenceGroup.Of([Sequence(longest), Sequence(longest - 3)]),
            SequenceGroup.Of([Sequence(2)]),
        ]);
    }
}
