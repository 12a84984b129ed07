using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>Kernels that may start before the one before them has ended: what they may do until they await it.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class DependentLaunchTests
{
    const string Wait = "griddepcontrol.wait;";
    const string Read = "ld.global.u32 %r1, [%d60]; st.global.u32 [%d61], %r1;";
    static readonly KernelName Entry = new("Snippet", "run");
    static readonly LaunchShape Shape = new(1, 1);

    /// <summary>Runs a body twice, from one word to another and back: what the second run reads a kernel has written.</summary>
    static int Twice(string body)
    {
        string text = PtxSnippet.Module(body).Replace(".version 7.5", ".version 7.8").Replace(".target sm_80", ".target sm_90");
        using var device = new InterpretedDevice(_ => text, options: new InterpreterOptions { ComputeCapability = 90 });
        using var arrays = new DeviceArrays(device);
        DevicePointer first = arrays.Upload(new[] { 7 }), second = arrays.Upload(new int[1]), weights = arrays.Upload(new[] { 3 });
        device.Launch(Entry, Shape, new PtxSnippet.Pointers(first, second, weights));
        device.Launch(Entry, Shape, new PtxSnippet.Pointers(second, first, weights));
        return arrays.Download<int>(first, 1)[0];
    }

    static void Refused(string body, string says)
    {
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => Twice(body))!;
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.BeforeWait), fault.Message);
        Assert.That(fault.Message, Does.Contain(says));
    }

    [Test]
    public static void BehindTheWaitAKernelReadsWhatTheOneBeforeItWrote() => Assert.That(Twice($"{Wait} {Read}"), Is.EqualTo(7));

    [Test]
    public static void WeightsAreReadBeforeTheWait() => Assert.That(
        Twice($"ld.global.nc.u32 %r2, [%d62]; prefetch.global.L2 [%d60]; griddepcontrol.launch_dependents; {Wait} {Read} "
            + "add.s32 %r1, %r1, %r2; st.global.u32 [%d61], %r1;"),
        Is.EqualTo(13));

    [Test]
    public static void WhatAKernelWroteIsNotReadBeforeTheWait() =>
        Refused($"ld.global.u32 %r1, [%d60]; {Wait} st.global.u32 [%d61], %r1;", "which kernels write, before it awaits");

    [Test]
    public static void LaunchingTheNextIsNoWait() =>
        Refused($"griddepcontrol.launch_dependents; {Read} {Wait}", "before it awaits the previous kernel");

    [Test]
    public static void NothingIsWrittenBeforeTheWait() => Refused($"st.global.u32 [%d61], 1; {Wait}", "writes to");

    [Test]
    public static void NothingIsCountedBeforeTheWait() => Refused($"atom.global.add.u32 %r1, [%d61], 1; {Wait}", "writes to");

    [Test]
    public static void ALoadThatMayBeMadeEarlyIsOfWeightsAlone() =>
        Refused($"{Wait} ld.global.nc.u32 %r1, [%d60]; st.global.u32 [%d61], %r1;", "by a load that may come before the wait");

    [Test]
    public static void AKernelThatNeverWaitsIsRefused() =>
        Refused("ld.global.u32 %r1, [%d62];", "ends without awaiting the previous kernel");

    [Test]
    public static void EveryThreadWaits() =>
        Refused($"setp.eq.u32 %p1, %r60, 0; @%p1 bra END; {Wait} {Read} END:", "ends without awaiting the previous kernel");
}
