using System.Numerics;

namespace Kernels.Tests.Ptx;

/// <summary>The interpreter's float instructions against fractions of whole numbers, rounded once.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class FloatInstructionTests
{
    const int RandomCases = 3000;
    const uint NaN = 0x7FFFFFFF;

    static readonly float[] SingleEdges =
    [
        0f, -0f, 1f, -1f, 1.5f, 3f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1.17549421e-38f, float.MaxValue, -float.MaxValue,
        1f / 3, 16777217f, 8388609f, 1e-30f,
    ];

    [TestCase("add.rn")]
    [TestCase("sub.rn")]
    [TestCase("mul.rn")]
    [TestCase("div.rn")]
    public static void SingleOfTwo(string name)
    {
        List<(ulong A, ulong B, ulong C)> sources = [.. Singles().Where(s => name != "div.rn" || Single(s.B) != 0)];
        ulong[] actual = PtxSnippet.Apply($"{name}.f32 %r0, %r1, %r2;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            (float a, float b) = (Single(sources[i].A), Single(sources[i].B));
            ((BigInteger n, BigInteger d), (BigInteger m, BigInteger e)) = (RationalRounding.Of(a), RationalRounding.Of(b));
            (BigInteger top, BigInteger bottom) = name switch
            {
                "add.rn" => ((n * e) + (m * d), d * e),
                "sub.rn" => ((n * e) - (m * d), d * e),
                "mul.rn" => (n * m, d * e),
                _ => (n * e * m.Sign, d * BigInteger.Abs(m)),
            };
            MustBe(actual[i], RationalRounding.Single(top, bottom), top.IsZero, $"{name} {a:R} {b:R}");
        }
    }

    [Test]
    public static void SingleFusedMultiplyAddRoundsOnce()
    {
        List<(ulong A, ulong B, ulong C)> sources = Singles();
        // Products that end half way between two floats, with a small third part that decides.
        for (int i = 0; i < 500; i++)
            sources.Add((Bits(1f + (i * 1.1920929e-7f)), Bits(1f + 5.9604645e-8f * 2), Bits((i % 2 == 0 ? 1 : -1) * 1e-30f)));
        ulong[] actual = PtxSnippet.Apply("fma.rn.f32 %r0, %r1, %r2, %r3;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            (BigInteger n, BigInteger d) = RationalRounding.Of(Single(sources[i].A));
            (BigInteger m, BigInteger e) = RationalRounding.Of(Single(sources[i].B));
            (BigInteger o, BigInteger f) = RationalRounding.Of(Single(sources[i].C));
            BigInteger top = (n * m * f) + (o * d * e);
            MustBe(actual[i], RationalRounding.Single(top, d * e * f), top.IsZero, $"fma {sources[i]}");
        }
    }

    [Test]
    public static void DoubleFusedMultiplyAddRoundsOnce()
    {
        List<(ulong A, ulong B, ulong C)> sources = Doubles();
        ulong[] actual = PtxSnippet.Apply("fma.rn.f64 %d0, %d1, %d2, %d3;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            (BigInteger n, BigInteger d) = RationalRounding.Of(Double(sources[i].A));
            (BigInteger m, BigInteger e) = RationalRounding.Of(Double(sources[i].B));
            (BigInteger o, BigInteger f) = RationalRounding.Of(Double(sources[i].C));
            BigInteger top = (n * m * f) + (o * d * e);
            double expected = RationalRounding.Double(top, d * e * f);
            Assert.That(
                top.IsZero ? Double(actual[i]) == 0 : Double(actual[i]).Equals(expected),
                $"fma.f64 {sources[i]} gives {Double(actual[i]):R}, not {expected:R}");
        }
    }

    [TestCase("add.rn")]
    [TestCase("sub.rn")]
    [TestCase("mul.rn")]
    [TestCase("div.rn")]
    public static void DoubleOfTwo(string name)
    {
        List<(ulong A, ulong B, ulong C)> sources = [.. Doubles().Where(s => Double(s.B) != 0)];
        ulong[] actual = PtxSnippet.Apply($"{name}.f64 %d0, %d1, %d2;", sources);
        for (int i = 0; i < actual.Length; i++)
        {
            ((BigInteger n, BigInteger d), (BigInteger m, BigInteger e)) =
                (RationalRounding.Of(Double(sources[i].A)), RationalRounding.Of(Double(sources[i].B)));
            (BigInteger top, BigInteger bottom) = name switch
            {
                "add.rn" => ((n * e) + (m * d), d * e),
                "sub.rn" => ((n * e) - (m * d), d * e),
                "mul.rn" => (n * m, d * e),
                _ => (n * e * m.Sign, d * BigInteger.Abs(m)),
            };
            double expected = RationalRounding.Double(top, bottom);
            Assert.That(
                top.IsZero ? Double(actual[i]) == 0 : Double(actual[i]).Equals(expected),
                $"{name}.f64 {sources[i]} gives {Double(actual[i]):R}, not {expected:R}");
        }
    }

    [Test]
    public static void RootsAndReciprocals()
    {
        List<(ulong A, ulong B, ulong C)> sources = [.. Singles().Where(s => Single(s.A) > 0)];
        ulong[] roots = PtxSnippet.Apply("sqrt.rn.f32 %r0, %r1;", sources), inverses = PtxSnippet.Apply("rcp.rn.f32 %r0, %r1;", sources);
        for (int i = 0; i < roots.Length; i++)
        {
            (BigInteger n, BigInteger d) = RationalRounding.Of(Single(sources[i].A));
            MustBe(inverses[i], RationalRounding.Single(d, n), false, $"rcp {Single(sources[i].A):R}");
            // The root is nearest where its half steps to both sides, squared, enclose the number.
            float root = Single(roots[i]);
            (BigInteger low, BigInteger lowBottom) = Middle(MathF.BitDecrement(root), root);
            (BigInteger high, BigInteger highBottom) = Middle(root, MathF.BitIncrement(root));
            Assert.That(
                low * low * d <= n * lowBottom * lowBottom && n * highBottom * highBottom <= high * high * d,
                $"sqrt {Single(sources[i].A):R} gives {root:R}");
        }
    }

    [Test]
    public static void SpecialValuesGiveTheOneNaN()
    {
        uint inf = 0x7F800000, quiet = 0x7FC12345;
        Assert.Multiple(() =>
        {
            Assert.That(One("add.rn.f32 %r0, %r1, %r2;", inf, 0xFF800000), Is.EqualTo(NaN));
            Assert.That(One("mul.rn.f32 %r0, %r1, %r2;", inf, 0), Is.EqualTo(NaN));
            Assert.That(One("div.rn.f32 %r0, %r1, %r2;", 0, 0), Is.EqualTo(NaN));
            Assert.That(One("div.rn.f32 %r0, %r1, %r2;", Bits(1f), 0x80000000), Is.EqualTo(0xFF800000));
            Assert.That(One("sqrt.rn.f32 %r0, %r1;", Bits(-1f), 0), Is.EqualTo(NaN));
            Assert.That(One("sqrt.rn.f32 %r0, %r1;", 0x80000000, 0), Is.EqualTo(0x80000000));
            Assert.That(One("fma.rn.f32 %r0, %r1, %r2, %r2;", quiet, 0), Is.EqualTo(NaN));
            Assert.That(One("min.f32 %r0, %r1, %r2;", quiet, Bits(2f)), Is.EqualTo(Bits(2f)));
            Assert.That(One("max.f32 %r0, %r1, %r2;", Bits(2f), quiet), Is.EqualTo(Bits(2f)));
            Assert.That(One("max.f32 %r0, %r1, %r2;", quiet, quiet), Is.EqualTo(NaN));
            Assert.That(One("min.f32 %r0, %r1, %r2;", 0, 0x80000000), Is.EqualTo(0x80000000));
            Assert.That(One("max.f32 %r0, %r1, %r2;", 0x80000000, 0), Is.Zero);
            Assert.That(One("max.NaN.f32 %r0, %r1, %r2;", Bits(2f), quiet), Is.EqualTo(NaN));
            Assert.That(One("max.NaN.f32 %r0, %r1, %r2;", Bits(2f), Bits(3f)), Is.EqualTo(Bits(3f)));
            Assert.That(One("max.NaN.f32 %r0, %r1, %r2;", 0x80000000, 0), Is.Zero);
            Assert.That(One("neg.f32 %r0, %r1;", 0, 0), Is.EqualTo(0x80000000));
            Assert.That(One("abs.f32 %r0, %r1;", Bits(-3f), 0), Is.EqualTo(Bits(3f)));
        });
    }

    [TestCase("lt", false)]
    [TestCase("le", false)]
    [TestCase("gt", false)]
    [TestCase("ge", false)]
    [TestCase("eq", false)]
    [TestCase("ne", false)]
    [TestCase("ltu", true)]
    [TestCase("leu", true)]
    [TestCase("gtu", true)]
    [TestCase("geu", true)]
    [TestCase("equ", true)]
    [TestCase("neu", true)]
    [TestCase("num", false)]
    [TestCase("nan", true)]
    public static void ComparisonsKnowNaN(string test, bool ofNaN)
    {
        float[] values = [0f, -0f, 1f, -1f, 2f, float.NegativeInfinity, float.PositiveInfinity, float.NaN, float.Epsilon];
        List<(ulong A, ulong B, ulong C)> sources = [.. values.SelectMany(a => values.Select(b => ((ulong)Bits(a), (ulong)Bits(b), 0ul)))];
        ulong[] single = PtxSnippet.Apply($"setp.{test}.f32 %p1, %r1, %r2; selp.b32 %r0, 1, 0, %p1;", sources);
        List<(ulong, ulong, ulong)> wide = [.. values.SelectMany(a => values.Select(b => (Bits((double)a), Bits((double)b), 0ul)))];
        ulong[] pairs = PtxSnippet.Apply($"setp.{test}.f64 %p1, %d1, %d2; selp.b64 %d0, 1, 0, %p1;", wide);
        for (int i = 0; i < single.Length; i++)
        {
            (float a, float b) = (Single(sources[i].A), Single(sources[i].B));
            bool unordered = float.IsNaN(a) || float.IsNaN(b);
            bool expected = unordered ? ofNaN : test[..2] switch
            {
                "lt" => a < b,
                "le" => a <= b,
                "gt" => a > b,
                "ge" => a >= b,
                "eq" => a == b,
                "ne" => a != b,
                "nu" => true,
                _ => false,
            };
            Assert.That(single[i], Is.EqualTo(expected ? 1 : 0), $"setp.{test}.f32 {a} {b}");
            Assert.That(pairs[i], Is.EqualTo(expected ? 1 : 0), $"setp.{test}.f64 {a} {b}");
        }
    }

    static ulong One(string instruction, uint a, uint b) => PtxSnippet.Apply(instruction, [(a, b, 0)])[0];

    static (BigInteger, BigInteger) Middle(float low, float high)
    {
        ((BigInteger n, BigInteger d), (BigInteger m, BigInteger e)) = (RationalRounding.Of(low), RationalRounding.Of(high));
        return ((n * e) + (m * d), d * e * 2);
    }

    static void MustBe(ulong actual, float expected, bool zero, string what)
    {
        float given = Single(actual);
        Assert.That(zero ? given == 0 : given.Equals(expected), $"{what} gives {given:R}, not {expected:R}");
    }

    static List<(ulong A, ulong B, ulong C)> Singles()
    {
        var random = new Random(3);
        float Any()
        {
            float x = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
            return float.IsFinite(x) ? random.Next(3) == 0 ? x : (random.NextSingle() - 0.5f) * MathF.ScaleB(1, random.Next(-30, 30)) : 1f;
        }
        List<(ulong, ulong, ulong)> sources = [
            .. SingleEdges.SelectMany(
                a => SingleEdges.Select(b => ((ulong)Bits(a), (ulong)Bits(b), (ulong)Bits(SingleEdges[random.Next(SingleEdges.Length)]))))];
        for (int i = 0; i < RandomCases; i++)
            sources.Add((Bits(Any()), Bits(Any()), Bits(Any())));
        return sources;
    }

    static List<(ulong A, ulong B, ulong C)> Doubles()
    {
        var random = new Random(4);
        double Any()
        {
            double x = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            return double.IsFinite(x) && random.Next(3) == 0 ? x : (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-60, 60));
        }
        return [.. Enumerable.Range(0, RandomCases).Select(_ => (Bits(Any()), Bits(Any()), Bits(Any())))];
    }

    static uint Bits(float x) => BitConverter.SingleToUInt32Bits(x);

    static ulong Bits(double x) => BitConverter.DoubleToUInt64Bits(x);

    static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);
}
