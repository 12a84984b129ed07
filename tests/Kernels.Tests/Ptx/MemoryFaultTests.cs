using Harness.Kernels.Driver;
using PtxInterpreter;
using static Kernels.Tests.Ptx.PlantedFault;

namespace Kernels.Tests.Ptx;

/// <summary>Accesses of memory that the interpreter finds: planted they are found, with their places; a twin without them runs.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class MemoryFaultTests
{
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
}
