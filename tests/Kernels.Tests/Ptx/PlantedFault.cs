using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>Runs a few instructions over one array, and looks for the fault that was planted in them.</summary>
static class PlantedFault
{
    public const string Tile = ".shared .align 16 .b8 tile[1024];";

    /// <summary>%d2: my place in "in"; %d3: in "out"; %r5: in the tile.</summary>
    public const string Places = """
            mul.wide.u32 %d1, %r60, 4;
            add.u64 %d2, %d60, %d1;
            add.u64 %d3, %d61, %d1;
            mov.u32 %r5, tile;
            shl.b32 %r6, %r60, 2;
            add.s32 %r5, %r5, %r6;

        """;

    public static readonly LaunchShape TwoWarps = new(1, 64);
    public static readonly LaunchShape OneWarp = new(1, 32);

    public static int[] Run(string body, LaunchShape shape, string outside = Tile, InterpreterOptions? options = null) =>
        PtxSnippet.Run<int, int>(body, [.. Enumerable.Range(1, shape.Threads)], shape.Threads, shape, outside, options);

    public static void Found(FaultKind kind, string body, LaunchShape shape, params string[] says) =>
        FoundIn(Tile, null, kind, body, shape, says);

    public static void FoundIn(
        string outside, InterpreterOptions? options, FaultKind kind, string body, LaunchShape shape, params string[] says)
    {
        KernelFaultException fault = Assert.Throws<KernelFaultException>(() => Run(body, shape, outside, options))!;
        Assert.That(fault.Kind, Is.EqualTo(kind), fault.Message);
        foreach (string part in says)
            Assert.That(fault.Message, Does.Contain(part));
    }
}
