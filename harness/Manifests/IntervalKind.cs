namespace Harness.Manifests;

/// <summary>Which intervals an accuracy has.</summary>
public enum IntervalKind
{
    /// <summary>That of the anchored bootstrap over problems.</summary>
    Bootstrap,

    /// <summary>Beside it, that of the posterior distribution of a rate.</summary>
    Bayes,
}
