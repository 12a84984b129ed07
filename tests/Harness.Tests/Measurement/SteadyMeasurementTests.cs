using Harness.Kernels.Diagnostics;
using Harness.Measurement;
using Harness.Records;
using Harness.Tests.Measurement.Fakes;
using NUnit.Framework.Constraints;

namespace Harness.Tests.Measurement;

public sealed class SteadyMeasurementTests
{
    [TestCase(1.5, true), TestCase(1.51, false)]
    public void Runs_at_the_middle_batch_are_at_most_one_and_a_half_times_apart(double ratio, bool steady)
    {
        ThroughputRow[] rows = [Row(1, 9), Row(4, 1), Row(16, ratio), Row(64, 1), Row(256, 9)];
        if (steady)
            Assert.That(() => SteadyMeasurement.Require(rows), Throws.Nothing);
        else
            Assert.That(
                () => SteadyMeasurement.Require(rows), Refused.With.Message.Contains("batch 16").And.Message.Contains("quiet machine"));
    }

    [Test]
    public void Nothing_measured_is_nothing_to_record() => Assert.That(() => SteadyMeasurement.Require([]), Refused);

    static InstanceOfTypeConstraint<HarnessException> Refused =>
        Throws.InstanceOf<HarnessException>();

    static ThroughputRow Row(int batch, double ratio) => ThroughputRows.Of(batch, 1000, 1000, 1000 * ratio);
}
