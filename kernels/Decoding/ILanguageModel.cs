using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;

namespace Harness.Kernels.Decoding;

/// <summary>What sees the logits [vocabulary] of the token after position <paramref name="position"/>; valid during the call.</summary>
public delegate void LogitsVisitor(int position, ReadOnlySpan<float> logits);

/// <summary>Rates that no work of a kind exceeds on a machine.</summary>
/// <param name="OperationsPerSecond">Multiplications and additions of the precision's matrices.</param>
/// <param name="BytesPerSecond">From memory that no cache holds.</param>
public readonly record struct MeasuredCeilings(double OperationsPerSecond, double BytesPerSecond);

/// <summary>
/// A model ready to run, on the CPU or a GPU: weights loaded, memory planned. Both give the same bytes, but for bf16, which GPUs alone
/// have.
/// </summary>
public interface ILanguageModel : IDisposable
{
    Checkpoint Checkpoint { get; }

    Precision Precision { get; }

    /// <summary>Most samples decoded together.</summary>
    int Batch { get; }

    /// <summary>
    /// Passes a text through the model in pieces of at most <paramref name="pieceLength"/> tokens and shows the logits of every position.
    /// </summary>
    /// <exception cref="Diagnostics.HarnessException">
    /// The text is longer than the context, does not fit the memory, or holds a token outside the vocabulary.
    /// </exception>
    void Evaluate(ReadOnlySpan<int> tokens, LogitsVisitor visit, int pieceLength = int.MaxValue);

    /// <summary>Passes texts through the model and shows the logits of the positions that each asks for, in their order.</summary>
    /// <exception cref="Diagnostics.HarnessException">As of one text.</exception>
    void Evaluate(IReadOnlyList<EvaluatedText> texts, TextLogitsVisitor visit)
    {
        for (int text = 0; text < texts.Count; text++)
        {
            (int index, EvaluatedText asked) = (text, texts[text]);
            Evaluate(asked.Tokens, (position, logits) =>
            {
                if (Array.BinarySearch(asked.Positions, position) >= 0)
                    visit(index, position, logits);
            });
        }
    }

    /// <summary>
    /// Whether a request of this shape can be generated with the memory that is free now, and how many of its samples at once. A batch of
    /// requests fits where each of them does.
    /// </summary>
    MemoryFit Fits(RequestShape shape);

    /// <summary>What draws samples from this model; one at a time.</summary>
    IGenerator CreateGenerator();

    /// <summary>What the machine does at most in this precision, measured here and now within about <paramref name="time"/> each.</summary>
    MeasuredCeilings MeasureCeilings(TimeSpan time);
}
