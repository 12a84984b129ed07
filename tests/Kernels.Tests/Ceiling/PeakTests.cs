using Harness.Kernels.Ceiling;
using Harness.Kernels.Cpu;

namespace Kernels.Tests.Ceiling;

[TestFixture]
public sealed class PeakTests
{
    static readonly TimeSpan duration = TimeSpan.FromMilliseconds(25);

    [Test]
    public void Every_supported_form_has_a_peak(
        [ValueSource(typeof(InstructionSets), nameof(InstructionSets.Supported))] InstructionSet isa)
    {
        Assert.That(PeakInt8.Measure(isa, 1, duration), Is.GreaterThan(1e7).And.LessThan(1e14));
        Assert.That(PeakF32.Measure(isa, 1, duration), Is.GreaterThan(1e7).And.LessThan(1e14));
    }

    [Test]
    public void Vector_forms_outrun_the_scalar_one()
    {
        InstructionSet best = InstructionSets.Supported[^1];
        if (best == InstructionSet.Portable)
            Assert.Ignore("this processor, or this process, has the portable form only");

        Assert.That(PeakInt8.Measure(best, 1, duration), Is.GreaterThan(2 * PeakInt8.Measure(InstructionSet.Portable, 1, duration)));
        Assert.That(PeakF32.Measure(best, 1, duration), Is.GreaterThan(2 * PeakF32.Measure(InstructionSet.Portable, 1, duration)));
    }

    [Test]
    public void Bandwidth_is_measured_on_several_threads() =>
        Assert.That(PeakBandwidth.Measure(2, duration), Is.GreaterThan(1e7).And.LessThan(1e14));

    [Test]
    public void No_threads_are_an_argument_error() =>
        Assert.That(() => PeakF32.Measure(InstructionSet.Portable, 0, duration), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
