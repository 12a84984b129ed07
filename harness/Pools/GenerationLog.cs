using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Harness.Diagnostics;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Pools;

/// <summary>A finished sample and its text.</summary>
public sealed record LoggedGeneration(Generation Generation, string Text);

/// <summary>
/// NAME.generations: every finished sample of a pool, appended and handed to the operating system at once. A record torn by a
/// crash is found by its checksum and dropped with all after it. Little-endian: a 64-digit key, then records of int32 length,
/// CRC-32C of the payload, and the payload: problem, sample, finish, token count (int32), ids (int32), log-probabilities
/// (float32), UTF-8 text.
/// </summary>
public sealed class GenerationLog : IDisposable
{
    const int RecordHeader = 8, FixedPayload = 16, KeyDigits = 64, LargestRecord = 1 << 28;
    static readonly byte[] Magic = "HRNGEN1\n"u8.ToArray();

    readonly FileStream stream;
    readonly List<LoggedGeneration> recovered = [];

    GenerationLog(FileStream stream) => this.stream = stream;

    /// <summary>What earlier runs had finished when the log was opened, in the order in which they finished it.</summary>
    public IReadOnlyList<LoggedGeneration> Recovered => recovered;

    /// <summary>Opens a pool's log for appending; one of another key, or none, is started anew.</summary>
    /// <param name="key">64 hex digits: all that decides the pool's tokens.</param>
    /// <exception cref="HarnessException"><see cref="Codes.DiskFull"/>; <see cref="Codes.NotWritable"/>.</exception>
    public static GenerationLog Open(string path, string key)
    {
        GenerationLog? log = null;
        Storage.Writing(path, () =>
        {
            log = new GenerationLog(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0));
            log.Recover([.. Magic, .. Encoding.ASCII.GetBytes(key)]);
        });
        return log!;
    }

    /// <summary>The whole samples of a log as it lies there now, even one that a run is writing to; none where there is no log.</summary>
    /// <param name="key">Only a log of this key is read; null: of any.</param>
    public static IReadOnlyList<LoggedGeneration> Read(string path, string? key = null)
    {
        List<LoggedGeneration> records = [];
        if (File.Exists(path))
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (bytes.AsSpan(0, read).StartsWith([.. Magic, .. Encoding.ASCII.GetBytes(key ?? "")]))
                ReadRecords(bytes.AsSpan(0, read), Magic.Length + KeyDigits, records);
        }
        return records;
    }

    /// <summary>Takes over samples that this log lacks, as if earlier runs of its own had finished them.</summary>
    /// <exception cref="HarnessException"><see cref="Codes.DiskFull"/>.</exception>
    public void Adopt(IEnumerable<LoggedGeneration> finished)
    {
        HashSet<(int, int)> known = [.. recovered.Select(NameOf)];
        foreach (LoggedGeneration sample in finished.Where(sample => known.Add(NameOf(sample))))
        {
            Append(sample);
            recovered.Add(sample);
        }

        static (int Problem, int Sample) NameOf(LoggedGeneration sample) => (sample.Generation.Problem, sample.Generation.Sample);
    }

    /// <exception cref="HarnessException"><see cref="Codes.DiskFull"/>: the records before it are kept.</exception>
    public void Append(LoggedGeneration finished)
    {
        byte[] record = Encode(finished);
        long end = stream.Position;
        try
        {
            Storage.Writing(stream.Name, () => stream.Write(record));
        }
        catch (HarnessException)
        {
            stream.SetLength(end);
            throw;
        }
    }

    public void Dispose() => stream.Dispose();

    void Recover(byte[] header)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        long end = header.Length;
        if (bytes.AsSpan().StartsWith(header))
        {
            end = ReadRecords(bytes, header.Length, recovered);
        }
        else
        {
            stream.SetLength(0);
            stream.Position = 0;
            stream.Write(header);
        }
        if (stream.Length > end)
            stream.SetLength(end);
        stream.Position = end;
    }

    /// <summary>Returns the place after the last whole record.</summary>
    static int ReadRecords(ReadOnlySpan<byte> bytes, int start, List<LoggedGeneration> records)
    {
        int position = start;
        while (bytes.Length - position >= RecordHeader)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]);
            if (length < FixedPayload || length > LargestRecord || length > bytes.Length - position - RecordHeader)
                break;
            ReadOnlySpan<byte> payload = bytes.Slice(position + RecordHeader, length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 4)..]) != Checksum(payload) || Decode(payload) is not { } record)
                break;
            records.Add(record);
            position += RecordHeader + length;
        }
        return Math.Min(position, bytes.Length);
    }

    static byte[] Encode(LoggedGeneration finished)
    {
        Generation generation = finished.Generation;
        int count = generation.Tokens.Length;
        byte[] text = Encoding.UTF8.GetBytes(finished.Text);
        byte[] record = new byte[RecordHeader + FixedPayload + 8 * count + text.Length];
        Span<byte> payload = record.AsSpan(RecordHeader);
        Span<int> fixedPart = [generation.Problem, generation.Sample, (int)generation.Finish, count];
        for (int i = 0; i < fixedPart.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(payload[(4 * i)..], fixedPart[i]);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(payload[(FixedPayload + 4 * i)..], generation.Tokens[i]);
            BinaryPrimitives.WriteSingleLittleEndian(payload[(FixedPayload + 4 * (count + i))..], generation.LogProbabilities[i]);
        }
        text.CopyTo(payload[(FixedPayload + 8 * count)..]);
        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum(payload));
        return record;
    }

    static LoggedGeneration? Decode(ReadOnlySpan<byte> payload)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(payload[12..]);
        if (count < 0 || count > (payload.Length - FixedPayload) / 8)
            return null;
        int[] tokens = new int[count];
        float[] logProbabilities = new float[count];
        for (int i = 0; i < count; i++)
        {
            tokens[i] = BinaryPrimitives.ReadInt32LittleEndian(payload[(FixedPayload + 4 * i)..]);
            logProbabilities[i] = BinaryPrimitives.ReadSingleLittleEndian(payload[(FixedPayload + 4 * (count + i))..]);
        }
        Generation generation = new(
            BinaryPrimitives.ReadInt32LittleEndian(payload), BinaryPrimitives.ReadInt32LittleEndian(payload[4..]),
            tokens, logProbabilities, (FinishReason)BinaryPrimitives.ReadInt32LittleEndian(payload[8..]));
        return new LoggedGeneration(generation, Encoding.UTF8.GetString(payload[(FixedPayload + 8 * count)..]));
    }

    static uint Checksum(ReadOnlySpan<byte> payload)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(payload))
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte rest in payload[(payload.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
