using Harness.Kernels.Linear;

namespace Kernels.Tests.Linear;

[TestFixture]
public sealed class LinearCudaFormTests
{
    const int Multiprocessors = 132;

    [TestCase(1, 49152, LinearEpilogue.Store, LinearInt8Form.FewRows)]
    [TestCase(8, 3072, LinearEpilogue.SwiGlu, LinearInt8Form.FewRows)]
    [TestCase(9, 49152, LinearEpilogue.Store, LinearInt8Form.Rows16)]
    [TestCase(64, 960, LinearEpilogue.Store, LinearInt8Form.Rows16)]
    [TestCase(1024, 576, LinearEpilogue.AddToResidual, LinearInt8Form.Rows64)]
    [TestCase(1024, 3072, LinearEpilogue.SwiGlu, LinearInt8Form.Rows64)]
    [TestCase(64, 49152, LinearEpilogue.Store, LinearInt8Form.Rows64)]
    [TestCase(1024, 49152, LinearEpilogue.Store, LinearInt8Form.Rows128)]
    public void Int8_takes_the_largest_tiles_that_fill_the_card(int rows, int outputs, LinearEpilogue epilogue, LinearInt8Form expected) =>
        Assert.That(LinearInt8Cuda.Choose(rows, outputs, epilogue, Multiprocessors), Is.EqualTo(expected));

    [TestCase(1, 49152, LinearF32Form.FewRows)]
    [TestCase(1, 262140, LinearF32Form.FewRows)]
    [TestCase(1, 262144, LinearF32Form.LargeTiles)]
    [TestCase(64, 960, LinearF32Form.SmallTiles)]
    [TestCase(1024, 49152, LinearF32Form.LargeTiles)]
    public void F32_takes_large_tiles_only_where_they_fill_the_card(int rows, int outputs, LinearF32Form expected) =>
        Assert.That(LinearF32Cuda.Choose(rows, outputs, Multiprocessors), Is.EqualTo(expected));

    [TestCase(1, 49152, LinearBf16Form.Rows16)]
    [TestCase(64, 576, LinearBf16Form.Rows16)]
    [TestCase(64, 49152, LinearBf16Form.Rows64)]
    [TestCase(256, 576, LinearBf16Form.Rows32)]
    [TestCase(1024, 576, LinearBf16Form.Rows64)]
    [TestCase(1024, 49152, LinearBf16Form.Rows128)]
    public void Bf16_takes_the_largest_tiles_that_keep_the_card_busy(int rows, int outputs, LinearBf16Form expected) =>
        Assert.That(LinearBf16Cuda.Choose(rows, outputs, Multiprocessors), Is.EqualTo(expected));
}
