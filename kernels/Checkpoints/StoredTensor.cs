using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>A tensor inside a mapped file, whose bytes are known to lie within it.</summary>
public sealed class StoredTensor
{
    readonly MappedFile file;
    readonly long offset;
    readonly int rowBytes;

    StoredTensor(MappedFile file, string name, IReadOnlyList<long> dimensions, BlockFormat format, long offset)
    {
        this.file = file;
        this.offset = offset;
        Name = name;
        Dimensions = dimensions;
        Format = format;
        Columns = (int)dimensions[^1];
        rowBytes = Columns / format.BlockLength * format.BlockBytes;
    }

    public string Name { get; }

    /// <summary>Outermost first, as [outputs, inputs]; a vector has one.</summary>
    public IReadOnlyList<long> Dimensions { get; }

    public BlockFormat Format { get; }

    /// <summary>Values in a row, the innermost dimension.</summary>
    public int Columns { get; }

    public long Rows => ByteLength / rowBytes;

    internal long ByteLength { get; private init; }

    /// <summary>The tensor, or an error where its shape is absurd or its bytes do not lie within the file.</summary>
    internal static StoredTensor Create(MappedFile file, string name, IReadOnlyList<long> dimensions, BlockFormat format, long offset)
    {
        Int128 bytes = SizeInBytes(file, name, dimensions, format);
        if (offset < 0 || offset + bytes > file.Length)
            throw KernelCodes.ModelCorrupt.With(
                $"tensor {name}: {bytes} bytes from byte {offset} exceed the file's {file.Length}", file.Path);
        return new StoredTensor(file, name, dimensions, format, offset) { ByteLength = (long)bytes };
    }

    /// <summary>Refuses tensors that share bytes.</summary>
    internal static void RequireDisjoint(IReadOnlyList<StoredTensor> tensors, string path)
    {
        StoredTensor[] ordered = [.. tensors.OrderBy(tensor => tensor.offset)];
        for (int i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].offset < ordered[i - 1].offset + ordered[i - 1].ByteLength)
                throw KernelCodes.ModelCorrupt.With($"tensors {ordered[i - 1].Name} and {ordered[i].Name} overlap", path);
        }
    }

    /// <summary>
    /// A part of the outermost dimension of a tensor of three, as a tensor of two; of a vector, itself as a matrix of one row.
    /// </summary>
    /// <param name="index">0 to below the outermost dimension; 0 of a vector.</param>
    internal StoredTensor Slice(int index)
    {
        long rows = Dimensions.Count == 3 ? Dimensions[1] : 1;
        return new StoredTensor(file, $"{Name}[{index}]", [rows, Columns], Format, offset + (index * rows * rowBytes))
        {
            ByteLength = rows * rowBytes,
        };
    }

    /// <summary>Rows [<paramref name="firstRow"/>, +count) as float32, count being destination.Length / <see cref="Columns"/>.</summary>
    public void ReadRows(long firstRow, Span<float> destination)
    {
        long count = destination.Length / Columns;
        if (count * Columns != destination.Length || firstRow < 0 || firstRow > Rows - count)
        {
            throw new ArgumentOutOfRangeException(nameof(firstRow),
                $"{Name} [{Rows}, {Columns}]: no {destination.Length} values from row {firstRow}");
        }
        for (int i = 0; i < count; i++)
            ReadRow(firstRow + i, destination.Slice(i * Columns, Columns));
    }

    internal void ReadRow(long row, Span<float> destination)
    {
        Format.Decode(file.Slice(offset + row * rowBytes, rowBytes), destination);
        GC.KeepAlive(file);
    }

    static Int128 SizeInBytes(MappedFile file, string name, IReadOnlyList<long> dimensions, BlockFormat format)
    {
        string shape = string.Join(", ", dimensions);
        long columns = dimensions.Count == 0 ? 0 : dimensions[^1];
        if (columns is <= 0 or > int.MaxValue || columns % format.BlockLength != 0)
            throw KernelCodes.ModelCorrupt.With($"tensor {name} [{shape}]: no row of {format.Name} has {columns} values", file.Path);
        Int128 bytes = columns / format.BlockLength * format.BlockBytes;
        if (bytes > int.MaxValue)
            throw KernelCodes.ModelCorrupt.With($"tensor {name} [{shape}]: a row of {bytes} bytes is too long", file.Path);
        foreach (long dimension in dimensions.SkipLast(1))
        {
            if (dimension <= 0 || (bytes *= dimension) > file.Length)
                throw KernelCodes.ModelCorrupt.With($"tensor {name} [{shape}] does not fit the file's {file.Length} bytes", file.Path);
        }
        return bytes;
    }
}
