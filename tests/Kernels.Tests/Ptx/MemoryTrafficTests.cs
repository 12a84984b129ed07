using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>Wavefronts of shared memory and sectors of device memory, of accesses whose conflicts are known.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class MemoryTrafficTests
{
    const string Tile = ".shared .align 16 .b8 tile[16384];";
    static readonly InterpreterOptions Counting = new() { CountTraffic = true, FindUninitialised = false };

    [TestCase("u32 %r1", 4, 1, 1, Description = "a word a lane")]
    [TestCase("u32 %r1", 0, 1, 1, Description = "all lanes the same word")]
    [TestCase("u32 %r1", 8, 2, 1, Description = "every second bank")]
    [TestCase("u32 %r1", 12, 1, 1, Description = "an odd stride meets each bank once")]
    [TestCase("u32 %r1", 128, 32, 1, Description = "one bank")]
    [TestCase("u32 %r1", 132, 1, 1, Description = "padded rows")]
    [TestCase("u8 %r1", 1, 1, 1, Description = "bytes of eight words")]
    [TestCase("u8 %r1", 128, 32, 1)]
    [TestCase("u64 %d1", 8, 2, 2, Description = "8 bytes: half a warp a turn")]
    [TestCase("u64 %d1", 16, 4, 2)]
    [TestCase("v2.u32 {%r1, %r2}", 136, 2, 2)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 16, 4, 4, Description = "16 bytes: a quarter of a warp a turn")]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 0, 4, 4)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 32, 8, 4)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 128, 32, 4)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 144, 4, 4)]
    public static void SharedLoads(string access, int stride, int wavefronts, int least)
    {
        int split = access.IndexOf(' ', StringComparison.Ordinal);
        MemoryTraffic traffic = Count($"{InTile(stride)} ld.shared.{access[..split]} {access[(split + 1)..]}, [%r5];");
        Assert.That(traffic, Is.EqualTo(new MemoryTraffic(wavefronts, least, 0, 0)));
    }

    [TestCase(4, 1)]
    [TestCase(64, 16)]
    public static void SharedStores(int stride, int wavefronts) =>
        Assert.That(Count($"{InTile(stride)} st.shared.u32 [%r5], %r60;"), Is.EqualTo(new MemoryTraffic(wavefronts, 1, 0, 0)));

    [Test]
    public static void GenericAddressesOfSharedMemoryCount() =>
        Assert.That(
            Count($"{InTile(8)} cvt.u64.u32 %d1, %r5; cvta.shared.u64 %d1, %d1; ld.u32 %r1, [%d1];"),
            Is.EqualTo(new MemoryTraffic(2, 1, 0, 0)));

    [Test]
    public static void LanesThatStandAsideCountNothing() =>
        Assert.That(
            Count($"{InTile(128)} setp.lt.u32 %p1, %r60, 5; @%p1 ld.shared.u32 %r1, [%r5];"), Is.EqualTo(new MemoryTraffic(5, 1, 0, 0)));

    [TestCase(1, 16, 1)]
    [TestCase(2, 16, 2)]
    [TestCase(4, 16, 4)]
    [TestCase(4, 64, 16)]
    [TestCase(4, 128, 32)]
    [TestCase(4, 80, 4)]
    public static void Matrices(int count, int stride, int wavefronts)
    {
        string registers = string.Join(", ", Enumerable.Range(10, count).Select(i => $"%r{i}"));
        string body = $"{InTile(stride)} ldmatrix.sync.aligned.m8n8.x{count}.shared.b16 {{ {registers} }}, [%r5];";
        Assert.That(Count(body), Is.EqualTo(new MemoryTraffic(wavefronts, count, 0, 0)));
    }

    [TestCase("u32 %r1", 4, 0, 4, 4, Description = "128 bytes side by side")]
    [TestCase("u32 %r1", 0, 0, 1, 1, Description = "one word")]
    [TestCase("u32 %r1", 4, 16, 5, 4, Description = "a row that begins within a sector")]
    [TestCase("u32 %r1", 8, 0, 8, 4)]
    [TestCase("u32 %r1", 32, 0, 32, 4)]
    [TestCase("u8 %r1", 1, 0, 1, 1)]
    [TestCase("u8 %r1", 1, 1, 2, 1)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 16, 0, 16, 16)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 16, 16, 17, 16)]
    [TestCase("v4.u32 {%r1, %r2, %r3, %r4}", 48, 0, 32, 16)]
    public static void GlobalLoads(string access, int stride, int offset, int sectors, int least)
    {
        int split = access.IndexOf(' ', StringComparison.Ordinal);
        MemoryTraffic traffic = Count($"{InGlobal(stride)} ld.global.{access[..split]} {access[(split + 1)..]}, [%d2+{offset}];");
        Assert.That(traffic, Is.EqualTo(new MemoryTraffic(0, 0, sectors, least)));
    }

    [Test]
    public static void GlobalStores() =>
        Assert.That(Count($"{InGlobal(64)} st.global.u32 [%d2], %r60;"), Is.EqualTo(new MemoryTraffic(0, 0, 32, 4)));

    [TestCase("", 4, 4, 16, 16)]
    [TestCase(", 0", 4, 4, 0, 0, Description = "zeros are written, nothing is read")]
    public static void CopiesCountAtBothEnds(string source, int wavefronts, int least, int sectors, int sectorsLeast)
    {
        string body = $"{InTile(16)} {InGlobal(16)} cp.async.cg.shared.global [%r5], [%d2], 16{source}; cp.async.wait_all;";
        Assert.That(Count(body), Is.EqualTo(new MemoryTraffic(wavefronts, least, sectors, sectorsLeast)));
    }

    [Test]
    public static void NothingIsCountedUnlessAsked() =>
        Assert.That(
            Count($"{InTile(8)} st.shared.u32 [%r5], %r60; {InGlobal(64)} st.global.u32 [%d2], %r60;", new InterpreterOptions()),
            Is.EqualTo(default(MemoryTraffic)));

    [Test]
    public static void WarpsAndBlocksAddUp() =>
        Assert.That(
            Count($"{InTile(8)} st.shared.u32 [%r5], %r60;", shape: new LaunchShape(3, 64)), Is.EqualTo(new MemoryTraffic(12, 6, 0, 0)));

    /// <summary>%r5: lane's place in the tile.</summary>
    static string InTile(int stride) => $"mov.u32 %r5, tile; mad.lo.u32 %r5, %r60, {stride}, %r5;";

    /// <summary>%d2: lane's place in "in".</summary>
    static string InGlobal(int stride) => $"mul.wide.u32 %d1, %r60, {stride}; add.u64 %d2, %d60, %d1;";

    static MemoryTraffic Count(string body, InterpreterOptions? options = null, LaunchShape? shape = null)
    {
        using InterpretedDevice device = PtxSnippet.Device(body, Tile, options ?? Counting);
        using var arrays = new DeviceArrays(device);
        DevicePointer memory = arrays.Output<byte>(4096);
        device.Launch(new KernelName("Snippet", "run"), shape ?? new LaunchShape(1, 32), new PtxSnippet.Pointers(memory, memory, memory));
        return device.Launches.Single().Traffic;
    }
}
