using Harness.Kernels;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Numerics;
using PtxInterpreter;

namespace Kernels.Tests.Numerics;

/// <summary>The committed bits of the arithmetic's units: they move only together with <see cref="NumericsVersion"/>.</summary>
public sealed class NumericUnitTests
{
    static IEnumerable<TestCaseData> Forms() =>
        from unit in NumericUnits.All
        from form in unit.Forms
        select new TestCaseData(unit, form).SetArgDisplayNames(unit.Name, form.Name);

    [TestCaseSource(nameof(Forms))]
    public void Unit_has_its_committed_bits(NumericUnit unit, UnitForm form)
    {
        using BitHash hash = new();
        form.Compute(hash);
        Assert.That(hash.Take(), Is.EqualTo(unit.Bits));
    }

    [Test]
    public void A_unit_comes_after_those_that_it_is_made_of()
    {
        HashSet<string> before = [];
        foreach (NumericUnit unit in NumericUnits.All)
        {
            Assert.That(before.IsSupersetOf(unit.Parts), $"{unit.Name} is made of {string.Join(", ", unit.Parts)}");
            Assert.That(before.Add(unit.Name), $"{unit.Name} is there twice");
        }
    }

    [Test]
    public void All_units_agree_today() =>
        Assert.That($"{NumericsCheck.Of(NumericUnits.All)}", Is.EqualTo($"the {NumericUnits.All.Count} units give version 1's bits"));

    [Test]
    public void The_smallest_of_several_that_changed_is_named_with_its_form()
    {
        NumericUnit[] changed = [.. NumericUnits.All.Select(unit => unit.Name is "linear, w8a8" or "prefill of a llama, w8a8"
            ? unit with { Forms = [unit.Forms[0], new UnitForm("planted", hash => hash.Add(1))] }
            : unit)];
        NumericsCheck check = NumericsCheck.Of(changed);
        Assert.That(
            (check.Units, check.First!.Unit.Name, check.First.Form.Name), Is.EqualTo((changed.Length, "linear, w8a8", "planted")));
        Assert.That($"{check}", Does.StartWith($"'linear, w8a8' (planted) is the smallest of {changed.Length} units whose bits are not "));
    }

    [Test]
    public void A_unit_that_ends_with_an_error_differs_and_says_it()
    {
        NumericUnit fails = NumericUnits.All[0] with
        {
            Forms = [new UnitForm("", _ => throw KernelCodes.WeightsNotFinite.With("an activation is NaN"))],
        };
        Assert.That(NumericsCheck.Of([fails]).First!.Found, Is.EqualTo("an activation is NaN"));
    }

    [TestCase("prefill of a llama, f32")]
    [TestCase("prefill of a llama, w8a8")]
    [TestCase("samples of a llama, w8a8")]
    [TestCase("prefill of a mixture of experts, f32")]
    [TestCase("decoding of a mixture of experts, w8a8")]
    public void Models_on_a_device_have_the_same_bits(string name)
    {
        NumericUnit unit = NumericUnits.On("ptx", (checkpoint, precision) => CudaLanguageModel.Load(
            new InterpretedDevice(), checkpoint, precision, new Placement { Threads = 1, Batch = 64 }, ownsDevice: true))
            .Single(unit => unit.Name == name);
        NumericsCheck check = NumericsCheck.Of([unit]);
        Assert.That((check.First?.Form.Name, check.First?.Found), Is.EqualTo(((string?)null, (string?)null)));
    }
}
