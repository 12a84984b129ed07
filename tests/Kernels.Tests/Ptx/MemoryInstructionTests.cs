using Harness.Kernels.Driver;

namespace Kernels.Tests.Ptx;

/// <summary>Loads and stores of every width, the spaces and their addresses, and the variables of a module.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class MemoryInstructionTests
{
    const string Tile = ".shared .align 16 .b8 tile[1024];";
    static readonly LaunchShape OneThread = new(1, 1);

    [TestCase("u8", 0xF1ul)]
    [TestCase("s8", 0xFFFFFFFFFFFFFFF1ul)]
    [TestCase("u16", 0xE2F1ul)]
    [TestCase("s16", 0xFFFFFFFFFFFFE2F1ul)]
    [TestCase("b32", 0xC4D3E2F1ul)]
    [TestCase("s32", 0xFFFFFFFFC4D3E2F1ul)]
    [TestCase("u64", 0x8897A6B5C4D3E2F1ul)]
    public static void LoadsExtendToTheirRegister(string type, ulong expected)
    {
        byte[] bytes = [0xF1, 0xE2, 0xD3, 0xC4, 0xB5, 0xA6, 0x97, 0x88];
        foreach (string modifier in new[] { "", ".nc", ".ca", ".L1::no_allocate" })
            Assert.That(
                PtxSnippet.Run<byte,
                ulong>($"ld.global{modifier}.{type} %d1, [%d60]; st.global.u64 [%d61], %d1;", bytes, 1, OneThread)[0],
                Is.EqualTo(expected));
    }

    [TestCase("u8", 0xA5A5A5A5A5A5A5F1ul)]
    [TestCase("u16", 0xA5A5A5A5A5A5E2F1ul)]
    [TestCase("u32", 0xA5A5A5A5C4D3E2F1ul)]
    [TestCase("u64", 0x8897A6B5C4D3E2F1ul)]
    public static void StoresWriteTheirBytesAlone(string type, ulong expected) =>
        Assert.That(
            PtxSnippet.Run<ulong,
            ulong>($"ld.global.u64 %d1, [%d60]; st.global.{type} [%d61], %d1;", [0x8897A6B5C4D3E2F1], 1, OneThread)[0],
            Is.EqualTo(expected));

    [Test]
    public static void VectorsLieSideBySide()
    {
        const string Body = """
                ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%d60];
                st.global.v2.u32 [%d61], {%r4, %r3};
                ld.global.v2.u64 {%d1, %d2}, [%d60+16];
                st.global.v2.u64 [%d61+16], {%d2, %d1};
                ld.global.v4.s8 {%r5, %r6, %r7, %r8}, [%d60+32];
                add.s32 %r5, %r5, %r6;
                add.s32 %r5, %r5, %r7;
                add.s32 %r5, %r5, %r8;
                st.global.u32 [%d61+8], %r5;
                st.global.u32 [%d61+12], 0f3F800000;
            """;
        int[] actual = PtxSnippet.Run<int, int>(Body, [1, 2, 3, 4, 5, 6, 7, 8, unchecked((int)0xFF01FE80)], 8, OneThread);
        Assert.That(actual, Is.EqualTo(new[] { 4, 3, -1 + 1 - 2 - 128, 0x3F800000, 7, 8, 5, 6 }));
    }

    [Test]
    public static void GenericAddressesReachEverySpace()
    {
        const string Body = """
                .local .align 8 .b8 mine[16];
                mov.u64 %d1, tile;
                cvta.shared.u64 %d2, %d1;
                st.shared.u32 [%d1+4], 5;
                ld.u32 %r1, [%d2+4];
                mov.u64 %d3, mine;
                cvta.local.u64 %d4, %d3;
                st.u32 [%d4+8], 7;
                ld.local.u32 %r2, [%d3+8];
                cvta.to.shared.u64 %d5, %d2;
                ld.shared.u32 %r3, [%d5+4];
                ld.u32 %r4, [%d60];
                mov.u32 %r5, tile;
                ld.shared.u32 %r6, [%r5+4];
                ld.shared.u32 %r7, [tile+4];
                st.v4.u32 [%d61], {%r1, %r2, %r3, %r4};
                st.v2.u32 [%d61+16], {%r6, %r7};
            """;
        Assert.That(PtxSnippet.Run<int, int>(Body, [9], 6, OneThread, Tile), Is.EqualTo(new[] { 5, 7, 5, 9, 5, 5 }));
    }

    [Test]
    public static void ModulesHaveTablesAndConstants()
    {
        const string Outside = """
            .const .align 4 .b8 bytes[8] = {1, 0, 0, 0, 255, 255, 255, 255};
            .global .align 4 .u32 words[3] = {10, 20, 0x1E};
            .visible .const .align 4 .f32 half = 0f3F000000;
            """;
        const string Body = """
                mov.u64 %d1, words;
                ld.global.u32 %r1, [%d1+8];
                ld.const.u32 %r2, [bytes+4];
                ld.const.f32 %f1, [half];
                mov.b32 %r3, %f1;
                cvta.global.u64 %d2, %d1;
                ld.u32 %r4, [%d2];
                st.global.v4.u32 [%d61], {%r1, %r2, %r3, %r4};
            """;
        Assert.That(PtxSnippet.Run<int, int>(Body, [0], 4, OneThread, Outside), Is.EqualTo(new[] { 30, -1, 0x3F000000, 10 }));
    }

    [Test]
    public static void GuardedInstructionsRunWhereTheirPredicateHolds()
    {
        const string Body = """
                and.b32 %r1, %r60, 3;
                setp.eq.u32 %p1, %r1, 2;
                setp.lt.and.u32 %p2, %r60, 16, !%p1;
                xor.pred %p3, %p1, %p2;
                not.pred %p4, %p3;
                mov.u32 %r2, 0;
                @%p1 add.s32 %r2, %r2, 1;
                @!%p2 add.s32 %r2, %r2, 2;
                @%p4 add.s32 %r2, %r2, 4;
                mul.wide.u32 %d1, %r60, 4;
                add.u64 %d2, %d61, %d1;
                st.global.u32 [%d2], %r2;
            """;
        int[] expected = [.. Enumerable.Range(0, 32).Select(i =>
        {
            bool first = i % 4 == 2, second = i < 16 && !first;
            return (first ? 1 : 0) + (second ? 0 : 2) + (first ^ second ? 0 : 4);
        })];
        Assert.That(PtxSnippet.Run<int, int>(Body, [0], 32, new LaunchShape(1, 32)), Is.EqualTo(expected));
    }

    [Test]
    public static void RegistersPackAndPart()
    {
        const string Body = """
                ld.global.u64 %d1, [%d60];
                mov.b64 {%r1, %r2}, %d1;
                mov.b32 {%h1, %h2}, %r1;
                mov.b32 %r3, {%h2, %h1};
                mov.b64 %d2, {%r2, %r3};
                mov.b64 {_, %r4}, %d2;
                st.global.u64 [%d61], %d2;
                st.global.u32 [%d61+8], %r4;
            """;
        Assert.That(
            PtxSnippet.Run<ulong,
            ulong>(Body, [0x1122334455667788], 2, OneThread),
            Is.EqualTo(new ulong[] { 0x7788556611223344, 0xA5A5A5A577885566 }));
    }

    [Test]
    public static void InlineAssemblyHasRegistersOfItsOwn()
    {
        const string Body = """
                mov.u32 %r1, 5;
                { .reg .pred inner; .reg .b32 %r1; mov.u32 %r1, 7; setp.eq.s32 inner, %r1, 7; @inner st.global.u32 [%d61], %r1; }
                { .reg .pred inner; setp.ne.s32 inner, %r1, 5; @!inner st.global.u32 [%d61+4], %r1; }
            """;
        Assert.That(PtxSnippet.Run<int, int>(Body, [0], 2, OneThread), Is.EqualTo(new[] { 7, 5 }));
    }

    [Test]
    public static void ThreadsKnowTheirPlace()
    {
        const string Body = """
                mov.u32 %r1, %ctaid.x;
                mov.u32 %r2, %ctaid.y;
                mov.u32 %r3, %ctaid.z;
                mov.u32 %r4, %nctaid.x;
                mov.u32 %r5, %nctaid.y;
                mov.u32 %r6, %ntid.x;
                mad.lo.s32 %r7, %r3, %r5, %r2;
                mad.lo.s32 %r7, %r7, %r4, %r1;
                mad.lo.s32 %r7, %r7, %r6, %r60;
                mov.u32 %r8, %laneid;
                mov.u32 %r9, %lanemask_lt;
                popc.b32 %r9, %r9;
                sub.s32 %r8, %r8, %r9;
                mov.u32 %r10, %warpid;
                mad.lo.s32 %r8, %r10, 1000, %r8;
                mul.wide.u32 %d1, %r7, 4;
                add.u64 %d2, %d61, %d1;
                st.global.u32 [%d2], %r8;
            """;
        int[] actual = PtxSnippet.Run<int, int>(Body, [0], 2 * 3 * 4 * 40, new LaunchShape(2, 3, 4, 40));
        Assert.That(actual, Is.EqualTo(Enumerable.Range(0, 24 * 40).Select(i => i % 40 < 32 ? 0 : 1000)));
    }
}
