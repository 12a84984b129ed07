using Harness.Tasks;

namespace Harness.Training;

/// <summary>Where texts to learn from come from.</summary>
public interface IExampleSource
{
    /// <summary>SHA-256 of all that the texts depend on beside their manifest.</summary>
    string ContentHash { get; }

    /// <summary>A text of a split.</summary>
    /// <param name="stream">Named by the run's seed, the step and the sequence's place in it.</param>
    /// <param name="number">How many texts of this source and split were drawn before.</param>
    /// <param name="split">Train or validation.</param>
    Example Draw(ProblemRandom stream, long number, ProblemSplit split);
}
