using System.Text.RegularExpressions;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;
using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>The tolerance of the bf16 linear lets no wrong place of a fragment's values pass.</summary>
[Parallelizable(ParallelScope.All)]
public partial class LinearBf16LayoutTests
{
    [TestCase(1, 2, TestName = "Rows_and_inputs_of_the_first_operand_exchanged")]
    [TestCase(0, 2, TestName = "Halves_of_the_first_operand_exchanged_in_the_upper_rows")]
    [TestCase(2, 3, TestName = "Rows_of_its_second_half_exchanged")]
    public void A_wrong_fragment_is_a_mismatch(int first, int second)
    {
        using var device = new InterpretedDevice(
            module => module == "LinearBf16" ? Exchanged(PtxLibrary.Read(module), first, second) : PtxLibrary.Read(module));
        foreach (LinearBf16Form form in Enum.GetValues<LinearBf16Form>())
            Assert.Throws<KernelMismatchException>(() => LinearBf16Cases.Small(form).Run(device), form.ToString());
    }

    [Test]
    public void The_right_ones_are_none()
    {
        using var device = new InterpretedDevice();
        foreach (LinearBf16Form form in Enum.GetValues<LinearBf16Form>())
            Assert.DoesNotThrow(() => LinearBf16Cases.Small(form).Run(device), form.ToString());
    }

    static string Exchanged(string ptx, int first, int second)
    {
        string changed = FirstOperand().Replace(ptx, match =>
        {
            string[] registers = match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries);
            (registers[first], registers[second]) = (registers[second], registers[first]);
            return $"{match.Groups[1].Value}{string.Join(", ", registers)}";
        });
        Assert.That(changed, Is.Not.EqualTo(ptx));
        return changed;
    }

    [GeneratedRegex(@"(mma\.sync[^{]*\{[^}]*\},\s*\{)([^}]*)")]
    private static partial Regex FirstOperand();
}
