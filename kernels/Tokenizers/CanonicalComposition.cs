using System.Buffers;
using System.Text;

namespace Harness.Kernels.Tokenizers;

/// <summary>
/// Unicode normalization form C (Unicode Standard Annex 15). The runtime's own leaves text as it is where it runs without
/// culture data, as this product does, so that its result would depend on the machine.
/// </summary>
public static class CanonicalComposition
{
    const int HangulBase = 0xAC00;
    const int LeadBase = 0x1100;
    const int VowelBase = 0x1161;
    const int TailBase = 0x11A7;
    const int Leads = 19;
    const int Vowels = 21;
    const int Tails = 28;

    static readonly Lazy<Tables> Data = new(() => new Tables());

    /// <summary>The form C of well-formed UTF-8.</summary>
    public static ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> utf8)
    {
        // Below U+0300, whose UTF-8 starts with CC, every scalar value is composed and none combines.
        if (!utf8.ContainsAnyInRange((byte)0xCC, (byte)0xFF))
            return utf8;
        List<int> scalars = Decompose(utf8);
        OrderMarks(scalars);
        Compose(scalars);
        var composed = new ArrayBufferWriter<byte>(utf8.Length);
        foreach (int scalar in scalars)
            composed.Advance(new Rune(scalar).EncodeToUtf8(composed.GetSpan(4)));
        return composed.WrittenSpan;
    }

    static List<int> Decompose(ReadOnlySpan<byte> utf8)
    {
        var scalars = new List<int>(utf8.Length);
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out Rune scalar, out int length);
            Append(scalar.Value);
            utf8 = utf8[length..];
        }
        return scalars;

        void Append(int scalar)
        {
            int hangul = scalar - HangulBase;
            if (hangul is >= 0 and < Leads * Vowels * Tails)
            {
                scalars.Add(LeadBase + hangul / (Vowels * Tails));
                scalars.Add(VowelBase + hangul / Tails % Vowels);
                if (hangul % Tails > 0)
                    scalars.Add(TailBase + hangul % Tails);
            }
            else if (Data.Value.Decompositions.TryGetValue(scalar, out (int First, int Second) parts))
            {
                Append(parts.First);
                if (parts.Second > 0)
                    Append(parts.Second);
            }
            else
            {
                scalars.Add(scalar);
            }
        }
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order within a class.</summary>
    static void OrderMarks(List<int> scalars)
    {
        for (int start = 0; start < scalars.Count; start++)
        {
            int end = start;
            while (end < scalars.Count && Data.Value.ClassOf(scalars[end]) > 0)
                end++;
            if (end - start > 1)
            {
                int[] ordered = [.. scalars.GetRange(start, end - start).OrderBy(Data.Value.ClassOf)];
                for (int i = 0; i < ordered.Length; i++)
                    scalars[start + i] = ordered[i];
            }
            start = end;
        }
    }

    /// <summary>Joins each scalar value to the last starter before it unless one of its own class or a higher one lies between.</summary>
    static void Compose(List<int> scalars)
    {
        int starter = -1;
        int kept = 0;
        int lastClass = 0;
        for (int i = 0; i < scalars.Count; i++)
        {
            int scalar = scalars[i];
            int combining = Data.Value.ClassOf(scalar);
            bool blocked = kept - starter > 1 && lastClass >= combining;
            if (starter >= 0 && !blocked && Pair(scalars[starter], scalar) is { } joined)
            {
                scalars[starter] = joined;
                continue;
            }
            if (combining == 0)
                starter = kept;
            lastClass = combining;
            scalars[kept++] = scalar;
        }
        scalars.RemoveRange(kept, scalars.Count - kept);
    }

    static int? Pair(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads && second - VowelBase is >= 0 and < Vowels)
            return HangulBase + ((first - LeadBase) * Vowels + second - VowelBase) * Tails;
        int hangul = first - HangulBase;
        if (hangul is >= 0 and < Leads * Vowels * Tails && hangul % Tails == 0 && second - TailBase is > 0 and < Tails)
            return first + second - TailBase;
        return Data.Value.Compositions.TryGetValue((first, second), out int joined) ? joined : null;
    }

    sealed class Tables
    {
        readonly Dictionary<int, int> classes = [];

        public Tables()
        {
            ReadOnlySpan<int> composable = CanonicalCompositionData.Composable;
            for (int i = 0; i < composable.Length; i += 3)
            {
                Decompositions.Add(composable[i], (composable[i + 1], composable[i + 2]));
                Compositions.Add((composable[i + 1], composable[i + 2]), composable[i]);
            }
            ReadOnlySpan<int> oneWay = CanonicalCompositionData.OneWay;
            for (int i = 0; i < oneWay.Length; i += 3)
                Decompositions.Add(oneWay[i], (oneWay[i + 1], oneWay[i + 2]));
            ReadOnlySpan<int> ranges = CanonicalCompositionData.CombiningClasses;
            for (int i = 0; i < ranges.Length; i += 3)
            {
                for (int scalar = ranges[i]; scalar <= ranges[i + 1]; scalar++)
                    classes.Add(scalar, ranges[i + 2]);
            }
        }

        public Dictionary<int, (int First, int Second)> Decompositions { get; } = [];

        public Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public int ClassOf(int scalar) => classes.GetValueOrDefault(scalar);
    }
}
