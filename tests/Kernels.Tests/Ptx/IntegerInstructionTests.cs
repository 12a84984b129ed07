using System.Numerics;

namespace Kernels.Tests.Ptx;

/// <summary>The interpreter's integer instructions against whole numbers without bounds.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class IntegerInstructionTests
{
    const int RandomCases = 2000;

    static readonly ulong[] Edges =
    [
        0, 1, 2, 3, 7, 31, 32, 33, 63, 64, 127, 128, 255, 32767, 32768, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF,
        0x100000000,
        long.MaxValue, 1ul << 63, (1ul << 63) + 1, ulong.MaxValue,
    ];

    [TestCase("add", "s32", 32)]
    [TestCase("add", "u64", 64)]
    [TestCase("sub", "s64", 64)]
    [TestCase("sub", "u32", 32)]
    [TestCase("mul.lo", "s32", 32)]
    [TestCase("mul.lo", "u64", 64)]
    [TestCase("mul.hi", "s32", 32)]
    [TestCase("mul.hi", "u32", 32)]
    [TestCase("mul.hi", "s64", 64)]
    [TestCase("mul.hi", "u64", 64)]
    [TestCase("div", "s32", 32)]
    [TestCase("div", "u32", 32)]
    [TestCase("div", "s64", 64)]
    [TestCase("div", "u64", 64)]
    [TestCase("rem", "s32", 32)]
    [TestCase("rem", "u32", 32)]
    [TestCase("rem", "s64", 64)]
    [TestCase("rem", "u64", 64)]
    [TestCase("min", "s32", 32)]
    [TestCase("min", "u64", 64)]
    [TestCase("max", "u32", 32)]
    [TestCase("max", "s64", 64)]
    public static void TwoSources(string name, string type, int bits)
    {
        bool signed = type[0] == 's', divides = name is "div" or "rem";
        List<(ulong, ulong, ulong)> sources = [.. Sources(bits).Where(s => !divides || Cut(s.B, bits) != 0)];
        ulong[] actual = PtxSnippet.Apply(Line($"{name}.{type}", bits, bits, bits), sources);
        for (int i = 0; i < actual.Length; i++)
        {
            BigInteger a = Number(sources[i].Item1, bits, signed), b = Number(sources[i].Item2, bits, signed);
            BigInteger expected = name switch
            {
                "add" => a + b,
                "sub" => a - b,
                "mul.lo" => a * b,
                "mul.hi" => (a * b) >> bits,
                "div" => BigInteger.Divide(a, b),
                "rem" => BigInteger.Remainder(a, b),
                "min" => BigInteger.Min(a, b),
                _ => BigInteger.Max(a, b),
            };
            Assert.That(actual[i], Is.EqualTo(Bits(expected, bits)), $"{name}.{type} {a} {b}");
        }
    }

    [TestCase("mul.wide", "s32", false)]
    [TestCase("mul.wide", "u32", false)]
    [TestCase("mad.wide", "s32", true)]
    [TestCase("mad.wide", "u32", true)]
    public static void WideProducts(string name, string type, bool adds)
    {
        bool signed = type[0] == 's';
        List<(ulong A, ulong B, ulong C)> sources = Sources(64);
        ulong[] actual = PtxSnippet.Apply($"{name}.{type} %d0, %r1, %r2{(adds ? ", %d3" : "")};", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            BigInteger product = Number(sources[i].A, 32, signed) * Number(sources[i].B, 32, signed);
            Assert.That(actual[i], Is.EqualTo(Bits(product + (adds ? sources[i].C : 0), 64)), $"{name}.{type} {sources[i]}");
        }
    }

    [TestCase("mad.lo", "s32", 32)]
    [TestCase("mad.lo", "u64", 64)]
    [TestCase("mad.hi", "s32", 32)]
    [TestCase("mad.hi", "u64", 64)]
    [TestCase("sad", "s32", 32)]
    [TestCase("sad", "u32", 32)]
    public static void ThreeSources(string name, string type, int bits)
    {
        bool signed = type[0] == 's';
        List<(ulong A, ulong B, ulong C)> sources = Sources(bits);
        ulong[] actual = PtxSnippet.Apply(Line($"{name}.{type}", bits, bits, bits, bits), sources);
        for (int i = 0; i < actual.Length; i++)
        {
            BigInteger a = Number(sources[i].A, bits, signed), b = Number(sources[i].B, bits, signed), c =
                Number(sources[i].C, bits, signed);
            BigInteger expected = name switch
            {
                "mad.lo" => (a * b) + c,
                "mad.hi" => ((a * b) >> bits) + c,
                _ => BigInteger.Abs(a - b) + c,
            };
            Assert.That(actual[i], Is.EqualTo(Bits(expected, bits)), $"{name}.{type} {a} {b} {c}");
        }
    }

    [TestCase("and", "b32", 32)]
    [TestCase("or", "b64", 64)]
    [TestCase("xor", "b32", 32)]
    [TestCase("not", "b64", 64)]
    [TestCase("abs", "s32", 32)]
    [TestCase("abs", "s64", 64)]
    [TestCase("neg", "s32", 32)]
    [TestCase("neg", "s64", 64)]
    [TestCase("brev", "b32", 32)]
    [TestCase("brev", "b64", 64)]
    [TestCase("popc", "b32", 32)]
    [TestCase("popc", "b64", 64)]
    [TestCase("clz", "b32", 32)]
    [TestCase("clz", "b64", 64)]
    [TestCase("bfind", "u32", 32)]
    [TestCase("bfind", "s32", 32)]
    [TestCase("bfind", "s64", 64)]
    [TestCase("bfind.shiftamt", "u32", 32)]
    public static void BitsAndSigns(string name, string type, int bits)
    {
        bool two = name is "and" or "or" or "xor", counts = name is "popc" or "clz" or "bfind" or "bfind.shiftamt";
        List<(ulong A, ulong B, ulong C)> sources = Sources(bits);
        int result = counts ? 32 : bits;
        ulong[] actual = PtxSnippet.Apply(two ? Line($"{name}.{type}", result, bits, bits) : Line($"{name}.{type}", result, bits), sources);
        for (int i = 0; i < actual.Length; i++)
        {
            ulong a = Cut(sources[i].A, bits), b = Cut(sources[i].B, bits);
            BigInteger signed = Number(a, bits, true);
            bool[] digits = [.. Enumerable.Range(0, bits).Select(j => (a >> j & 1) != 0)];
            int highest = Array.FindLastIndex(digits, d => d != (type[0] == 's' && digits[^1]));
            BigInteger expected = name switch
            {
                "and" => a & b,
                "or" => a | b,
                "xor" => a ^ b,
                "not" => -signed - 1,
                "abs" => BigInteger.Abs(signed),
                "neg" => -signed,
                "brev" => digits.Select((d, j) => d ? BigInteger.One << (bits - 1 - j) : 0).Aggregate(BigInteger.Add),
                "popc" => digits.Count(d => d),
                "clz" => bits - 1 - Array.LastIndexOf(digits, true),
                "bfind" => highest,
                _ => highest < 0 ? -1 : bits - 1 - highest,
            };
            Assert.That(actual[i], Is.EqualTo(Bits(expected, result)), $"{name}.{type} {a:x}");
        }
    }

    [TestCase("shl", "b32", 32)]
    [TestCase("shl", "b64", 64)]
    [TestCase("shr", "u32", 32)]
    [TestCase("shr", "s32", 32)]
    [TestCase("shr", "u64", 64)]
    [TestCase("shr", "s64", 64)]
    public static void ShiftsOfAnyAmount(string name, string type, int bits)
    {
        List<(ulong A, ulong B, ulong C)> sources = [.. Sources(64).Select((s, i) => (s.A, (ulong)(i % 70), s.C)), .. Sources(64)];
        ulong[] actual = PtxSnippet.Apply($"{name}.{type} {(bits == 64 ? "%d0, %d1" : "%r0, %r1")}, %r2;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            int count = (int)Math.Min(200, Cut(sources[i].B, 32));
            BigInteger a = Number(sources[i].A, bits, type[0] == 's');
            Assert.That(actual[i], Is.EqualTo(Bits(name == "shl" ? a << count : a >> count, bits)), $"{name}.{type} {a} {count}");
        }
    }

    [TestCase("u32", 32)]
    [TestCase("s32", 32)]
    [TestCase("u64", 64)]
    [TestCase("s64", 64)]
    public static void FieldsOfBits(string type, int bits)
    {
        var random = new Random(5);
        List<(ulong A, ulong B, ulong C)> sources =
            [.. Sources(64).Select(s => (s.A, (ulong)random.Next(bits + 8), (ulong)random.Next(bits + 8)))];
        ulong[] actual = PtxSnippet.Apply($"bfe.{type} {(bits == 64 ? "%d0, %d1" : "%r0, %r1")}, %r2, %r3;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            // Bits beyond the top are the sign of signed types, else 0.
            BigInteger a = Number(sources[i].A, bits, type[0] == 's');
            int length = (int)sources[i].C;
            BigInteger field = (a >> (int)sources[i].B) & ((BigInteger.One << length) - 1);
            if (type[0] == 's' && length > 0 && !(field >> (length - 1)).IsZero)
                field -= BigInteger.One << length;
            Assert.That(actual[i], Is.EqualTo(Bits(field, bits)), $"bfe.{type} {sources[i]}");
        }
    }

    [TestCase(32)]
    [TestCase(64)]
    public static void InsertedBits(int bits)
    {
        var random = new Random(6);
        List<(ulong A, ulong B, ulong C)> sources = [.. Sources(64).Select(s => (s.A, s.B, (ulong)random.Next(bits)))];
        string registers = bits == 64 ? "%d0, %d1, %d2" : "%r0, %r1, %r2";
        ulong[] actual = PtxSnippet.Apply($"and.b32 %r4, %r3, 7; bfi.b{bits} {registers}, %r3, %r4;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            int place = (int)sources[i].C, length = place & 7;
            BigInteger field = ((BigInteger.One << length) - 1) << place;
            BigInteger expected = (Cut(sources[i].B, bits) & ~field) | (((BigInteger)sources[i].A << place) & field);
            Assert.That(actual[i], Is.EqualTo(Bits(expected, bits)), $"bfi {sources[i]}");
        }
    }

    [Test]
    public static void BytesArePermuted()
    {
        List<(ulong A, ulong B, ulong C)> sources = Sources(32);
        ulong[] actual = PtxSnippet.Apply("prmt.b32 %r0, %r1, %r2, %r3;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            byte[] bytes = [.. BitConverter.GetBytes((uint)sources[i].A), .. BitConverter.GetBytes((uint)sources[i].B)];
            var expected = new byte[4];
            for (int j = 0; j < 4; j++)
            {
                int choice = (int)(sources[i].C >> (4 * j)) & 15;
                expected[j] = choice < 8 ? bytes[choice] : (byte)(bytes[choice - 8] >= 128 ? 255 : 0);
            }
            Assert.That(actual[i], Is.EqualTo(BitConverter.ToUInt32(expected)), $"{sources[i]}");
        }
    }

    [TestCase("l", "wrap")]
    [TestCase("l", "clamp")]
    [TestCase("r", "wrap")]
    [TestCase("r", "clamp")]
    public static void FunnelShifts(string direction, string mode)
    {
        List<(ulong A, ulong B, ulong C)> sources = [.. Sources(32).Select((s, i) => (s.A, s.B, (ulong)(i % 70)))];
        ulong[] actual = PtxSnippet.Apply($"shf.{direction}.{mode}.b32 %r0, %r1, %r2, %r3;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            int count = (int)(mode == "wrap" ? sources[i].C % 32 : Math.Min(32, sources[i].C));
            BigInteger both = (BigInteger)Cut(sources[i].B, 32) << 32 | Cut(sources[i].A, 32);
            BigInteger expected = direction == "l" ? (both << count) >> 32 : both >> count;
            Assert.That(actual[i], Is.EqualTo(Bits(expected, 32)), $"shf.{direction}.{mode} {sources[i]}");
        }
    }

    [Test]
    public static void AnyFunctionOfThreeBits([Values(0, 0x80, 0xC6, 0xCA, 0xE8, 0x96, 0xFF)] int table)
    {
        List<(ulong A, ulong B, ulong C)> sources = Sources(32);
        ulong[] actual = PtxSnippet.Apply($"lop3.b32 %r0, %r1, %r2, %r3, {table};", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            uint expected = 0;
            for (int bit = 0; bit < 32; bit++)
            {
                int place = (int)((sources[i].A >> bit & 1) * 4 + (sources[i].B >> bit & 1) * 2 + (sources[i].C >> bit & 1));
                expected |= (uint)(table >> place & 1) << bit;
            }
            Assert.That(actual[i], Is.EqualTo(expected), $"{sources[i]}");
        }
    }

    [TestCase("s32", "s32")]
    [TestCase("s32", "u32")]
    [TestCase("u32", "s32")]
    [TestCase("u32", "u32")]
    public static void DotProductsOfBytes(string a, string b)
    {
        static int Byte(ulong word, int i, string type) => type == "s32" ? (sbyte)(word >> (8 * i)) : (byte)(word >> (8 * i));
        static int Short(ulong word, int i, string type) => type == "s32" ? (short)(word >> (16 * i)) : (ushort)(word >> (16 * i));
        List<(ulong A, ulong B, ulong C)> sources = Sources(32);
        ulong[] four = PtxSnippet.Apply($"dp4a.{a}.{b} %r0, %r1, %r2, %r3;", sources);
        ulong[] low = PtxSnippet.Apply($"dp2a.lo.{a}.{b} %r0, %r1, %r2, %r3;", sources);
        ulong[] high = PtxSnippet.Apply($"dp2a.hi.{a}.{b} %r0, %r1, %r2, %r3;", sources);
        for (int i = 0; i < four.Length; i++)
        {
            (ulong x, ulong y, ulong z) = sources[i];
            BigInteger Sum(int count, Func<int, BigInteger> term) =>
                Enumerable.Range(0, count).Select(term).Aggregate((BigInteger)Cut(z, 32), BigInteger.Add);
            Assert.That(four[i], Is.EqualTo(Bits(Sum(4, j => Byte(x, j, a) * Byte(y, j, b)), 32)), $"dp4a {sources[i]}");
            Assert.That(low[i], Is.EqualTo(Bits(Sum(2, j => (BigInteger)Short(x, j, a) * Byte(y, j, b)), 32)), $"dp2a.lo {sources[i]}");
            Assert.That(
                high[i], Is.EqualTo(Bits(Sum(2, j => (BigInteger)Short(x, j, a) * Byte(y, j + 2, b)), 32)), $"dp2a.hi {sources[i]}");
        }
    }

    [TestCase("s16")]
    [TestCase("u16")]
    public static void ShortRegisters(string type)
    {
        bool signed = type[0] == 's';
        List<(ulong A, ulong B, ulong C)> sources = Sources(16);
        foreach (string name in new[] { "add", "sub", "mul.lo", "min", "max" })
        {
            ulong[] actual = PtxSnippet.Apply($"{name}.{type} %h0, %h1, %h2; cvt.u32.u16 %r0, %h0;", sources);
            for (int i = 0; i < actual.Length; i++)
            {
                BigInteger a = Number(sources[i].A, 16, signed), b = Number(sources[i].B, 16, signed);
                BigInteger expected = name switch
                {
                    "add" => a + b,
                    "sub" => a - b,
                    "mul.lo" => a * b,
                    "min" => BigInteger.Min(a, b),
                    _ => BigInteger.Max(a, b),
                };
                Assert.That(actual[i], Is.EqualTo(Bits(expected, 16)), $"{name}.{type} {a} {b}");
            }
        }
    }

    [TestCase("s16", 16)]
    [TestCase("u16", 16)]
    [TestCase("s32", 32)]
    [TestCase("u32", 32)]
    [TestCase("s64", 64)]
    [TestCase("u64", 64)]
    public static void Comparisons(string type, int bits)
    {
        bool signed = type[0] == 's';
        List<(ulong A, ulong B, ulong C)> sources = [.. Sources(bits), .. Sources(bits).Select(s => (s.A, s.A, s.C))];
        string registers = bits switch { 16 => "%h1, %h2", 32 => "%r1, %r2", _ => "%d1, %d2" };
        foreach (string test in new[] { "eq", "ne", "lt", "le", "gt", "ge" })
        {
            ulong[] actual = PtxSnippet.Apply(
                $"setp.{test}.{type} %p1|%p2, {registers}; selp.b32 %r0, 2, 0, %p1; selp.b32 %r4, 1, 0, %p2; or.b32 %r0, %r0, %r4;",
                sources);
            for (int i = 0; i < actual.Length; i++)
            {
                int order = Number(sources[i].A, bits, signed).CompareTo(Number(sources[i].B, bits, signed));
                bool holds = test switch
                {
                    "eq" => order == 0,
                    "ne" => order != 0,
                    "lt" => order < 0,
                    "le" => order <= 0,
                    "gt" =>
                    order > 0,
                    _ => order >= 0
                };
                Assert.That(actual[i], Is.EqualTo(holds ? 2 : 1), $"setp.{test}.{type} {sources[i]}");
            }
        }
    }

    static string Line(string opcode, int result, params int[] sources) =>
        $"{opcode} {(result == 64 ? "%d0" : "%r0")}, "
        + $"{string.Join(", ", sources.Select((bits, i) => $"{(bits == 64 ? "%d" : "%r")}{i + 1}"))};";

    /// <summary>All pairs of edges, and random ones.</summary>
    static List<(ulong A, ulong B, ulong C)> Sources(int bits)
    {
        var random = new Random(bits);
        ulong Any() => (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        List<(ulong, ulong, ulong)> sources = [.. Edges.SelectMany(a => Edges.Select(b => (a, b, Edges[random.Next(Edges.Length)])))];
        for (int i = 0; i < RandomCases; i++)
            sources.Add((Any(), Any(), Any()));
        return sources;
    }

    static ulong Cut(ulong value, int bits) => bits == 64 ? value : value & ((1ul << bits) - 1);

    static BigInteger Number(ulong value, int bits, bool signed)
    {
        BigInteger number = Cut(value, bits);
        return signed && number >> (bits - 1) == 1 ? number - (BigInteger.One << bits) : number;
    }

    static ulong Bits(BigInteger value, int bits) => (ulong)(value & ((BigInteger.One << bits) - 1));
}
