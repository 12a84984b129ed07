using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Tokenizers;

namespace Harness.Kernels.Checkpoints;

/// <summary>A model whose tensors lie in mapped files, which it owns.</summary>
sealed class FileCheckpoint : Checkpoint
{
    /// <summary>The file or folder, for messages.</summary>
    public required string Path { get; init; }

    public required IReadOnlyList<IDisposable> Files { get; init; }

    /// <summary>By the names of <see cref="TensorNames"/>.</summary>
    public required IReadOnlyDictionary<string, StoredTensor> Tensors { get; init; }

    /// <summary>Whether the rows of q and k alternate between the halves that RoPE rotates together, as GGUF's llama stores them.</summary>
    public required bool InterleavedRope { get; init; }

    public required Lazy<string> Hash { get; init; }

    public required ModelConfig ModelConfig { get; init; }

    public required Tokenizer ModelTokenizer { get; init; }

    public required ChatTemplate? ModelChatTemplate { get; init; }

    public override ModelConfig Config => ModelConfig;

    public override Tokenizer? Tokenizer => ModelTokenizer;

    public override ChatTemplate? ChatTemplate => ModelChatTemplate;

    public override string ContentHash => Hash.Value;

    public override bool Has(string tensor) => Tensors.ContainsKey(tensor);

    public override void ReadRows(string tensor, int firstRow, Span<float> destination)
    {
        if (!Tensors.TryGetValue(tensor, out StoredTensor? stored))
            throw new ArgumentException($"the model has no tensor {tensor}", nameof(tensor));
        if (InterleavedRope && (tensor.EndsWith(".q", StringComparison.Ordinal) || tensor.EndsWith(".k", StringComparison.Ordinal)))
            ReadHalfSplit(stored, firstRow, destination);
        else
            stored.ReadRows(firstRow, destination);
        RequireFinite(tensor, destination);
    }

    protected override void Dispose(bool disposing)
    {
        foreach (IDisposable file in Files)
            file.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Row (head, half, i) of the half-split order is row (head, i, half) of the file.</summary>
    void ReadHalfSplit(StoredTensor stored, int firstRow, Span<float> destination)
    {
        (int columns, int width) = (stored.Columns, Config.HeadWidth);
        for (int i = 0; i * columns < destination.Length; i++)
        {
            (int head, int inHead) = Math.DivRem(firstRow + i, width);
            (int half, int pair) = Math.DivRem(inHead, width / 2);
            stored.ReadRows((long)head * width + 2 * pair + half, destination.Slice(i * columns, columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RequireFinite(string tensor, ReadOnlySpan<float> values)
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        const int exponent = 0x7F800000;
        int i = 0;
        bool finite = true;
        for (; i + Vector256<int>.Count <= bits.Length; i += Vector256<int>.Count)
        {
            Vector256<int> exponents = Vector256.Create(bits[i..]) & Vector256.Create(exponent);
            finite &= !Vector256.EqualsAny(exponents, Vector256.Create(exponent));
        }
        for (; i < bits.Length; i++)
            finite &= (bits[i] & exponent) != exponent;
        if (!finite)
            throw KernelCodes.WeightsNotFinite.With($"tensor {tensor} holds NaN or an infinity", Path);
    }
}
