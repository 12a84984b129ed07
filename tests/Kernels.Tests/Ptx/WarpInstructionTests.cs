using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>What the lanes of a warp do together, against plain loops.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class WarpInstructionTests
{
    static readonly LaunchShape OneWarp = new(1, 32);

    const string LoadMine = """
            mul.wide.u32 %d1, %r60, 4;
            add.u64 %d2, %d60, %d1;
            add.u64 %d3, %d61, %d1;
            ld.global.u32 %r1, [%d2];
        """;

    [TestCase("bfly", 5, 31)]
    [TestCase("bfly", 16, 31)]
    [TestCase("idx", 7, 31)]
    [TestCase("idx", 9, 0x181F)]
    [TestCase("up", 3, 0)]
    [TestCase("up", 3, 0x1800)]
    [TestCase("down", 5, 31)]
    [TestCase("down", 5, 0x101F)]
    public static void Shuffles(string mode, int b, int c)
    {
        uint[] values = [.. Enumerable.Range(0, 32).Select(i => (uint)(i * i) + 100)];
        string body = $"""
            {LoadMine}
                shfl.sync.{mode}.b32 %r2|%p1, %r1, {b}, {c}, -1;
                selp.b32 %r3, 0x10000, 0, %p1;
                or.b32 %r2, %r2, %r3;
                st.global.u32 [%d3], %r2;
            """;
        uint[] actual = PtxSnippet.Run<uint, uint>(body, values, 32, OneWarp);
        int width = 32 - (c >> 8);
        for (int lane = 0; lane < 32; lane++)
        {
            int start = lane / width * width;
            int source = mode switch { "bfly" => lane ^ b, "idx" => start + (b % width), "up" => lane - b, _ => lane + b };
            bool inside = source >= start && source < start + width;
            uint expected = values[inside ? source : lane] | (inside ? 0x10000u : 0);
            Assert.That(actual[lane], Is.EqualTo(expected), $"{mode} {b} {c:x} in lane {lane}");
        }
    }

    [Test]
    public static void AShuffleMayTakeItsLaneFromARegister()
    {
        uint[] values = [.. Enumerable.Range(0, 32).Select(i => (uint)((i * 7) + 3))];
        string body = $"{LoadMine} shfl.sync.idx.b32 %r2, %r60, %r1, 31, -1; st.global.u32 [%d3], %r2;";
        Assert.That(PtxSnippet.Run<uint, uint>(body, values, 32, OneWarp), Is.EqualTo(values.Select(v => v % 32)));
    }

    [TestCase(0xFFFFFFFFu)]
    [TestCase(0u)]
    [TestCase(0x80010F03u)]
    public static void Votes(uint bits)
    {
        uint[] values = [.. Enumerable.Range(0, 32).Select(i => bits >> i & 1)];
        string body = $"""
            {LoadMine}
                setp.ne.u32 %p1, %r1, 0;
                vote.sync.ballot.b32 %r2, %p1, -1;
                vote.sync.all.pred %p2, %p1, -1;
                vote.sync.any.pred %p3, %p1, -1;
                vote.sync.uni.pred %p4, !%p1, -1;
                selp.b32 %r3, 1, 0, %p2;
                selp.b32 %r4, 2, 0, %p3;
                selp.b32 %r5, 4, 0, %p4;
                add.s32 %r3, %r3, %r4;
                add.s32 %r3, %r3, %r5;
                st.global.u32 [%d3], %r2;
                st.global.u32 [%d3+128], %r3;
            """;
        uint[] actual = PtxSnippet.Run<uint, uint>(body, values, 64, OneWarp);
        uint expected = (bits == uint.MaxValue ? 1u : 0) + (bits != 0 ? 2u : 0) + (bits is 0 or uint.MaxValue ? 4u : 0);
        Assert.That(actual, Is.EqualTo(Enumerable.Repeat(bits, 32).Concat(Enumerable.Repeat(expected, 32))));
    }

    [Test]
    public static void LanesThatMeetAgainVoteTogether()
    {
        // The odd lanes take a detour that stands behind the vote.
        string body = $"""
            {LoadMine}
                and.b32 %r2, %r60, 1;
                setp.eq.u32 %p1, %r2, 1;
                @%p1 bra DETOUR;
            MEET:
                vote.sync.ballot.b32 %r3, %p1, -1;
                st.global.u32 [%d3], %r3;
                ret;
            DETOUR:
                add.s32 %r1, %r1, 1;
                bra.uni MEET;
            """;
        Assert.That(PtxSnippet.Run<uint, uint>(body, new uint[32], 32, OneWarp), Is.All.EqualTo(0xAAAAAAAA));
    }

    [Test]
    public static void LoopsOfDifferentLengthEndInEachLane()
    {
        uint[] counts = [.. Enumerable.Range(0, 32).Select(i => (uint)(i * 13 % 17))];
        string body = $"""
            {LoadMine}
                mov.u32 %r2, 0;
                setp.eq.u32 %p1, %r1, 0;
                @%p1 bra DONE;
            NEXT:
                add.s32 %r2, %r2, %r1;
                sub.s32 %r1, %r1, 1;
                setp.ne.u32 %p1, %r1, 0;
                @%p1 bra NEXT;
            DONE:
                st.global.u32 [%d3], %r2;
            """;
        Assert.That(PtxSnippet.Run<uint, uint>(body, counts, 32, OneWarp), Is.EqualTo(counts.Select(n => n * (n + 1) / 2)));
    }

    [TestCase("add", "s32")]
    [TestCase("min", "s32")]
    [TestCase("max", "u32")]
    [TestCase("and", "b32")]
    [TestCase("or", "b32")]
    [TestCase("xor", "b32")]
    public static void ReductionsOfAWarp(string name, string type)
    {
        var random = new Random(2);
        int[] values = [.. Enumerable.Range(0, 32).Select(_ => random.Next(int.MinValue, int.MaxValue) | 1)];
        int[] actual =
            PtxSnippet.Run<int, int>($"{LoadMine} redux.sync.{name}.{type} %r2, %r1, -1; st.global.u32 [%d3], %r2;", values, 32, OneWarp);
        int expected = values.Aggregate((a, b) => name switch
        {
            "add" => a + b,
            "min" => Math.Min(a, b),
            "max" => (int)Math.Max((uint)a, (uint)b),
            "and" => a & b,
            "or" => a | b,
            _ => a ^ b,
        });
        Assert.That(actual, Is.All.EqualTo(expected));
    }

    [TestCase("add.u32", 32 * 33 / 2)]
    [TestCase("max.s32", 32)]
    [TestCase("min.u32", 0)]
    [TestCase("or.b32", 63)]
    [TestCase("xor.b32", 32)]
    [TestCase("exch.b32", 32)]
    public static void AtomicsCountEveryThread(string operation, int expected)
    {
        string body = $"""
                add.s32 %r1, %r60, 1;
                mov.u32 %r2, %ctaid.x;
                setp.eq.u32 %p1, %r2, 0;
                @!%p1 bra END;
                atom.global.{operation} %r3, [%d62], %r1;
                bar.sync 0;
                setp.eq.u32 %p2, %r60, 0;
                @!%p2 bra END;
                ld.volatile.global.u32 %r4, [%d62];
                st.global.u32 [%d61], %r4;
            END:
            """;
        Assert.That(PtxSnippet.Run<int, int>(body, [0], 1, OneWarp)[0], Is.EqualTo(expected));
    }

    [Test]
    public static void AtomicsOfAllBlocksAddUp()
    {
        const int Blocks = 50, Threads = 96;
        string body = $"""
                red.global.add.u64 [%d62], 3;
                atom.global.add.u32 %r1, [%d62+8], 1;
                setp.eq.u32 %p1, %r1, {(Blocks * Threads) - 1};
                @!%p1 bra END;
                ld.volatile.global.u64 %d1, [%d62];
                st.global.u64 [%d61], %d1;
            END:
            """;
        ulong[] actual =
            PtxSnippet.Run<int, ulong>(body, [0], 1, new LaunchShape(Blocks, Threads), options: new InterpreterOptions { Workers = 2 });
        Assert.That(actual[0], Is.EqualTo(3 * Blocks * Threads));
    }
}
