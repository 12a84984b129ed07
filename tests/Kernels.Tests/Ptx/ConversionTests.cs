using System.Numerics;

namespace Kernels.Tests.Ptx;

/// <summary>cvt between every two types, over ties and extremes, against whole numbers and fractions.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class ConversionTests
{
    static readonly string[] Integers = ["s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64"];

    [TestCaseSource(nameof(Integers))]
    public static void IntegersToIntegers(string from)
    {
        int width = int.Parse(from[1..]);
        foreach (string to in Integers)
        {
            foreach (string saturate in new[] { "", ".sat" })
            {
                ulong[] values = IntegerValues();
                ulong[] actual = Convert($"cvt{saturate}.{to}.{from}", to, from, values);
                int target = int.Parse(to[1..]);
                for (int i = 0; i < values.Length; i++)
                {
                    BigInteger x = Number(values[i], width, from[0] == 's');
                    if (saturate.Length > 0)
                        x = Clamp(x, target, to[0] == 's');
                    // A result narrower than its register is extended to it.
                    BigInteger kept = Number((ulong)(x & ulong.MaxValue), target, to[0] == 's');
                    Assert.That(actual[i], Is.EqualTo(Cut(kept, RegisterBits(target))), $"cvt{saturate}.{to}.{from} {x}");
                }
            }
        }
    }

    [Test]
    public static void IntegersToFloats([ValueSource(nameof(Integers))] string from, [Values('n', 'z', 'm', 'p')] char mode)
    {
        ulong[] values = IntegerValues();
        ulong[] single = Convert($"cvt.r{mode}.f32.{from}", "f32", from, values), pairs =
            Convert($"cvt.r{mode}.f64.{from}", "f64", from, values);
        ulong[] half = Convert($"cvt.r{mode}.f16.{from}", "f16", from, values);
        for (int i = 0; i < values.Length; i++)
        {
            BigInteger x = Number(values[i], int.Parse(from[1..]), from[0] == 's');
            Assert.That(Single(single[i]), Is.EqualTo(RationalRounding.Single(x, 1, mode)), $"cvt.r{mode}.f32.{from} {x}");
            Assert.That(Double(pairs[i]), Is.EqualTo(RationalRounding.Double(x, 1, mode)), $"cvt.r{mode}.f64.{from} {x}");
            Assert.That(
                (double)BitConverter.UInt16BitsToHalf((ushort)half[i]),
                Is.EqualTo(Narrow(x, 1, 11, -24, 5, mode)),
                $"cvt.r{mode}.f16.{from} {x}");
        }
    }

    [Test]
    public static void FloatsToIntegers([ValueSource(nameof(Integers))] string to, [Values('n', 'z', 'm', 'p')] char mode)
    {
        double[] values = FloatValues();
        ulong[] pairs = Convert($"cvt.r{mode}i.{to}.f64", to, "f64", [.. values.Select(Bits)]);
        ulong[] single =
            Convert($"cvt.r{mode}i.{to}.f32", to, "f32", [.. values.Select(v => (ulong)BitConverter.SingleToUInt32Bits((float)v))]);
        int width = int.Parse(to[1..]);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.That(pairs[i], Is.EqualTo(Expected(values[i])), $"cvt.r{mode}i.{to}.f64 {values[i]:R}");
            Assert.That(single[i], Is.EqualTo(Expected((float)values[i])), $"cvt.r{mode}i.{to}.f32 {(float)values[i]:R}");
        }
        ulong Expected(double x)
        {
            (BigInteger n, BigInteger d) = double.IsFinite(x) ? RationalRounding.Of(x)
                : (x > 0 ? BigInteger.One << 80 : -(BigInteger.One << 80), 1);
            return Cut(Clamp(RationalRounding.Whole(n, d, mode), width, to[0] == 's'), RegisterBits(width));
        }
    }

    [Test]
    public static void NaNToIntegersIsZeroOrTheSmallest()
    {
        ulong single = 0x7FC00000, pair = 0x7FF8ul << 48;
        Assert.Multiple(() =>
        {
            Assert.That(Convert("cvt.rni.s32.f32", "s32", "f32", [single])[0], Is.Zero);
            Assert.That(Convert("cvt.rzi.s64.f32", "s64", "f32", [single])[0], Is.EqualTo(1ul << 63));
            Assert.That(Convert("cvt.rzi.s32.f64", "s32", "f64", [pair])[0], Is.EqualTo(1ul << 31));
        });
    }

    [Test]
    public static void FloatsToNarrowerFloats([Values('n', 'z', 'm', 'p')] char mode)
    {
        double[] values = [.. FloatValues().Where(double.IsFinite)];
        ulong[] single = Convert($"cvt.r{mode}.f32.f64", "f32", "f64", [.. values.Select(Bits)]);
        ulong[] half = Convert($"cvt.r{mode}.f16.f64", "f16", "f64", [.. values.Select(Bits)]);
        for (int i = 0; i < values.Length; i++)
        {
            (BigInteger n, BigInteger d) = RationalRounding.Of(values[i]);
            Assert.That(Single(single[i]), Is.EqualTo(RationalRounding.Single(n, d, mode)), $"cvt.r{mode}.f32.f64 {values[i]:R}");
            Assert.That(
                (double)BitConverter.UInt16BitsToHalf((ushort)half[i]),
                Is.EqualTo(Narrow(n, d, 11, -24, 5, mode)),
                $"cvt.r{mode}.f16.f64 {values[i]:R}");
        }
    }

    [Test]
    public static void SinglesToPairsOfBFloats()
    {
        float[] values = [.. FloatValues().Select(v => (float)v).Where(float.IsFinite)];
        static ulong Word(float x) => BitConverter.SingleToUInt32Bits(x);
        List<(ulong, ulong, ulong)> sources = [.. values.Select((v, i) => (Word(v), Word(values[^(i + 1)]), 0ul))];
        ulong[] actual = PtxSnippet.Apply("cvt.rn.bf16x2.f32 %r0, %r1, %r2;", sources);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.That((double)Single(actual[i] >> 16 << 16), Is.EqualTo(BFloat(values[i])), $"upper {values[i]:R}");
            Assert.That(
                (double)Single(actual[i] << 16 & uint.MaxValue), Is.EqualTo(BFloat(values[^(i + 1)])), $"lower {values[^(i + 1)]:R}");
        }
        static double BFloat(float x)
        {
            (BigInteger n, BigInteger d) = RationalRounding.Of(x);
            return Narrow(n, d, 8, -133, 120, 'n');
        }
    }

    [Test]
    public static void WiderFloatsAreTheSame()
    {
        for (int bits = 0; bits < 1 << 16; bits += 17)
        {
            if (Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)bits)))
                continue;
            double x = (double)BitConverter.UInt16BitsToHalf((ushort)bits);
            if (bits % (17 * 64) == 0)
                Assert.That(Single(Convert("cvt.f32.f16", "f32", "f16", [(ulong)bits])[0]), Is.EqualTo((float)x));
        }
        float[] values = [.. FloatValues().Select(v => (float)v)];
        ulong[] actual = Convert("cvt.f64.f32", "f64", "f32", [.. values.Select(v => (ulong)BitConverter.SingleToUInt32Bits(v))]);
        Assert.That(actual.Select(Double), Is.EqualTo(values.Select(v => (double)v)));
    }

    [Test]
    public static void FloatsToWholeFloats([Values('n', 'z', 'm', 'p')] char mode)
    {
        double[] values = [.. FloatValues().Where(double.IsFinite)];
        ulong[] actual = Convert($"cvt.r{mode}i.f64.f64", "f64", "f64", [.. values.Select(Bits)]);
        for (int i = 0; i < values.Length; i++)
        {
            (BigInteger n, BigInteger d) = RationalRounding.Of(values[i]);
            double expected = (double)RationalRounding.Whole(n, d, mode);
            Assert.That(Double(actual[i]), Is.EqualTo(expected), $"cvt.r{mode}i.f64.f64 {values[i]:R}");
            Assert.That(double.IsNegative(Double(actual[i])), Is.EqualTo(double.IsNegative(values[i])), "the sign stays");
        }
    }

    [TestCase("cvt.f32.s32")]
    [TestCase("cvt.s32.f32")]
    [TestCase("cvt.rn.s32.f32")]
    [TestCase("cvt.rni.f32.s32")]
    [TestCase("cvt.f32.f64")]
    [TestCase("cvt.rn.f64.f32")]
    [TestCase("cvt.rn.s32.s64")]
    [TestCase("cvt.rna.tf32.f32")]
    public static void ConversionsThatPtxHasNotAreRefused(string opcode)
    {
        string to = opcode.Contains("f64.", StringComparison.Ordinal) ? "%d0"
            : "%r0", from = opcode.EndsWith("64", StringComparison.Ordinal) ? "%d1" : "%r1";
        Assert.That(
            () => PtxSnippet.Apply($"{opcode} {to}, {from};", [(1, 1, 1)]),
            Throws.TypeOf<PtxInterpreter.Parsing.PtxFormatException>().With.Message.Contains(opcode));
    }

    static ulong[] Convert(string opcode, string to, string from, ulong[] values)
    {
        int target = RegisterBits(int.Parse(to[1..])), source = RegisterBits(int.Parse(from[1..]));
        string Register(int bits, int number) => bits switch { 16 => $"%h{number}", 32 => $"%r{number}", _ => $"%d{number}" };
        string widen = target == 16 ? "cvt.u32.u16 %r0, %h0;" : "";
        return PtxSnippet.Apply($"{opcode} {Register(target, 0)}, {Register(source, 1)}; {widen}", [.. values.Select(v => (v, 0ul, 0ul))]);
    }

    static int RegisterBits(int width) => Math.Max(width, 16);

    static double Narrow(BigInteger n, BigInteger d, int precision, int least, int most, char mode)
    {
        bool negative = n.Sign < 0;
        if (RationalRounding.Round(n, d, precision, least, most, mode) is { } value)
            return (double)value.Significand * Math.ScaleB(1, value.Exponent);
        bool toLargest = mode == 'z' || (mode == 'm' && !negative) || (mode == 'p' && negative);
        return (negative ? -1 : 1) * (toLargest ? ((1 << precision) - 1) * Math.ScaleB(1, most) : double.PositiveInfinity);
    }

    static ulong[] IntegerValues()
    {
        var random = new Random(8);
        List<ulong> values = [0, ulong.MaxValue];
        for (int bit = 0; bit < 64; bit++)
        {
            // Also those half way between two floats, one to be rounded down and one up.
            ulong power = 1ul << bit, half = bit > 24 ? 1ul << (bit - 24) : 0;
            values.AddRange([power, power - 1, power + 1, 0 - power, power + half, power + (3 * half)]);
        }
        for (int i = 0; i < 500; i++)
            values.Add((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        return [.. values];
    }

    static double[] FloatValues()
    {
        var random = new Random(9);
        List<double> values =
        [
            0, -0d, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 0.49999999999999994, float.MaxValue, double.MaxValue, 65504, 65519, 65520, 1e-8, 6e-8,
            3e-8,
            float.Epsilon, float.Epsilon / 2, float.Epsilon * 1.5, double.PositiveInfinity, double.NegativeInfinity,
        ];
        foreach (int bits in new[] { 7, 8, 15, 16, 31, 32, 63, 64 })
        {
            double power = Math.ScaleB(1, bits);
            values.AddRange([power, -power, power - 0.5, -power - 0.5, power - 1, Math.BitIncrement(power)]);
        }
        for (int i = 0; i < 1000; i++)
            values.Add((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-40, 70)));
        for (int i = 0; i < 300; i++)
            values.Add(random.Next(-1000, 1000) + (random.Next(4) * 0.25));
        return [.. values];
    }

    static BigInteger Clamp(BigInteger x, int width, bool signed)
    {
        BigInteger most = (BigInteger.One << (signed ? width - 1 : width)) - 1, least = signed ? -most - 1 : 0;
        return BigInteger.Max(least, BigInteger.Min(most, x));
    }

    static BigInteger Number(ulong value, int bits, bool signed)
    {
        BigInteger number = bits == 64 ? value : value & ((1ul << bits) - 1);
        return signed && number >> (bits - 1) == 1 ? number - (BigInteger.One << bits) : number;
    }

    static ulong Cut(BigInteger value, int bits) => (ulong)(value & ((BigInteger.One << bits) - 1));

    static ulong Bits(double x) => BitConverter.DoubleToUInt64Bits(x);

    static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);
}
