using System.Text;

namespace Kernels.Tests.Checkpoints;

/// <summary>Writes GGUF files, right or wrong, for tests.</summary>
sealed class GgufWriter
{
    readonly List<(string Key, byte[] Bytes)> metadata = [];
    readonly List<byte> headers = [];
    readonly List<byte> data = [];
    ulong tensors;

    public uint Version { get; set; } = 3;

    public ulong? StatedTensors { get; set; }

    public ulong? StatedKeys { get; set; }

    public int Alignment { get; init; } = 32;

    public GgufWriter Add(string key, uint value) => AddValue(key, 4, writer => writer.Write(value));

    public GgufWriter Add(string key, float value) => AddValue(key, 6, writer => writer.Write(value));

    public GgufWriter Add(string key, bool value) => AddValue(key, 7, writer => writer.Write(value));

    public GgufWriter Add(string key, string value) => AddValue(key, 8, writer => WriteString(writer, value));

    public GgufWriter Add(string key, params string[] values) => AddValue(key, 9, writer =>
    {
        writer.Write(8u);
        writer.Write((ulong)values.Length);
        foreach (string value in values)
            WriteString(writer, value);
    });

    public GgufWriter Add(string key, params int[] values) => AddValue(key, 9, writer =>
    {
        writer.Write(5u);
        writer.Write((ulong)values.Length);
        foreach (int value in values)
            writer.Write(value);
    });

    public GgufWriter AddValue(string key, uint type, Action<BinaryWriter> write)
    {
        metadata.Add((key, Bytes(writer =>
        {
            WriteString(writer, key);
            writer.Write(type);
            write(writer);
        })));
        return this;
    }

    public GgufWriter WithoutKey(string key)
    {
        metadata.RemoveAll(entry => entry.Key == key);
        return this;
    }

    /// <summary>A float32 tensor of the given dimensions, outermost first.</summary>
    public GgufWriter Add(string name, int[] dimensions, IEnumerable<float> values)
    {
        ulong offset = (ulong)data.Count;
        data.AddRange(values.SelectMany(value => BitConverter.GetBytes(value)));
        while (data.Count % Alignment != 0)
            data.Add(0);
        return AddHeader(name, [.. dimensions.Reverse().Select(dimension => (ulong)dimension)], 0, offset);
    }

    /// <summary>A tensor's header alone; dimensions innermost first, as the file has them.</summary>
    public GgufWriter AddHeader(string name, ulong[] dimensions, uint type, ulong offset)
    {
        headers.AddRange(Bytes(writer =>
        {
            WriteString(writer, name);
            writer.Write((uint)dimensions.Length);
            foreach (ulong dimension in dimensions)
                writer.Write(dimension);
            writer.Write(type);
            writer.Write(offset);
        }));
        tensors++;
        return this;
    }

    public byte[] ToBytes() => Bytes(writer =>
    {
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write(StatedTensors ?? tensors);
        writer.Write(StatedKeys ?? (ulong)metadata.Count);
        writer.Write([.. metadata.SelectMany(entry => entry.Bytes)]);
        writer.Write([.. headers]);
        while (writer.BaseStream.Position % Alignment != 0)
            writer.Write((byte)0);
        writer.Write([.. data]);
    });

    static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        return stream.ToArray();
    }

    static void WriteString(BinaryWriter writer, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
