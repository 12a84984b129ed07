using Harness.Kernels.Configuration;

namespace Gpu;

/// <summary>What is generated to be measured: samples of one prompt that all end at the same length.</summary>
sealed record Workload(string Name, string Model, Precision Precision, int PromptTokens, int Samples, int Tokens)
{
    const string Small = "synthetic:llama?d=128&layers=4&heads=8&kv=8&ffn=384&vocab=128&context=256";
    const string Usual = "synthetic:135m";

    /// <summary>Those of one model and precision follow one another.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("135M, one sample", Usual, Precision.W8A8, 128, 1, 256),
        new("135M, 64 samples of one 1,024-token prompt", Usual, Precision.W8A8, 1024, 64, 128),
        new("135M, 1,024 samples, 256 own tokens", Usual, Precision.W8A8, 16, 1024, 256),
        new("135M bf16, 1,024 samples, 256 own tokens", Usual, Precision.Bf16, 16, 1024, 256),
        new("135M bf16, one sample", Usual, Precision.Bf16, 128, 1, 256),
        new("1M, 8,192 samples of 64 tokens", Small, Precision.W8A8, 16, 8192, 64),
        new("135M f32, 64 samples", Usual, Precision.F32, 128, 64, 64),
        new("135M f32, one sample", Usual, Precision.F32, 128, 1, 64),
    ];

    /// <summary>The name as part of a file's.</summary>
    public string FileName => string.Join('-', Name.ToLowerInvariant().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries));
}
