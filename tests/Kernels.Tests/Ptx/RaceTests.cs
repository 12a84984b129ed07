using Harness.Kernels.Driver;
using PtxInterpreter;
using static Kernels.Tests.Ptx.PlantedFault;

namespace Kernels.Tests.Ptx;

/// <summary>Races that the interpreter finds: planted they are found, with their places; a twin without them runs.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class RaceTests
{
    [Test]
    public static void AMissingBarrierIsARace()
    {
        const int OtherWarp = 128;
        Assert.That(Run(Exchange("bar.sync 0;", OtherWarp), TwoWarps)[3], Is.EqualTo(35));
        Found(FaultKind.Race, Exchange("", OtherWarp), TwoWarps, "race: ", "thread ", "block (0,0,0)", "Snippet.ptx(");
        Found(FaultKind.Race, Exchange("bar.warp.sync -1;", OtherWarp), TwoWarps, "with no barrier between");
    }

    [Test]
    public static void LanesNeedABarrierOfTheWarp()
    {
        const int OtherLane = 4;
        Assert.That(Run(Exchange("bar.warp.sync -1;", OtherLane), TwoWarps)[6], Is.EqualTo(7));
        Found(FaultKind.Race, Exchange("", OtherLane), TwoWarps, "race: reads what thread");
        Found(FaultKind.Race, Exchange("shfl.sync.idx.b32 %r10, %r60, 0, 31, -1;", OtherLane), TwoWarps, "race: reads what thread");
    }

    /// <summary>Each thread writes its number to shared memory, and reads that of the thread at a distance in bytes.</summary>
    static string Exchange(string between, int distance) => $"""
        {Places}
            st.shared.u32 [%r5], 0;
            bar.sync 0;
            st.shared.u32 [%r5], %r60;
            {between}
            xor.b32 %r7, %r6, {distance};
            mov.u32 %r8, tile;
            add.s32 %r8, %r8, %r7;
            ld.shared.u32 %r9, [%r8];
            st.global.u32 [%d3], %r9;
        """;

    [Test]
    public static void AWriteAfterAReadNeedsABarrier()
    {
        static string Body(string between) => $"""
            {Places}
                st.shared.u32 [%r5], %r60;
                bar.sync 0;
                ld.shared.u32 %r9, [tile+12];
                {between}
                st.shared.u32 [%r5], %r9;
                st.global.u32 [%d3], %r9;
            """;
        Assert.That(Run(Body("bar.sync 0;"), TwoWarps), Is.All.EqualTo(3));
        Found(FaultKind.Race, Body(""), TwoWarps, "writes what several");
    }

    [Test]
    public static void LanesThatWriteOnePlaceMustAgree()
    {
        static string Body(string value) =>
            $"{Places} bar.sync 0; st.shared.u32 [tile], {value}; bar.sync 0; ld.shared.u32 %r9, [tile]; st.global.u32 [%d3], %r9;";
        Assert.That(Run(Body("17"), OneWarp), Is.All.EqualTo(17));
        Found(FaultKind.Race, Body("%r60"), OneWarp, "that lane 0 writes differently at once");
    }

    [Test]
    public static void BytesThatLieTogetherAreNoRace()
    {
        string body = $"""
            {Places}
                mov.u32 %r8, tile;
                add.s32 %r8, %r8, %r60;
                st.shared.u8 [%r8], %r60;
                bar.sync 0;
                ld.shared.u32 %r9, [tile+4];
                st.global.u32 [%d3], %r9;
            """;
        Assert.That(Run(body, TwoWarps), Is.All.EqualTo(0x07060504));
    }

    [Test]
    public static void BlocksMustNotTouchTheSameBytes()
    {
        // Each block writes its own word, or all the first one.
        static string Body(string place) => "mov.u32 %r1, %ctaid.x; mul.wide.u32 %d1, %r1, 4; add.u64 %d2, %d61, %d1; setp.eq.u32 %p1, "
            + $"%r60, 0; @%p1 st.global.u32 [{place}], %r1;";
        Assert.That(PtxSnippet.Run<int, int>(Body("%d2"), [1], 8, new LaunchShape(8, 32)), Is.EqualTo(Enumerable.Range(0, 8)));
        var options = new InterpreterOptions { Workers = 1 };
        FoundIn("", options, FaultKind.Race, Body("%d61"), new LaunchShape(8, 32), "of block 0, which nothing orders");
        string reads = Body("%d2") + " @%p1 ld.global.u32 %r2, [%d61];";
        FoundIn("", options, FaultKind.Race, reads, new LaunchShape(8, 32), "reads what thread 0 wrote, of block 0");
    }

    [Test]
    public static void AMissingWaitForACopyIsFound()
    {
        static string Body(string wait) => $"{Places} cp.async.ca.shared.global [%r5], [%d2], 4; cp.async.commit_group; {wait} bar.sync 0; "
            + "ld.shared.u32 %r9, [%r5]; st.global.u32 [%d3], %r9;";
        Assert.That(Run(Body("cp.async.wait_group 0;"), TwoWarps)[63], Is.EqualTo(64));
        Found(FaultKind.AsyncCopyUnderWay, Body(""), TwoWarps, "still under way");
        Found(FaultKind.AsyncCopyUnderWay, Body("cp.async.wait_group 1;"), TwoWarps, "still under way");
    }

    [Test]
    public static void ACopyThatArrivedIsOthersBehindABarrierOnly()
    {
        static string Body(string barrier) => $"""
            {Places}
                cp.async.ca.shared.global [%r5], [%d2], 4;
                cp.async.wait_all;
                {barrier}
                xor.b32 %r7, %r6, 128;
                mov.u32 %r8, tile;
                add.s32 %r8, %r8, %r7;
                ld.shared.u32 %r9, [%r8];
                st.global.u32 [%d3], %r9;
            """;
        Assert.That(Run(Body("bar.sync 0;"), TwoWarps)[0], Is.EqualTo(33));
        Assert.That(() => Run(Body(""), TwoWarps), Throws.TypeOf<KernelFaultException>());
    }
}
