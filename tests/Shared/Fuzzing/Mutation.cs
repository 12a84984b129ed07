using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Harness.Tests.Shared;

/// <summary>Gives a file that differs from the original, which it leaves as it is.</summary>
delegate byte[] Mutator(byte[] original, Random random);

/// <summary>Changes a file as accidents and enemies do: bits, numbers, cuts, repeats, and JSON's own characters.</summary>
static class Mutation
{
    /// <summary>Values at which lengths, counts and offsets go wrong.</summary>
    public static ulong[] Numbers { get; } =
        [0, 1, 2, 7, 31, 255, 1 << 16, int.MaxValue, uint.MaxValue, 1UL << 32, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue,
            ulong.MaxValue - 31];

    static readonly string[] Fragments =
        ["-1", "0", "1e999", "99999999999999999999", "null", "true", "\"\"", "[]", "{}", "[[[[[[[[", "\\ud800", "\"a\":", ",",
            "\0", "\u00FF", "{{", "%}", "{%", "../x"];

    /// <summary>Half of the cases by <paramref name="structured"/>, which knows the format, half by <see cref="Bytes"/>.</summary>
    public static Mutator Or(Mutator structured) => (original, random) =>
        random.Next(2) == 0 ? structured(original, random) : Bytes(original, random);

    public static byte[] Bytes(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int rounds = random.Next(1, 4); rounds > 0 && bytes.Length > 0; rounds--)
            bytes = Once(bytes, random);
        return bytes;
    }

    static byte[] Once(byte[] bytes, Random random)
    {
        int at = Place(bytes.Length, random);
        int length = Math.Min(random.Next(1, 40), bytes.Length - at);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                var number = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(number, Numbers[random.Next(Numbers.Length)]);
                number.AsSpan(0, Math.Min(random.Next(2) == 0 ? 4 : 8, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 5:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 6:
                return [
                    .. bytes[..at],
                    .. Encoding.Latin1.GetBytes(Fragments[random.Next(Fragments.Length)]),
                    .. bytes[(at + random.Next(length))..]];
            default:
                return ReplaceDigits(bytes, at, random);
        }
    }

    /// <summary>Headers lie at the front, and are where most can go wrong.</summary>
    static int Place(int length, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(length, 64)),
        1 => random.Next(length),
        _ => random.Next(Math.Min(length, 5000)),
    };

    static byte[] ReplaceDigits(byte[] bytes, int at, Random random)
    {
        int start = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return bytes;
        start += at;
        int length = bytes.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        string number = Numbers[random.Next(Numbers.Length)].ToString(CultureInfo.InvariantCulture);
        return [.. bytes[..start], .. Encoding.ASCII.GetBytes(number), .. length < 0 ? [] : bytes[(start + length)..]];
    }
}
