namespace Harness.Manifests;

/// <summary>What an attribute is to its pool, so that two pools can be asked whether they differ in more than a comparison may.</summary>
public enum PoolRole
{
    /// <summary>Its name.</summary>
    Name,

    /// <summary>What is asked: pools that agree in these have the same problems.</summary>
    Asks,

    /// <summary>How it is put and answered: what a comparison of two pools is about.</summary>
    Answers,

    /// <summary>How many samples are drawn; a sample does not depend on it.</summary>
    Amount,
}
