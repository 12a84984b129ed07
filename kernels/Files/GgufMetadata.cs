using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.Files;

/// <summary>Types of a GGUF metadata value, with the numbers that the file holds.</summary>
public enum GgufType : uint
{
    U8 = 0,
    I8 = 1,
    U16 = 2,
    I16 = 3,
    U32 = 4,
    I32 = 5,
    F32 = 6,
    Flag = 7,
    Text = 8,
    Array = 9,
    U64 = 10,
    I64 = 11,
    F64 = 12,
}

/// <summary>
/// The metadata of a GGUF file, left in the mapped file and read when asked for. A value of another type than the one asked for
/// is a corrupt model.
/// </summary>
public sealed class GgufMetadata
{
    const int MostNesting = 8;
    const int MostKeys = 1 << 16;
    const int LongestKey = 1 << 16;

    readonly MappedFile file;
    readonly Dictionary<string, Value> values = [];

    internal GgufMetadata(MappedFile file, GgufCursor cursor, long count)
    {
        this.file = file;
        if (count > MostKeys)
            throw cursor.Corrupt($"{count} metadata keys are more than any model has");
        for (long i = 0; i < count; i++)
        {
            string key = ReadKey(cursor);
            if (!values.TryAdd(key, ReadValue(cursor, (GgufType)cursor.ReadUInt32(), 0)))
                throw cursor.Corrupt($"metadata key {key} appears twice");
        }
    }

    /// <summary>Keys in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => values.Keys;

    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>The type of a key's value, or null where the key is absent.</summary>
    public GgufType? TypeOf(string key) => values.TryGetValue(key, out Value value) ? value.Type : null;

    /// <summary>A string, or null where the key is absent.</summary>
    public string? Text(string key) =>
        Find(key, "a string", type => type == GgufType.Text) is { } value ? Text(key, StringAt(value.Offset)) : null;

    /// <summary>An integer of any width, or null where the key is absent.</summary>
    public long? WholeNumber(string key) =>
        Find(key, "an integer", IsInteger) is { } value ? IntegerAt(key, value.Type, value.Offset) : null;

    /// <summary>A floating-point or integer number, or null where the key is absent.</summary>
    public double? Number(string key) => Find(key, "a number", type => IsInteger(type) || IsFloat(type)) is not { } value ? null
        : value.Type switch
        {
            GgufType.F32 => BinaryPrimitives.ReadSingleLittleEndian(file.Slice(value.Offset, 4)),
            GgufType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(file.Slice(value.Offset, 8)),
            _ => IntegerAt(key, value.Type, value.Offset),
        };

    /// <summary>A boolean, or null where the key is absent.</summary>
    public bool? Flag(string key) =>
        Find(key, "a boolean", type => type == GgufType.Flag) is { } value ? file.Slice(value.Offset, 1)[0] != 0 : null;

    /// <summary>Number of an array's elements, or null where the key is absent.</summary>
    public long? ArrayLength(string key) => Find(key, "an array", type => type == GgufType.Array)?.Count;

    /// <summary>An array of integers, or null where the key is absent.</summary>
    public long[]? WholeNumbers(string key)
    {
        if (FindArray(key, "integers", IsInteger) is not { } value)
            return null;
        var elements = new long[value.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = IntegerAt(key, value.Element, value.Offset + (long)i * SizeOf(value.Element));
        return elements;
    }

    /// <summary>An array of strings, or null where the key is absent.</summary>
    public string[]? Texts(string key)
    {
        if (Utf8Strings(key) is not { } strings)
            return null;
        var texts = new List<string>();
        while (strings.MoveNext())
            texts.Add(Text(key, strings.Current));
        return [.. texts];
    }

    /// <summary>An array of strings as bytes, one after another, or null where the key is absent.</summary>
    internal GgufStrings? Utf8Strings(string key) =>
        FindArray(key, "strings", type => type == GgufType.Text) is { } value ? new GgufStrings(file, value.Offset, value.Count) : null;

    static bool IsInteger(GgufType type) => type is <= GgufType.I32 or GgufType.U64 or GgufType.I64;

    static bool IsFloat(GgufType type) => type is GgufType.F32 or GgufType.F64;

    static int SizeOf(GgufType type) => type switch
    {
        GgufType.U8 or GgufType.I8 or GgufType.Flag => 1,
        GgufType.U16 or GgufType.I16 => 2,
        GgufType.U32 or GgufType.I32 or GgufType.F32 => 4,
        GgufType.U64 or GgufType.I64 or GgufType.F64 => 8,
        _ => 0,
    };

    static string ReadKey(GgufCursor cursor)
    {
        ReadOnlySpan<byte> key = cursor.ReadString();
        if (key.Length is 0 or > LongestKey || !Utf8.IsValid(key))
            throw cursor.Corrupt("a metadata key is empty, too long or not UTF-8");
        return Encoding.UTF8.GetString(key);
    }

    static Value ReadValue(GgufCursor cursor, GgufType type, int depth)
    {
        long start = cursor.Position;
        switch (type)
        {
            case GgufType.Text:
                cursor.ReadString();
                return new Value(type, start, 0, default);
            case GgufType.Array:
                return ReadArray(cursor, depth + 1);
            case <= GgufType.F64:
                cursor.Skip(SizeOf(type));
                return new Value(type, start, 0, default);
            default:
                throw cursor.Corrupt($"metadata type {(uint)type} is unknown");
        }
    }

    static Value ReadArray(GgufCursor cursor, int depth)
    {
        if (depth > MostNesting)
            throw cursor.Corrupt($"arrays nest deeper than {MostNesting}");
        var element = (GgufType)cursor.ReadUInt32();
        int size = SizeOf(element);
        long count = cursor.ReadCount("array elements", size > 0 ? size : 8);
        long start = cursor.Position;
        if (size > 0)
            cursor.Skip(count * size);
        for (long i = 0; size == 0 && i < count; i++)
            ReadValue(cursor, element, depth);
        return new Value(GgufType.Array, start, count, element);
    }

    Value? Find(string key, string wanted, Func<GgufType, bool> accepts)
    {
        if (!values.TryGetValue(key, out Value value))
            return null;
        return accepts(value.Type) ? value
            : throw KernelCodes.ModelCorrupt.With($"metadata {key} is {value.Type}, not {wanted}", file.Path);
    }

    Value? FindArray(string key, string wanted, Func<GgufType, bool> accepts)
    {
        if (Find(key, "an array", type => type == GgufType.Array) is not { } value)
            return null;
        return accepts(value.Element)
            ? value
            : throw KernelCodes.ModelCorrupt.With($"metadata {key} is an array of {value.Element}, not of {wanted}", file.Path);
    }

    ReadOnlySpan<byte> StringAt(long offset) => new GgufCursor(file, offset).ReadString();

    string Text(string key, ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes)
        ? Encoding.UTF8.GetString(bytes)
        : throw KernelCodes.ModelCorrupt.With($"metadata {key} is not UTF-8", file.Path);

    long IntegerAt(string key, GgufType type, long offset)
    {
        ReadOnlySpan<byte> bytes = file.Slice(offset, SizeOf(type));
        return type switch
        {
            GgufType.U8 => bytes[0],
            GgufType.I8 => (sbyte)bytes[0],
            GgufType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            GgufType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            GgufType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            GgufType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            GgufType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes) is <= long.MaxValue and ulong value
                ? (long)value
                : throw KernelCodes.ModelCorrupt.With($"metadata {key} exceeds 63 bits", file.Path),
        };
    }

    readonly record struct Value(GgufType Type, long Offset, long Count, GgufType Element);
}

/// <summary>Walks the strings of a metadata array.</summary>
struct GgufStrings(MappedFile file, long offset, long count)
{
    readonly GgufCursor cursor = new(file, offset);
    (long Offset, int Length) current;
    long read;

    public readonly long Count => count;

    public readonly ReadOnlySpan<byte> Current => file.Slice(current.Offset, current.Length);

    public bool MoveNext()
    {
        if (read == count)
            return false;
        read++;
        int length = cursor.ReadString().Length;
        current = (cursor.Position - length, length);
        return true;
    }
}
