namespace Harness.Manifests;

/// <summary>What becomes stale when an attribute changes.</summary>
public enum KeyPart
{
    /// <summary>The samples, and with them everything: it decides what is generated.</summary>
    Pools,

    /// <summary>What is computed from the samples.</summary>
    Analysis,

    /// <summary>Nothing: it says where and how a run happens.</summary>
    Placement,

    /// <summary>Nothing: it is words for a reader.</summary>
    None,
}
