using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Checkpoints;

/// <summary>A float32 tensor to be written.</summary>
/// <param name="Name">In the file.</param>
/// <param name="Dimensions">One or two, outermost first.</param>
/// <param name="Read">Copies a row, the innermost dimension, into a span of its length.</param>
sealed record WrittenTensor(string Name, IReadOnlyList<long> Dimensions, TensorRowReader Read)
{
    public int Columns => (int)Dimensions[^1];

    public int Rows => (int)(Values / Columns);

    public long Values => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}

/// <summary>Copies one row of a tensor.</summary>
delegate void TensorRowReader(int row, Span<float> values);

/// <summary>
/// Writes safetensors files of float32 (github.com/huggingface/safetensors): the same bytes for the same tensors, and never half a file
/// under the name.
/// </summary>
static class SafetensorsWriter
{
    const int Alignment = 8;

    /// <summary>Writes a file beside the path, and renames it when all of it is on the disk.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="tensors">In the order of the file.</param>
    /// <param name="metadata">Strings that the header has beside the tensors.</param>
    /// <exception cref="HarnessException">The file can't be written.</exception>
    public static void Write(string path, IReadOnlyList<WrittenTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        string partial = path + ".partial";
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20))
            {
                stream.Write(Header(tensors, metadata));
                Visit(tensors, bytes => stream.Write(bytes));
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KernelCodes.ModelNotWritten.With($"can't be written: {error.Message}", path, inner: error);
        }
    }

    /// <summary>SHA-256 of the values of all tensors, one after the other, lower-case hex.</summary>
    public static string Hash(IReadOnlyList<WrittenTensor> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Visit(tensors, bytes => hash.AppendData(bytes));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static byte[] Header(IReadOnlyList<WrittenTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var json = new MemoryStream();
        json.Write(stackalloc byte[sizeof(ulong)]);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                writer.WriteString(key, value);
            writer.WriteEndObject();
            long offset = 0;
            foreach (WrittenTensor tensor in tensors)
            {
                long end = offset + (tensor.Values * sizeof(float));
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", "F32");
                WriteNumbers(writer, "shape", tensor.Dimensions);
                WriteNumbers(writer, "data_offsets", [offset, end]);
                writer.WriteEndObject();
                offset = end;
            }
            writer.WriteEndObject();
        }
        while (json.Length % Alignment != 0)
            json.WriteByte((byte)' ');
        byte[] header = json.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - sizeof(ulong)));
        return header;
    }

    static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    static void Visit(IReadOnlyList<WrittenTensor> tensors, Action<ReadOnlySpan<byte>> visit)
    {
        foreach (WrittenTensor tensor in tensors)
        {
            float[] values = new float[tensor.Columns];
            for (int row = 0; row < tensor.Rows; row++)
            {
                tensor.Read(row, values);
                visit(MemoryMarshal.AsBytes(values.AsSpan()));
            }
        }
    }
}
