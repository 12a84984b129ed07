using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Training;

/// <summary>
/// Trains a model of the llama shape in exact float32, on whatever device: losses, norms, weights and the file of its state are the same
/// bytes on each, so that a run that was begun on one may go on on another.
/// </summary>
public interface ITrainer : IDisposable
{
    ModelConfig Config { get; }

    /// <summary>
    /// The most times that the layers are passed: a model that is trained to pass them several times, each time with the same weights,
    /// thinks longer without another token (Dehghani et al. 2019, arXiv 1807.03819; Geiping et al. 2025, arXiv 2502.05171).
    /// </summary>
    int MostLoops { get; }

    /// <summary>Steps done.</summary>
    long Steps { get; }

    /// <summary>The weights as they are now, to generate with or to write; not to be read while a step runs.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>
    /// Of each prediction of the last batch in its order, padding among them, the label's natural log-probability: after
    /// <see cref="Evaluate"/> of all, after <see cref="Step"/> of those that count in the loss, else 0.
    /// </summary>
    ReadOnlySpan<float> LogProbabilities { get; }

    /// <summary>One step of AdamW.</summary>
    /// <param name="batch">What it learns from.</param>
    /// <param name="learningRate">Of this step.</param>
    /// <param name="loops">Times that the layers are passed.</param>
    /// <exception cref="HarnessException">
    /// The loss or a gradient is not finite (weights and moments stay as they were), or the batch does not fit the model or the memory.
    /// </exception>
    StepResult Step(TrainingBatch batch, double learningRate, int loops = 1);

    /// <summary>The loss of a batch without learning: the mean over its weighted tokens, in nats.</summary>
    /// <exception cref="HarnessException">The batch does not fit the model or the memory.</exception>
    double Evaluate(TrainingBatch batch, int loops = 1);

    /// <summary>SHA-256 of all weights, lower-case hex.</summary>
    string WeightsHash();

    /// <summary>
    /// Writes weights, moments and step, so that <see cref="Resume"/> goes on to the same bytes; the file that was there stays until the
    /// new one is complete.
    /// </summary>
    /// <param name="path">A file.</param>
    /// <param name="run">What names the run: all that its bytes depend on.</param>
    /// <exception cref="HarnessException">The file can't be written.</exception>
    void Save(string path, string run);

    /// <summary>Takes up a run where <see cref="Save"/> left it.</summary>
    /// <param name="path">A file.</param>
    /// <param name="run">What names the run.</param>
    /// <exception cref="HarnessException">
    /// The file is absent, damaged, of another run or of another model; nothing is taken from it then.
    /// </exception>
    void Resume(string path, string run);
}
