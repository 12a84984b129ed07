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
}
