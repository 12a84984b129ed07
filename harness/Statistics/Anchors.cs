namespace Harness.Statistics;

/// <summary>The two values that a bootstrap adds to those of the problems: the most extreme that a problem could have.</summary>
public readonly record struct Anchors(double First, double Second)
{
    /// <summary>Of accuracies: one problem that is never right and one that always is.</summary>
    public static Anchors Accuracy { get; } = new(0, 1);

    /// <summary>Of differences of accuracies: one problem lost wholly and one won wholly.</summary>
    public static Anchors Difference { get; } = new(-1, 1);
}
