using Harness.Kernels.Driver;
using PtxInterpreter.Parsing;

namespace Kernels.Tests.Ptx;

/// <summary>NVIDIA's assembler takes the PTX that ships, and what it makes of each kernel can be launched.</summary>
[TestFixture]
public static class PtxAssemblerTests
{
    const int RegistersOfAMultiprocessor = 1 << 16;
    const int RegisterUnit = 8;
    const int WarpLanes = 32;
    const int MostStaticShared = 48 << 10;

    /// <summary>
    /// Bytes of a thread that registers do not hold, stores and loads together. A kernel that needs more is of another shape than was
    /// meant.
    /// </summary>
    const int MostSpilled = 320;

    /// <summary>The version whose choice of registers and whose warnings are known; another's are its own.</summary>
    const string KnownVersion = "V11.8";

    /// <summary>As ptxas 11.8 writes it, with what newer ones add.</summary>
    const string Said = """
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'first' for 'sm_90'
        ptxas info    : Function properties for first
            128 bytes stack frame, 136 bytes spill stores, 156 bytes spill loads
        ptxas info    : Used 64 registers, 46080 bytes smem, 408 bytes cmem[0], 8 bytes cmem[2]
        ptxas info    : Compiling entry function 'second' for 'sm_90'
        ptxas info    : Function properties for second
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 31 registers, used 1 barriers
        ptxas info    : Compile time = 10.5 ms
        """;

    public static IEnumerable<TestCaseData> ModulesAndArchitectures() =>
        from module in PtxLibrary.Modules from architecture in new[] { "sm_80", "sm_90" } select new TestCaseData(module, architecture);

    [TestCaseSource(nameof(ModulesAndArchitectures))]
    public static void ModuleAssemblesIntoKernelsThatCanBeLaunched(string module, string architecture)
    {
        NeedAssembler();
        IReadOnlyDictionary<string, PtxEntry> entries = PtxParser.Parse(module, PtxLibrary.Read(module)).Entries;
        AssembledModule assembled = PtxAssembler.Assemble(module, architecture);
        if (assembled.Output.Contains($"'{architecture}' is not defined", StringComparison.Ordinal))
            Assert.Ignore($"ptxas {PtxAssembler.Version()} does not know {architecture}: {PtxAssembler.HowToGet}");
        Assert.That(assembled.Status, Is.Zero, assembled.Output);
        bool known = PtxAssembler.Version().StartsWith(KnownVersion, StringComparison.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(assembled.Kernels.Select(kernel => kernel.Name), Is.EquivalentTo(entries.Keys));
            Assert.That(assembled.Kernels.SelectMany(kernel => Faults(kernel, entries[kernel.Name].MaxThreads)), Is.Empty);
            if (!known)
                return;
            Assert.That(assembled.Warnings, Is.Empty);
            Assert.That(assembled.Kernels.Where(Spills), Is.Empty);
        });
    }

    [Test]
    public static void TextThatIsNoPtxIsRefused()
    {
        NeedAssembler();
        AssembledModule assembled = PtxAssembler.AssembleText(PtxLibrary.Read("RmsNorm").Replace("fma.rn.f32", "fma.f32"), "sm_80");
        Assert.That(assembled.Status, Is.Not.Zero);
        Assert.That(assembled.Output, Does.Contain("error"));
    }

    [Test]
    public static void WhatTheAssemblerSaysIsRead() =>
        Assert.That(
            PtxAssembler.Read(Said),
            Is.EqualTo(new[] { new AssembledKernel("first", 64, 46080, 128, 136, 156), new AssembledKernel("second", 31, 0, 0, 0, 0) }));

    [TestCase(64, 1024, 0, 0, 0)]
    [TestCase(65, 1024, 0, 0, 1)]
    [TestCase(255, 256, 0, 0, 0)]
    [TestCase(32, 128, 49152, 320, 0)]
    [TestCase(32, 128, 49156, 320, 1)]
    [TestCase(32, 128, 0, 324, 1)]
    public static void AKernelThatCannotBeLaunchedOrSpillsIsFound(int registers, int threads, int sharedBytes, int spilled, int faults)
    {
        var kernel = new AssembledKernel("kernel", registers, sharedBytes, 0, spilled / 2, spilled / 2);
        Assert.That(Faults(kernel, threads).Count() + (Spills(kernel) ? 1 : 0), Is.EqualTo(faults));
    }

    static void NeedAssembler()
    {
        if (PtxAssembler.Path is null)
            Assert.Ignore(PtxAssembler.HowToGet);
    }

    static IEnumerable<string> Faults(AssembledKernel kernel, int threads)
    {
        // A multiprocessor gives whole warps whole units of registers.
        int registers =
            (kernel.Registers + RegisterUnit - 1) / RegisterUnit * RegisterUnit * ((threads + WarpLanes - 1) / WarpLanes * WarpLanes);
        if (registers > RegistersOfAMultiprocessor)
            yield return $"{kernel.Name}: {kernel.Registers} registers for {threads} threads are {registers} of "
                + $"{RegistersOfAMultiprocessor}";
        if (kernel.SharedBytes > MostStaticShared)
            yield return $"{kernel.Name}: {kernel.SharedBytes} bytes of static shared memory of {MostStaticShared}";
    }

    static bool Spills(AssembledKernel kernel) => kernel.SpilledStores + kernel.SpilledLoads > MostSpilled;
}
