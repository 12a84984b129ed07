namespace Harness.Engines;

/// <summary>An engine whose models are known so well that what a strategy is worth over all problems is known too.</summary>
public interface IKnownTruth
{
    /// <summary>The accuracy of a strategy over all problems that the model may be asked; null where that is not known.</summary>
    /// <param name="model">A name that the engine knows.</param>
    /// <param name="question">What is asked of it.</param>
    double? Accuracy(string model, KnownQuestion question);
}
