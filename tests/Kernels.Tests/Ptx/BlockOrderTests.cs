using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>The last block of a launch reads what the others wrote: only what was released and acquired is there for sure.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class BlockOrderTests
{
    const int Blocks = 4, Threads = 64;

    /// <summary>
    /// Each block writes its words of "out" and takes a number; the block that took the last one adds up the words of all blocks, those of
    /// another thread each, behind them.
    /// </summary>
    static string Body(string before, string atom, string read = "ld.global.u32") => $"""
            mov.u32 %r1, %ctaid.x;
            mov.u32 %r2, %nctaid.x;
            sub.s32 %r5, %r2, 1;
            mad.lo.s32 %r3, %r1, {Threads}, %r60;
            mul.wide.u32 %d1, %r3, 4;
            add.u64 %d2, %d61, %d1;
            st.global.u32 [%d2], %r3;
            {before}
            setp.ne.u32 %p1, %r60, 0;
            @%p1 bra JOIN;
            {atom} %r6, [%d62], %r5;
            st.shared.u32 [last], %r6;
        JOIN:
            bar.sync 0;
            ld.shared.u32 %r6, [last];
            setp.ne.u32 %p2, %r6, %r5;
            @%p2 bra END;
            xor.b32 %r7, %r60, {Threads - 1};
            mul.wide.u32 %d4, %r7, 4;
            add.u64 %d4, %d61, %d4;
            {read} %r10, [%d4];
            {read} %r11, [%d4+256];
            {read} %r12, [%d4+512];
            {read} %r13, [%d4+768];
            add.s32 %r10, %r10, %r11;
            add.s32 %r12, %r12, %r13;
            add.s32 %r10, %r10, %r12;
            mul.wide.u32 %d5, %r60, 4;
            add.u64 %d5, %d61, %d5;
            st.global.u32 [%d5+1024], %r10;
        END:
        """;

    static int[] Run(string body, int workers) => PtxSnippet.Run<int, int>(
        body,
        [1],
        (Blocks + 1) * Threads,
        new LaunchShape(Blocks, Threads),
        ".shared .align 4 .b8 last[4];",
        new InterpreterOptions { Workers = workers })[(Blocks * Threads)..];

    [TestCase(1)]
    [TestCase(4)]
    public static void WhatTheOthersReleasedTheLastBlockReads(int workers)
    {
        IEnumerable<int> expected = Enumerable.Range(0, Threads).Select(i => (4 * (Threads - 1 - i)) + (6 * Threads));
        Assert.That(Run(Body("bar.sync 0;", "atom.acq_rel.gpu.global.inc.u32"), workers), Is.EqualTo(expected));
    }

    [TestCase("bar.sync 0;", "atom.global.inc.u32", TestName = "A relaxed counter orders nothing")]
    [TestCase("bar.sync 0;", "atom.relaxed.gpu.global.inc.u32", TestName = "A counter that says it is relaxed orders nothing")]
    [TestCase("bar.sync 0;", "atom.release.gpu.global.inc.u32", TestName = "What is not acquired is not there")]
    [TestCase("bar.sync 0;", "atom.acquire.gpu.global.inc.u32", TestName = "What is not released is not there")]
    [TestCase("bar.sync 0;", "atom.acq_rel.cta.global.inc.u32", TestName = "The scope of a block orders no blocks")]
    [TestCase("", "atom.acq_rel.gpu.global.inc.u32", TestName = "A thread releases of its block only what a barrier gave it")]
    public static void WithoutThatItIsARace(string before, string atom)
    {
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => Run(Body(before, atom), workers: 1))!;
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.Race), fault.Message);
        Assert.That(fault.Message, Does.Contain("race: reads what thread").And.Contain("which nothing orders"));
    }
}
