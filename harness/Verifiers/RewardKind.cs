namespace Harness.Verifiers;

/// <summary>What a reward model judges, and so where it is read.</summary>
public enum RewardKind
{
    /// <summary>Whether the whole answer is right: yes or no, read at its last token (Cobbe et al. 2021, arXiv 2110.14168).</summary>
    Outcome,

    /// <summary>
    /// Whether an answer that goes on from here can still be right: good or bad, read at each step's end and at the last token (Lightman et
    /// al. 2023, arXiv 2305.20050; Wang et al. 2024, Math-Shepherd, arXiv 2312.08935).
    /// </summary>
    Steps,
}
