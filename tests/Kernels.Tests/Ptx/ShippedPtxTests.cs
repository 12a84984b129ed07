using Harness.Kernels.Driver;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>The PTX that ships keeps the rules, and the interpreter knows all of it.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class ShippedPtxTests
{
    static readonly IReadOnlyList<string> Modules = PtxLibrary.Modules;

    [TestCaseSource(nameof(Modules))]
    public static void ModuleKeepsTheRules(string module) => Assert.That(PtxRules.Violations(PtxLibrary.Read(module)), Is.Empty);

    [TestCaseSource(nameof(Modules))]
    public static void ModuleForLaterCardsKeepsTheRules(string module) =>
        Assert.That(PtxRules.Violations(PtxLibrary.WithDependentLaunch(PtxLibrary.Read(module)), dependent: true), Is.Empty);

    [Test]
    public static void AKernelThatDoesNotAwaitTheOneBeforeItIsFound()
    {
        string planted = Replace(PtxLibrary.WithDependentLaunch(PtxLibrary.Read("RmsNorm")), "griddepcontrol.wait;", "// nothing");
        Assert.That(PtxRules.Violations(planted, dependent: true), Has.Exactly(1).Contains("does not await the kernel before it"));
    }

    [Test]
    public static void EveryInstructionIsKnown([ValueSource(nameof(Modules))] string module, [Values(80, 90)] int computeCapability)
    {
        using var device = new InterpretedDevice(options: new InterpreterOptions { ComputeCapability = computeCapability });
        Assert.That(() => device.Load(module), Throws.Nothing);
    }

    [TestCase("add.rn.f32", "add.f32")]
    [TestCase("mul.rn.f32", "mul.f32")]
    [TestCase("fma.rn.f32", "fma.rz.f32")]
    [TestCase("add.rn.f32", "add.rn.ftz.f32")]
    [TestCase("div.rn.f32", "div.full.f32")]
    [TestCase("sqrt.rn.f32", "sqrt.approx.f32")]
    [TestCase("rcp.rn.f32", "rcp.approx.ftz.f32")]
    [TestCase("atom.global.or.b32", "atom.global.add.f32")]
    [TestCase("st.global.f32", "st.f32")]
    [TestCase("ld.global.v2.f32", "ld.v2.f32")]
    [TestCase(".target sm_80", ".target sm_90")]
    [TestCase(".version 7.5", ".version 8.0")]
    public static void APlantedViolationIsFound(string from, string to)
    {
        string text = PtxLibrary.Read("RmsNorm"), planted = Replace(text, from, to);
        Assert.That(planted, Is.Not.EqualTo(text));
        Assert.That(PtxRules.Violations(planted), Has.Exactly(1).Items);
    }

    [Test]
    public static void InlineAssemblyOnOneLineIsReadToo()
    {
        string text = PtxLibrary.Read("RmsNorm");
        string planted = Replace(text, "\tret;", "\t{ .reg .f32 x; @%p3 add.f32 x, %f1, %f1; mul.f32 x, x, x; }\n\tret;");
        Assert.That(PtxRules.Violations(planted), Has.Exactly(2).Items);
    }

    static string Replace(string text, string from, string to)
    {
        int place = text.IndexOf(from, StringComparison.Ordinal);
        return place < 0 ? text : string.Concat(text.AsSpan(0, place), to, text.AsSpan(place + from.Length));
    }
}
