using System.Buffers.Binary;
using Harness.Tests.Shared;

namespace Kernels.Tests.Checkpoints;

/// <summary>
/// Changes the numbers of a GGUF's header, each known by its place: counts, lengths, types, dimensions, offsets; and repeats its entries.
/// </summary>
static class GgufMutation
{
    public static byte[] Of(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        (List<(int Offset, int Size)> fields, List<(int Start, int End)> entries) = Walk(original);
        for (int rounds = random.Next(1, 4); rounds > 0; rounds--)
        {
            // Lists of words have thousands of lengths: half of the changes lie before and after them.
            (int offset, int size) = random.Next(3) switch
            {
                0 => fields[random.Next(fields.Count)],
                1 => fields[random.Next(Math.Min(fields.Count, 120))],
                _ => fields[^(1 + random.Next(Math.Min(fields.Count, 120)))],
            };
            Span<byte> field = bytes.AsSpan(offset, size);
            ulong old = size == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(field) : BinaryPrimitives.ReadUInt64LittleEndian(field);
            Write(field, random.Next(5) switch
            {
                0 => old + 1,
                1 => old - 1,
                2 => (ulong)original.Length - (ulong)random.Next(64),
                3 => (ulong)random.Next(64),
                _ => Mutation.Numbers[random.Next(Mutation.Numbers.Length)],
            });
        }
        if (random.Next(6) > 0)
            return bytes;
        (int start, int end) = entries[random.Next(entries.Count)];
        return random.Next(2) == 0 ? [.. bytes[..end], .. bytes[start..]] : [.. bytes[..start], .. bytes[end..]];
    }

    static void Write(Span<byte> field, ulong value)
    {
        if (field.Length == 4)
            BinaryPrimitives.WriteUInt32LittleEndian(field, unchecked((uint)value));
        else
            BinaryPrimitives.WriteUInt64LittleEndian(field, value);
    }

    static (List<(int Offset, int Size)> Fields, List<(int Start, int End)> Entries) Walk(byte[] bytes)
    {
        var fields = new List<(int, int)>();
        var entries = new List<(int, int)>();
        int position = 4;
        ulong Take(int size)
        {
            fields.Add((position, size));
            position += size;
            return size == 4
                ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(position - 4))
                : BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(position - 8));
        }

        void Text()
        {
            int length = (int)Take(8);
            position += length;
        }

        void Value(ulong type)
        {
            if (type == 8)
                Text();
            else if (type == 9)
                List();
            else if (type is 4 or 5 or 6 or 10 or 11 or 12)
                Take(type <= 6 ? 4 : 8);
            else
                position += type is 2 or 3 ? 2 : 1;
        }

        void List()
        {
            ulong type = Take(4);
            for (ulong count = Take(8); count > 0; count--)
                Value(type);
        }

        Take(4);
        ulong tensors = Take(8);
        for (ulong keys = Take(8); keys > 0; keys--)
        {
            int start = position;
            Text();
            Value(Take(4));
            entries.Add((start, position));
        }
        for (; tensors > 0; tensors--)
        {
            int start = position;
            Text();
            for (ulong dimensions = Take(4); dimensions > 0; dimensions--)
                Take(8);
            Take(4);
            Take(8);
            entries.Add((start, position));
        }
        return (fields, entries);
    }
}
