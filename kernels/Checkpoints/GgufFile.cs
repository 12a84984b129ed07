using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// A GGUF file, version 2 or 3, little-endian, memory-mapped: metadata and tensors, whatever they are for
/// (github.com/ggml-org/ggml/blob/master/docs/gguf.md). <see cref="Checkpoint"/> is the view of one that is a model.
/// </summary>
public sealed class GgufFile : IDisposable
{
    const int MostDimensions = 4;
    const int MostTensors = 1 << 18;
    const uint Magic = 0x46554747;

    readonly MappedFile file;
    readonly Dictionary<string, StoredTensor> byName = [];

    GgufFile(MappedFile file)
    {
        this.file = file;
        var cursor = new GgufCursor(file);
        ReadVersion(cursor);
        long tensors = cursor.ReadCount("tensors", 24);
        Metadata = new GgufMetadata(file, cursor, cursor.ReadCount("metadata keys", 13));
        Tensors = ReadTensors(cursor, tensors, Alignment());
    }

    public string Path => file.Path;

    public GgufMetadata Metadata { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Whether the file starts as GGUF files do.</summary>
    internal static bool IsGguf(MappedFile file) =>
        file.Length >= 4 && new GgufCursor(file).ReadUInt32() == Magic;

    /// <summary>Opens <paramref name="path"/>; a file that is absent, no GGUF, or contradicts itself is refused with a code.</summary>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public StoredTensor? Find(string tensor) => byName.GetValueOrDefault(tensor);

    internal IReadOnlyDictionary<string, StoredTensor> TensorsByName => byName;

    public void Dispose() => file.Dispose();

    void ReadVersion(GgufCursor cursor)
    {
        if (!IsGguf(file))
            throw KernelCodes.ModelFormat.With("does not start with GGUF", Path);
        cursor.Skip(4);
        uint version = cursor.ReadUInt32();
        if ((version & 0xFFFF) == 0 && version != 0)
            throw KernelCodes.ModelFormat.With("is a big-endian GGUF; only little-endian ones are read", Path);
        if (version is not (2 or 3))
            throw KernelCodes.ModelFormat.With($"is GGUF version {version}; versions 2 and 3 are read", Path);
    }

    long Alignment()
    {
        long alignment = Metadata.WholeNumber("general.alignment") ?? 32;
        if (alignment is <= 0 or > 1 << 20 || !BitOperations.IsPow2(alignment))
            throw KernelCodes.ModelCorrupt.With($"general.alignment {alignment} is not a power of two up to 1 MiB", Path);
        return alignment;
    }

    List<StoredTensor> ReadTensors(GgufCursor cursor, long count, long alignment)
    {
        if (count > MostTensors)
            throw cursor.Corrupt($"{count} tensors are more than any model has");
        var headers = new List<TensorHeader>();
        for (long i = 0; i < count; i++)
            headers.Add(ReadHeader(cursor, alignment));
        long dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        var tensors = new List<StoredTensor>(headers.Count);
        foreach (TensorHeader header in headers)
        {
            long offset = header.Offset <= file.Length ? dataStart + header.Offset : long.MaxValue;
            var tensor = StoredTensor.Create(file, header.Name, header.Dimensions, header.Format, offset);
            if (!byName.TryAdd(tensor.Name, tensor))
                throw KernelCodes.ModelCorrupt.With($"tensor {tensor.Name} appears twice", Path);
            tensors.Add(tensor);
        }
        StoredTensor.RequireDisjoint(tensors, Path);
        return tensors;
    }

    TensorHeader ReadHeader(GgufCursor cursor, long alignment)
    {
        ReadOnlySpan<byte> nameBytes = cursor.ReadString();
        if (nameBytes.Length is 0 or > 1024 || !Utf8.IsValid(nameBytes))
            throw cursor.Corrupt("a tensor's name is empty, too long or not UTF-8");
        string name = Encoding.UTF8.GetString(nameBytes);
        uint dimensionCount = cursor.ReadUInt32();
        if (dimensionCount is 0 or > MostDimensions)
            throw cursor.Corrupt($"tensor {name} has {dimensionCount} dimensions");
        var dimensions = new long[dimensionCount];
        for (int i = dimensions.Length - 1; i >= 0; i--)
            dimensions[i] = (long)Math.Min(cursor.ReadUInt64(), long.MaxValue);
        uint type = cursor.ReadUInt32();
        long offset = (long)Math.Min(cursor.ReadUInt64(), long.MaxValue);
        BlockFormat format = BlockFormat.OfGgmlType(type, out string typeName)
            ?? throw KernelCodes.BlockTypeUnsupported.With($"tensor {name} is of type {typeName}", Path);
        if (offset % alignment != 0)
            throw KernelCodes.ModelCorrupt.With($"tensor {name} at byte {offset} of the data is not aligned to {alignment}", Path);
        return new TensorHeader(name, dimensions, format, offset);
    }

    readonly record struct TensorHeader(string Name, long[] Dimensions, BlockFormat Format, long Offset);
}
