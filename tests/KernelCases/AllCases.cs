namespace KernelCases;

/// <summary>Every case of every kernel.</summary>
public static class AllCases
{
    public static IEnumerable<KernelCase> All() =>
    [
        .. RmsNormCases.All(),
        .. LinearInt8Cases.All(),
        .. LinearF32Cases.All(),
        .. SwiGluCases.All(),
        .. CeilingCases.All(),
        .. EmbeddingCases.All(),
        .. DecodingCases.All(),
        .. RotaryEmbeddingCases.All(),
        .. AttentionCases.All(),
        .. SamplingCases.All(),
    ];
}
