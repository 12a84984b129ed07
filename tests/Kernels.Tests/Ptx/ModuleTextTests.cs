using PtxInterpreter;
using PtxInterpreter.Parsing;

namespace Kernels.Tests.Ptx;

/// <summary>Text that the interpreter does not know is an error when its module is loaded, never skipped.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class ModuleTextTests
{
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
}
