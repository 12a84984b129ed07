using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Kernels.Tests.Training;

namespace Kernels.Tests.Models;

public class TrainingFlopsTests
{
    [TestCaseSource(typeof(TrainingShapes), nameof(TrainingShapes.Models))]
    public void Operations_are_three_forward_passes_with_logits(ModelConfig config)
    {
        long forward = Enumerable.Range(0, 37).Sum(position => ModelFlops.Token(config, position, logits: true));
        TrainingFlops training = TrainingFlops.Of(config, 37);
        Assert.That(training.Total, Is.EqualTo(3 * forward));
        Assert.That(training.Head, Is.EqualTo(6L * 37 * config.Width * config.Vocabulary));
        Assert.That(training.WithoutHead + training.Head, Is.EqualTo(training.Total));
    }

    [TestCaseSource(typeof(TrainingShapes), nameof(TrainingShapes.Models))]
    public void Parameters_are_those_of_the_tensors(ModelConfig config)
    {
        long all = TensorLayout.Of(config).Sum(tensor => (long)tensor.Rows * tensor.Columns);
        long embeddings = (config.TiedEmbedding ? 1 : 2) * (long)config.Vocabulary * config.Width;
        Assert.That(TrainingFlops.Parameters(config, embedding: true), Is.EqualTo(all));
        Assert.That(TrainingFlops.Parameters(config, embedding: false), Is.EqualTo(all - embeddings));
    }

    [Test]
    public void Of_a_mixture_of_experts_the_active_ones_work_and_all_are_there()
    {
        ModelConfig mixture = TrainingShapes.Mixture, dense = mixture with { Experts = null, FeedForward = 2 * mixture.FeedForward };
        long router = mixture.Layers * 5L * mixture.Width;
        Assert.That(ModelFlops.BodyMultiplyAdds(mixture), Is.EqualTo(ModelFlops.BodyMultiplyAdds(dense) + router));
        Assert.That(
            TrainingFlops.Parameters(mixture, embedding: true, active: true),
            Is.EqualTo(TrainingFlops.Parameters(dense, embedding: true) + router));
        Assert.That(
            TrainingFlops.Parameters(mixture, embedding: false) - TrainingFlops.Parameters(mixture, embedding: false, active: true),
            Is.EqualTo(mixture.Layers * 3L * 3 * mixture.Width * mixture.FeedForward), "three experts of five rest");
    }
}
