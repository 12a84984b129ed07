using System.Runtime.CompilerServices;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// A model of any shape with seeded random weights, computed when read and the same on every machine: each value depends on the
/// seed, its tensor's name and its place alone.
/// </summary>
/// <remarks>
/// Matrices are near normal with standard deviation 1 / sqrt(inputs), so that activations stay of order one; norms lie around 1, biases
/// around 0. Values are sums of four 16-bit integers drawn by SplitMix64 (Steele, Lea and Flood 2014), scaled: no transcendental functions.
/// </remarks>
sealed class SyntheticCheckpoint : Checkpoint
{
    const ulong Golden = 0x9E3779B97F4A7C15;
    const int MeanOfSum = 4 * 65535 / 2;

    /// <summary>Standard deviation of the sum of four uniform 16-bit integers, 65536 / sqrt(3).</summary>
    const float DeviationOfSum = 37837.2266f;

    readonly Dictionary<string, NeededTensor> tensors;
    readonly ulong seed;

    SyntheticCheckpoint(ModelConfig config, ulong seed)
    {
        Config = config;
        this.seed = seed;
        tensors = TensorLayout.Of(config).ToDictionary(tensor => tensor.Name);
        ContentHash = ContentHashes.OfText(SyntheticShape.CanonicalName(config, seed));
    }

    public override ModelConfig Config { get; }

    public override Tokenizer? Tokenizer => null;

    public override ChatTemplate? ChatTemplate => null;

    public override string ContentHash { get; }

    /// <summary>
    /// Reads <c>synthetic:llama?d=576&amp;layers=30&amp;heads=9&amp;kv=3&amp;ffn=1536&amp;vocab=49152&amp;context=2048&amp;seed=1</c>, or a
    /// preset with or without numbers of its own, <c>synthetic:135m?layers=4</c>.
    /// With experts=8&amp;active=2 each layer has so many experts of width ffn, of which a token passes so many. kv defaults to heads,
    /// head (the width of one) to d / heads, context to 2048, tied to 1, seed to 1.
    /// </summary>
    public static SyntheticCheckpoint Parse(string name)
    {
        (ModelConfig config, ulong seed) = SyntheticShape.Parse(name);
        return new SyntheticCheckpoint(config, seed);
    }

    public override bool Has(string tensor) => tensors.ContainsKey(tensor);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ReadRows(string tensor, int firstRow, Span<float> destination)
    {
        if (!tensors.TryGetValue(tensor, out NeededTensor needed))
            throw new ArgumentException($"the model has no tensor {tensor}", nameof(tensor));
        int count = destination.Length / needed.Columns;
        if (count * needed.Columns != destination.Length || firstRow < 0 || firstRow > needed.Rows - count)
        {
            throw new ArgumentOutOfRangeException(nameof(firstRow),
                $"{tensor} [{needed.Rows}, {needed.Columns}]: no {destination.Length} values from row {firstRow}");
        }
        ulong state = StreamOf(tensor) + (ulong)((long)firstRow * needed.Columns) * Golden;
        float scale = needed.IsVector ? 0.125f / DeviationOfSum : 1 / (DeviationOfSum * MathF.Sqrt(needed.Columns));
        float center = needed.IsVector && !needed.Part.EndsWith("_bias", StringComparison.Ordinal) ? 1 : 0;
        for (int i = 0; i < destination.Length; i++)
        {
            ulong bits = Mix(state += Golden);
            int sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
            destination[i] = center + (sum - MeanOfSum) * scale;
        }
    }

    /// <summary>FNV-1a of the name, mixed with the seed.</summary>
    ulong StreamOf(string tensor)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char character in tensor)
            hash = (hash ^ character) * 0x100000001B3;
        return Mix(hash ^ Mix(seed + Golden));
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
