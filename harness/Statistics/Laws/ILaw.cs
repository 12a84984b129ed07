namespace Harness.Statistics.Laws;

/// <summary>A scaling law: a formula with parameters, and how they are found.</summary>
public interface ILaw
{
    /// <summary>The name by which it is asked for, such as coverage.</summary>
    string Name { get; }

    /// <summary>One line for lists.</summary>
    string Summary { get; }

    /// <summary>Such as "-ln c = a k^b".</summary>
    string Formula { get; }

    /// <summary>The paper.</summary>
    string Source { get; }

    /// <summary>The columns that it reads, the budget first: points of larger budgets are what it is to predict.</summary>
    IReadOnlyList<string> Inputs { get; }

    /// <summary>The column that it predicts.</summary>
    string Output { get; }

    IReadOnlyList<string> Parameters { get; }

    /// <summary>What is minimised, such as "sum of squares of ln(-ln c)".</summary>
    string LossName { get; }

    /// <param name="near">
    /// Another fit of nearly the same points, as of all where these are a resample: the search then begins there instead of everywhere.
    /// </param>
    LawFit Fit(LawData data, LawFit? near = null);

    /// <summary>
    /// The law with the parameters that these points have: itself, except where it has parameters for each value of an input.
    /// </summary>
    ILaw Over(LawData data) => this;

    /// <summary>
    /// Places of the inputs that name a model. Points of one model are measured on the same samples, so that a resample draws all of them
    /// or none. Without any, points are drawn one by one.
    /// </summary>
    IReadOnlyList<int> ModelInputs => [];

    /// <summary>By which points are called small or large: those of the largest budgets are held out.</summary>
    double Budget(ReadOnlySpan<double> inputs) => inputs[0];

    /// <summary>What the formula gives.</summary>
    double Predict(ReadOnlySpan<double> parameters, ReadOnlySpan<double> inputs);
}
