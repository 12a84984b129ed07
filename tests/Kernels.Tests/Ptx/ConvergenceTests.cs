using PtxInterpreter;
using static Kernels.Tests.Ptx.PlantedFault;

namespace Kernels.Tests.Ptx;

/// <summary>Threads that wait for others in vain: planted they are found, with their places; a twin without them runs.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class ConvergenceTests
{
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
    public static void AnEndlessLoopEnds()
    {
        var options = new InterpreterOptions { MostInstructions = 300_000 };
        string body = $"{Places} AGAIN: setp.ne.u32 %p1, %r60, 99; @%p1 bra AGAIN; st.global.u32 [%d3], 1;";
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => Run(body, OneWarp, Tile, options))!;
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.EndlessLoop));
        Assert.That(Run(body.Replace("99", "%r60"), OneWarp, Tile, options), Is.All.EqualTo(1));
    }
}
