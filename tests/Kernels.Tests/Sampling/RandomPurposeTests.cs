using Harness.Kernels.Sampling;

namespace Kernels.Tests.Sampling;

public sealed class RandomPurposeTests
{
    [Test]
    public void No_two_purposes_share_a_value() => Assert.That(Enum.GetValuesAsUnderlyingType<RandomPurpose>(), Is.Unique);

    /// <summary>Committed results were drawn with these values.</summary>
    [TestCase(RandomPurpose.Token, 0u)]
    [TestCase(RandomPurpose.SumProblem, 0x100u)]
    [TestCase(RandomPurpose.SumExample, 0x101u)]
    [TestCase(RandomPurpose.CountdownProblem, 0x102u)]
    [TestCase(RandomPurpose.CountdownExample, 0x103u)]
    [TestCase(RandomPurpose.Bootstrap, 0x53540001u)]
    [TestCase(RandomPurpose.Order, 0x53540006u)]
    [TestCase(RandomPurpose.LawProblems, 0x53540007u)]
    [TestCase(RandomPurpose.Arrangement, 0x53540008u)]
    [TestCase(RandomPurpose.SimulatedRate, 0x53494D01u)]
    [TestCase(RandomPurpose.SimulatedSample, 0x53494D02u)]
    [TestCase(RandomPurpose.Permutation, 0x53540003u)]
    [TestCase(RandomPurpose.VerifiedSample, 0x56455249u)]
    [TestCase(RandomPurpose.InitialWeight, 0x494E4954u)]
    [TestCase(RandomPurpose.TrainingSequence, 0x54524E01u)]
    [TestCase(RandomPurpose.ValidationSequence, 0x54524E02u)]
    [TestCase(RandomPurpose.TrainingOrder, 0x54524E03u)]
    [TestCase(RandomPurpose.NumericUnit, 0x554E4954u)]
    public void Values_stay_as_results_were_drawn_with(RandomPurpose purpose, uint value) => Assert.That((uint)purpose, Is.EqualTo(value));

    [Test]
    public void Draws_for_two_purposes_differ() =>
        Assert.That(Philox.Block(1, 2, 3, 4, RandomPurpose.Bootstrap), Is.Not.EqualTo(Philox.Block(1, 2, 3, 4, RandomPurpose.Order)));
}
