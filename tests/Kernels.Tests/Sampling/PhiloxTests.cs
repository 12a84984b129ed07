using Harness.Kernels.Sampling;

namespace Kernels.Tests.Sampling;

/// <summary>Known answers of Random123's kat_vectors for philox4x32-10.</summary>
public sealed class PhiloxTests
{
    [TestCase(0ul, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(
        ulong.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x299f31d0a4093822ul, 0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Gives_the_known_answers(ulong key, uint c0, uint c1, uint c2, uint c3, uint x0, uint x1, uint x2, uint x3) =>
        Assert.That(Philox.Block(key, c0, c1, c2, (RandomPurpose)c3), Is.EqualTo((x0, x1, x2, x3)));

    [Test]
    public void Blocks_at_once_are_those_one_by_one()
    {
        uint[] words = new uint[Philox.MostWords];
        foreach (uint from in new uint[] { 0, 8, 0xFFFFFFFC })
        {
            int filled = Philox.Fill(0x299f31d0a4093822, 0x243f6a88, 0x85a308d3, from, RandomPurpose.Bootstrap, words);
            Assert.That(filled % 4, Is.Zero);
            for (uint block = 0; block < filled / 4; block++)
            {
                (uint x0, uint x1, uint x2, uint x3) = Philox.Block(
                    0x299f31d0a4093822, 0x243f6a88, 0x85a308d3, from + block, RandomPurpose.Bootstrap);
                Assert.That(words.Skip(4 * (int)block).Take(4), Is.EqualTo(new[] { x0, x1, x2, x3 }), $"{from} + {block}");
            }
        }
    }
}
