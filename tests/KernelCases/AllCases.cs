namespace KernelCases;

/// <summary>Every case of every kernel.</summary>
public static class AllCases
{
    public static IEnumerable<KernelCase> All() =>
    [
        .. RmsNormCases.All(),
        .. LinearInt8Cases.All(),
        .. LinearF32Cases.All(),
        .. LinearBf16Cases.All(),
        .. SwiGluCases.All(),
        .. CeilingCases.All(),
        .. EmbeddingCases.All(),
        .. DecodingCases.All(),
        .. SlotsCases.All(),
        .. RotaryEmbeddingCases.All(),
        .. AttentionCases.All(),
        .. SamplingCases.All(),
        .. LinearExpertsCases.All(),
        .. RouterCases.All(),
        .. GeneratorCases.All(),
        .. MixtureCases.All(),
        .. KeptGraphCases.All(),
        .. Bf16ModelCases.All(),
        .. GemmF32Cases.All(),
        .. GemmF32ExpertsCases.All(),
        .. ExpertBackwardCases.All(),
        .. SequenceAttentionCases.All(),
        .. TrainingOperationCases.All(),
        .. TrainedWeightsCases.All(),
        .. TrainingCases.All(),
    ];

    /// <summary>Cases of random shapes and inputs; those of one seed are always the same.</summary>
    public static IEnumerable<KernelCase> Random(ulong seed)
    {
        var random = new Random(unchecked((int)(seed * 0x9E3779B9)));
        return
        [
            .. RmsNormCases.Random(random),
            .. LinearInt8Cases.Random(random),
            .. LinearF32Cases.Random(random),
            .. LinearBf16Cases.Random(random),
            .. RotaryEmbeddingCases.Random(random),
            .. AttentionCases.Random(random),
            .. SlotsCases.Random(random),
            .. SamplingCases.Random(random),
            .. LinearExpertsCases.Random(random),
        .. RouterCases.Random(random),
        .. GeneratorCases.Random(random),
            .. GemmF32Cases.Random(random),
            .. GemmF32ExpertsCases.Random(random),
            .. ExpertBackwardCases.Random(random),
            .. SequenceAttentionCases.Random(random),
            .. TrainingOperationCases.Random(random),
            .. TrainingCases.Random(random),
        ];
    }
}
