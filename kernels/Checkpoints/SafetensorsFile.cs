using System.Buffers.Binary;
using System.Text.Json;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// A safetensors file, memory-mapped: eight bytes of header length, a JSON header, then the tensors without gaps or overlaps
/// (github.com/huggingface/safetensors).
/// </summary>
sealed class SafetensorsFile : IDisposable
{
    const int LargestHeader = 100_000_000;
    const int MostDimensions = 8;

    readonly MappedFile file;
    readonly long dataStart;
    readonly Dictionary<string, StoredTensor> tensors = [];
    readonly Dictionary<string, string> metadata = [];

    SafetensorsFile(MappedFile file)
    {
        this.file = file;
        if (file.Length < 8)
            throw Corrupt($"its {file.Length} bytes do not hold the length of a header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, 8));
        if (length > (ulong)Math.Min(file.Length - 8, LargestHeader))
            throw Corrupt($"its header of {length} bytes exceeds the file's {file.Length}");
        dataStart = 8 + (long)length;
        try
        {
            ReadHeader(file.Slice(8, (int)length));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw KernelCodes.ModelCorrupt.With(
                $"its header is not the JSON of a safetensors file: {error.Message}", file.Path, inner: error);
        }
        StoredTensor.RequireDisjoint([.. tensors.Values], file.Path);
        long bytes = tensors.Values.Sum(tensor => tensor.ByteLength);
        if (dataStart + bytes != file.Length)
            throw Corrupt($"its tensors take {bytes} bytes, its data {file.Length - dataStart}");
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

    /// <summary>The strings that the header has beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata => metadata;

    public string Path => file.Path;

    public static SafetensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => file.Dispose();

    void ReadHeader(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == "__metadata__")
                ReadMetadata(ref reader);
            else if (!tensors.TryAdd(name, ReadTensor(ref reader, name)))
                throw Corrupt($"tensor {name} appears twice");
        }
        if (reader.Read())
            throw Corrupt("its header goes on after its object");
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty entry in document.RootElement.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.String)
                metadata[entry.Name] = entry.Value.GetString()!;
        }
    }

    StoredTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = reader.GetString()!;
            if (property == "dtype" && type is null && reader.Read())
                type = reader.GetString();
            else if (property == "shape" && shape is null)
                shape = ReadNumbers(ref reader, name, MostDimensions);
            else if (property == "data_offsets" && offsets is null)
                offsets = ReadNumbers(ref reader, name, 2);
            else
                throw Corrupt($"tensor {name} has {property} out of place");
        }
        if (type is null || shape is null || offsets is not [long first, long end])
            throw Corrupt($"tensor {name} lacks its dtype, shape or data_offsets");
        if (first > file.Length)
            throw Corrupt($"tensor {name} starts at byte {first} of the data");
        StoredTensor tensor = StoredTensor.Create(file, name, shape, FormatOf(type, name), dataStart + first);
        return tensor.ByteLength == end - first
            ? tensor
            : throw Corrupt($"tensor {name} takes {tensor.ByteLength} bytes, its offsets say {end - first}");
    }

    List<long> ReadNumbers(ref Utf8JsonReader reader, string name, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            if (numbers.Count == most || !reader.TryGetInt64(out long number) || number < 0)
                throw Corrupt($"tensor {name} has a shape or offsets that no file can hold");
            numbers.Add(number);
        }
        return reader.TokenType == JsonTokenType.EndArray ? numbers
            : throw Corrupt($"tensor {name} has a shape or offsets that are not numbers");
    }

    BlockFormat FormatOf(string type, string name) => type switch
    {
        "F32" => BlockFormat.F32,
        "F16" => BlockFormat.F16,
        "BF16" => BlockFormat.BF16,
        _ => throw KernelCodes.BlockTypeUnsupported.With($"tensor {name} is of type {type}", Path),
    };

    void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw Corrupt($"its header has {reader.TokenType} where {type} is expected");
    }

    HarnessException Corrupt(string what) => KernelCodes.ModelCorrupt.With(what, file.Path);
}
