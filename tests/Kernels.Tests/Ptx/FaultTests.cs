using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using PtxInterpreter;
using PtxInterpreter.Parsing;

namespace Kernels.Tests.Ptx;

/// <summary>Each thing that the interpreter finds: planted it is found, with its place; a twin without it runs.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class FaultTests
{
    const string Tile = ".shared .align 16 .b8 tile[1024];";

    /// <summary>%d2: my place in "in"; %d3: in "out"; %r5: in the tile.</summary>
    const string Places = """
            mul.wide.u32 %d1, %r60, 4;
            add.u64 %d2, %d60, %d1;
            add.u64 %d3, %d61, %d1;
            mov.u32 %r5, tile;
            shl.b32 %r6, %r60, 2;
            add.s32 %r5, %r5, %r6;

        """;

    static readonly LaunchShape TwoWarps = new(1, 64);
    static readonly LaunchShape OneWarp = new(1, 32);

    [Test]
    public static void AMissingBarrierIsARace()
    {
        static string Body(string barrier) => $"""
            {Places}
                st.shared.u32 [%r5], 0;
                bar.sync 0;
                st.shared.u32 [%r5], %r60;
                {barrier}
                xor.b32 %r7, %r6, 128;
                mov.u32 %r8, tile;
                add.s32 %r8, %r8, %r7;
                ld.shared.u32 %r9, [%r8];
                st.global.u32 [%d3], %r9;
            """;
        Assert.That(Run(Body("bar.sync 0;"), TwoWarps)[3], Is.EqualTo(35));
        Found(FaultKind.Race, Body(""), TwoWarps, "race: ", "thread ", "block (0,0,0)", "Snippet.ptx(");
        Found(FaultKind.Race, Body("bar.warp.sync -1;"), TwoWarps, "with no barrier between");
    }

    [Test]
    public static void LanesNeedABarrierOfTheWarp()
    {
        static string Body(string between) => $"""
            {Places}
                st.shared.u32 [%r5], 0;
                bar.sync 0;
                st.shared.u32 [%r5], %r60;
                {between}
                xor.b32 %r7, %r6, 4;
                mov.u32 %r8, tile;
                add.s32 %r8, %r8, %r7;
                ld.shared.u32 %r9, [%r8];
                st.global.u32 [%d3], %r9;
            """;
        Assert.That(Run(Body("bar.warp.sync -1;"), TwoWarps)[6], Is.EqualTo(7));
        Found(FaultKind.Race, Body(""), TwoWarps, "race: reads what thread");
        Found(FaultKind.Race, Body("shfl.sync.idx.b32 %r10, %r60, 0, 31, -1;"), TwoWarps, "race: reads what thread");
    }

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
    public static void OnePastTheEndOfSharedMemoryIsFound()
    {
        static string Body(int offset) =>
            $"{Places} st.shared.u32 [%r5+{offset}], %r60; ld.shared.u32 %r9, [%r5+{offset}]; st.global.u32 [%d3], %r9;";
        const string Neighbours = ".shared .align 4 .b8 before[64]; .shared .align 16 .b8 tile[128]; .shared .align 4 .b8 after[64];";
        Assert.That(Run(Body(0), OneWarp, Neighbours)[31], Is.EqualTo(31));
        FoundIn(Neighbours, null, FaultKind.OutOfBounds, Body(4), OneWarp, "thread 31", "shared memory");
    }

    [Test]
    public static void DynamicSharedMemoryHasTheBytesOfTheLaunch()
    {
        const string Dynamic = ".extern .shared .align 16 .b8 tile[];";
        string body = $"{Places} st.shared.u32 [%r5], %r60; ld.shared.u32 %r9, [%r5]; st.global.u32 [%d3], %r9;";
        Assert.That(Run(body, new LaunchShape(1, 32, 128), Dynamic)[5], Is.EqualTo(5));
        FoundIn(Dynamic, null, FaultKind.OutOfBounds, body, new LaunchShape(1, 32, 124), "thread 31", "shared memory");
    }

    [Test]
    public static void OnePastTheEndOfDeviceMemoryIsFound()
    {
        static string Body(int offset) => $"{Places} ld.global.u32 %r9, [%d2+{offset}]; st.global.u32 [%d3], %r9;";
        Assert.That(Run(Body(0), TwoWarps)[63], Is.EqualTo(64));
        Found(FaultKind.OutOfBounds, Body(4), TwoWarps, "thread 63", "ends 4 bytes behind the allocation", "a kernel's case");
        Found(FaultKind.Misaligned, Body(2), TwoWarps, "thread 0", "no multiple");
    }

    [Test]
    public static void WhatIsPrefetchedIsDeviceMemory()
    {
        static string Body(int offset) => $"{Places} prefetch.global.L2 [%d2+{offset}]; mov.u32 %r9, 7; st.global.u32 [%d3], %r9;";
        Assert.That(Run(Body(3), TwoWarps), Is.All.EqualTo(7));
        Found(FaultKind.OutOfBounds, Body(4), TwoWarps, "thread 63", "behind the allocation", "a kernel's case");
    }

    [Test]
    public static void LocalVariablesHaveTheirBounds()
    {
        static string Body(int offset) => $"""
                .local .align 4 .b8 mine[16];
            {Places}
                mov.u64 %d10, mine;
                cvta.local.u64 %d11, %d10;
                st.local.u32 [%d10+{offset}], %r60;
                ld.u32 %r9, [%d11+{offset}];
                st.global.u32 [%d3], %r9;
            """;
        Assert.That(Run(Body(12), OneWarp)[9], Is.EqualTo(9));
        Found(FaultKind.OutOfBounds, Body(16), OneWarp, "16 bytes of local memory");
    }

    [Test]
    public static void ReadsOfWhatWasNeverWrittenAreFound()
    {
        static string Body(string store) => $"{Places} {store} ld.shared.u32 %r9, [%r5]; st.global.u32 [%d3], %r9;";
        Assert.That(Run(Body("st.shared.u32 [%r5], 4;"), OneWarp), Is.All.EqualTo(4));
        Found(FaultKind.Uninitialised, Body(""), OneWarp, "never written");
        Found(FaultKind.Uninitialised, "mov.u64 %d10, mine; .local .align 4 .b8 mine[16]; ld.local.u32 %r9, [%d10];", OneWarp, "local");
        Assert.That(
            () => CopyUnwritten(FindUninitialised: true),
            Throws.TypeOf<KernelFaultException>().With.Property("Kind").EqualTo(FaultKind.Uninitialised));
        Assert.That(() => CopyUnwritten(FindUninitialised: false), Throws.Nothing);
    }

    static void CopyUnwritten(bool FindUninitialised)
    {
        using InterpretedDevice device = PtxSnippet.Device(
            $"{Places.Replace("mov.u32 %r5, tile;", "")} ld.global.u32 %r9, [%d2]; st.global.u32 [%d3], %r9;",
            "",
            new InterpreterOptions { FindUninitialised = FindUninitialised });
        DevicePointer unwritten = device.Allocate(256, "unwritten").Start, to = device.Allocate(256, "to").Start;
        device.Launch(new KernelName("Snippet", "run"), TwoWarps, new PtxSnippet.Pointers(unwritten, to, to));
    }

    [Test]
    public static void FreedMemoryIsFound()
    {
        using InterpretedDevice device = PtxSnippet.Device($"{Places} ld.global.u32 %r9, [%d2]; st.global.u32 [%d3], %r9;", Tile);
        using DeviceBuffer to = device.Allocate(256, "to");
        DeviceBuffer from = device.Allocate(256, "freed too early");
        device.Fill(from.Start, 1, 256);
        var pointers = new PtxSnippet.Pointers(from.Start, to.Start, to.Start);
        device.Launch(new KernelName("Snippet", "run"), TwoWarps, pointers);
        from.Dispose();
        KernelFaultException fault =
            Assert.Throws<KernelFaultException>(() => device.Launch(new KernelName("Snippet", "run"), TwoWarps, pointers))!;
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.FreedMemory));
        Assert.That(fault.Message, Does.Contain("freed too early"));
    }

    [Test]
    public static void ABarrierMustBeReachedByAll()
    {
        static string Body(string guard) => $"{Places} setp.lt.u32 %p1, %r60, 40; {guard} bra SKIP; bar.sync 0; st.global.u32 [%d3], 1; "
            + "SKIP: bar.sync 0; st.global.u32 [%d3], 2;";
        Assert.That(Run(Body("@!%p1").Replace("setp.lt.u32 %p1, %r60, 40", "setp.lt.u32 %p1, %r60, 100"), TwoWarps), Is.All.EqualTo(2));
        Found(FaultKind.DivergentBarrier, Body("@%p1"), TwoWarps, "lanes wait for each other at different places");
        Found(FaultKind.DivergentBarrier, Body("@%p1").Replace("%r60, 40", "%r60, 32"), TwoWarps, "waits at a barrier while thread 0");
    }

    [Test]
    public static void ThreadsThatEndedNeedNotReachABarrier()
    {
        string body = $"{Places} setp.ge.u32 %p1, %r60, 40; st.global.u32 [%d3], 1; @%p1 bra END; bar.sync 0; st.global.u32 [%d3], 2; END:";
        Assert.That(Run(body, TwoWarps), Is.EqualTo(Enumerable.Repeat(2, 40).Concat(Enumerable.Repeat(1, 24))));
    }

    [Test]
    public static void AShuffleNeedsTheLanesThatItNames()
    {
        static string Body(string mask) => $"{Places} setp.lt.u32 %p1, %r60, 16; @!%p1 bra SKIP; shfl.sync.bfly.b32 %r9, %r60, 1, 31, "
            + $"{mask}; st.global.u32 [%d3], %r9; bra END; SKIP: bar.sync 0; END:";
        string correct = Body("0xffff").Replace("bar.sync 0;", "st.global.u32 [%d3], 0;");
        Assert.That(Run(correct, OneWarp)[..16], Is.EqualTo(Enumerable.Range(0, 16).Select(i => i ^ 1)));
        Found(FaultKind.DivergentBarrier, Body("-1"), OneWarp, "lanes that never come");
        Found(FaultKind.DivergentBarrier, Body("0xff"), OneWarp, "not among the lanes");
        Found(FaultKind.Arithmetic, correct.Replace("%r60, 1, 31", "%r60, 16, 31"), OneWarp, "which is not there");
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

    [Test]
    public static void AnEndlessLoopEnds()
    {
        var options = new InterpreterOptions { MostInstructions = 300_000 };
        string body = $"{Places} AGAIN: setp.ne.u32 %p1, %r60, 99; @%p1 bra AGAIN; st.global.u32 [%d3], 1;";
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => Run(body, OneWarp, Tile, options))!;
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.EndlessLoop));
        Assert.That(Run(body.Replace("99", "%r60"), OneWarp, Tile, options), Is.All.EqualTo(1));
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
    public static void LaunchesThatADriverRefusesAreRefused()
    {
        using InterpretedDevice device = PtxSnippet.Device("");
        var entry = new KernelName("Snippet", "run");
        Assert.Multiple(() =>
        {
            Refused(new KernelName("Snippet", "walk"), new LaunchShape(1, 32), "no such entry");
            Refused(entry, new LaunchShape(1, 1025), "1 to 1024 threads");
            Refused(entry, new LaunchShape(1, 0), "1 to 1024 threads");
            Refused(entry, new LaunchShape(0, 32), "no blocks");
            Refused(entry, new LaunchShape(1, 32, (99 << 10) + 1), "101376");
        });
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => device.Launch(entry, OneWarp, 1L))!;
        Assert.That(fault.Message, Does.Contain("parameters are 24 bytes, and 8 were given"));
        void Refused(KernelName kernel, LaunchShape shape, string why) =>
            Assert.That(
                () => device.Launch(kernel, shape, new PtxSnippet.Pointers()),
                Throws.TypeOf<KernelFaultException>().With.Message.Contains(why));
    }

    [TestCase("add.f32 %f0, %f1, %f2;")]
    [TestCase("add.ftz.f32 %f0, %f1, %f2;")]
    [TestCase("add.rn.ftz.f32 %f0, %f1, %f2;")]
    [TestCase("sqrt.approx.f32 %f0, %f1;")]
    [TestCase("div.full.f32 %f0, %f1, %f2;")]
    [TestCase("ex2.approx.f32 %f0, %f1;")]
    [TestCase("atom.global.add.f32 %f0, [%d61], %f1;")]
    [TestCase(
        "mma.sync.aligned.m16n8k32.row.col.satfinite.s32.s8.s8.s32 {%r0,%r1,%r2,%r3}, {%r0,%r1,%r2,%r3}, {%r0,%r1}, {%r0,%r1,%r2,%r3};")]
    [TestCase("ld.global.u32.strange %r0, [%d61];")]
    [TestCase("shfl.bfly.b32 %r0, %r1, 1, 31;")]
    public static void UnknownInstructionsAreErrorsWhenTheModuleIsLoaded(string instruction)
    {
        string opcode = instruction.Split(' ')[0];
        using InterpretedDevice device = PtxSnippet.Device($"bra END;\n{instruction}\nEND:");
        PtxFormatException error = Assert.Throws<PtxFormatException>(() => device.Load("Snippet"))!;
        Assert.That(error.Message, Does.Contain($"the instruction {opcode} is not known"));
        Assert.That(PtxSnippet.Module($"bra END;\n{instruction}\nEND:").Split('\n')[error.Line - 1], Does.Contain(opcode));
    }

    [TestCase("add.s32 %r1, %d1, %r2;", "reads 32 bits of a register of 64")]
    [TestCase("add.s32 %r1, %r2;", "has 2 operands")]
    [TestCase("add.s32 %r1, %r2, %r99;", "%r99 is not known")]
    [TestCase("add.s32 %r1, %r2, 1;", "reads %r2, which nothing writes")]
    [TestCase("@%p1 bra END; END:", "reads %p1, which nothing writes")]
    [TestCase("bar.sync 16;", "there are 16 barriers")]
    [TestCase("bra NOWHERE;", "NOWHERE is not known")]
    [TestCase(".pragma \"strange\";", "strange is not known")]
    [TestCase(".tex .b32 x;", "was expected")]
    [TestCase("mov.u32 %r1, 089;", "089 is not understood")]
    public static void TextThatIsNotUnderstoodIsAnError(string line, string why)
    {
        using InterpretedDevice device = PtxSnippet.Device(line);
        Assert.That(() => device.Load("Snippet"), Throws.TypeOf<PtxFormatException>().With.Message.Contains(why));
    }

    [Test]
    public static void MemoryRunsOut()
    {
        using var device = new InterpretedDevice(totalBytes: 1 << 20);
        using DeviceBuffer first = device.Allocate(1_000_000, "weights");
        HarnessException refusal = Assert.Throws<HarnessException>(() => device.Allocate(100_000, "keys and values"))!;
        Assert.That(refusal.Message, Does.Contain("keys and values").And.Contain("100,000"));
        first.Dispose();
        Assert.That(device.FreeBytes, Is.EqualTo(1 << 20));
        using DeviceBuffer second = device.Allocate(100_000, "keys and values");
        Assert.That(second.Start.Address % 256, Is.Zero);
    }

    [Test]
    public static void CapturedWorkRunsWhenItsGraphIsLaunched()
    {
        using InterpretedDevice device =
            PtxSnippet.Device($"{Places} ld.global.u32 %r9, [%d2]; add.s32 %r9, %r9, 1; st.global.u32 [%d3], %r9;", Tile);
        using var arrays = new DeviceArrays(device);
        DevicePointer from = arrays.Upload(Enumerable.Range(0, 64).ToArray()), to = arrays.Output<int>(64);
        using IKernelGraph graph = device.Capture(() =>
        {
            device.Launch(new KernelName("Snippet", "run"), TwoWarps, new PtxSnippet.Pointers(from, to, to));
            device.CopyOnDevice(from, to, 256);
        });
        Assert.That(device.Launches, Is.Empty);
        graph.Launch();
        graph.Launch();
        Assert.That(arrays.Download<int>(to, 64), Is.EqualTo(Enumerable.Range(2, 64)));
        Assert.That(() => device.Capture(() => arrays.Download<int>(to, 1)), Throws.TypeOf<KernelFaultException>());
    }

    [Test]
    public static void LaunchesAreCounted()
    {
        using InterpretedDevice device = PtxSnippet.Device(
            $"{Places} ld.global.u32 %r9, [%d2]; mov.b32 %f1, %r9; fma.rn.f32 %f1, %f1, %f1, %f1; "
            + "st.shared.f32 [%r5], %f1; bar.sync 0; st.global.f32 [%d3], %f1;", Tile);
        using var arrays = new DeviceArrays(device);
        device.Launch(
            new KernelName("Snippet", "run"),
            new LaunchShape(1, 40),
            new PtxSnippet.Pointers(arrays.Upload(new int[64]), arrays.Output<int>(64), arrays.Output<int>(1)));
        LaunchStatistics counts = device.Launches[0];
        Assert.Multiple(() =>
        {
            Assert.That(counts.LaneInstructions[PtxInterpreter.Execution.InstructionClass.FloatFma], Is.EqualTo(40));
            Assert.That(counts.WarpInstructions[PtxInterpreter.Execution.InstructionClass.FloatFma], Is.EqualTo(2));
            Assert.That(counts.WarpInstructions[PtxInterpreter.Execution.InstructionClass.Barrier], Is.EqualTo(2));
            Assert.That(counts.GlobalBytesRead, Is.EqualTo(160));
            Assert.That(counts.GlobalBytesWritten, Is.EqualTo(160));
            Assert.That(counts.SharedBytesWritten, Is.EqualTo(160));
        });
    }

    static int[] Run(string body, LaunchShape shape, string outside = Tile, InterpreterOptions? options = null) =>
        PtxSnippet.Run<int, int>(body, [.. Enumerable.Range(1, shape.Threads)], shape.Threads, shape, outside, options);

    static void Found(FaultKind kind, string body, LaunchShape shape, params string[] says) => FoundIn(Tile, null, kind, body, shape, says);

    static void FoundIn(string outside, InterpreterOptions? options, FaultKind kind, string body, LaunchShape shape, params string[] says)
    {
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => Run(body, shape, outside, options))!;
        Assert.That(fault.Kind, Is.EqualTo(kind), fault.Message);
        foreach (string part in says)
            Assert.That(fault.Message, Does.Contain(part));
    }
}
