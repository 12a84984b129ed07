using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>Samples of the manifest's Model that its own checker labels: what a reward model learns from.</summary>
public sealed record LabellingManifest
{
    public required RewardKind Kind { get; init; }

    /// <summary>What is asked and how it is decoded: problems of the split train.</summary>
    public required PoolManifest Pool { get; init; }

    /// <summary>Of steps: completions that are drawn from each.</summary>
    public required int Rollouts { get; init; }

    /// <summary>
    /// Of steps: a label is good with the share of completions that are right; else where any is (Wang et al. 2024, Math-Shepherd, arXiv
    /// 2312.08935, section 3.3: soft and hard estimation).
    /// </summary>
    public required bool IsSoft { get; init; }

    /// <summary>Of steps: the probability of a step's own last token is the verdict, and no word after it.</summary>
    public required bool IsOfTokens { get; init; }

    /// <summary>How what learns from it is read.</summary>
    public RewardForm Form => IsOfTokens ? RewardForm.OfTokens : RewardForm.OfWords(Kind);
}
