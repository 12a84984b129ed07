namespace Harness.Analysis;

/// <summary>What the costs of strategies are compared in.</summary>
public enum CostUnit
{
    /// <summary>Logical floating-point operations.</summary>
    Operations,

    /// <summary>Tokens, prompt included: the model's shape is unknown, and with it the operations.</summary>
    Tokens,

    /// <summary>Samples: a recording does not state how many tokens they have.</summary>
    Samples,
}
