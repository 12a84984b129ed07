using PtxInterpreter;

namespace Kernels.Tests.Ptx;

/// <summary>The random cases that a GPU runs until its time is up, on the interpreter: run by hand, since one seed takes minutes.</summary>
public class RandomKernelCaseTests
{
    [Explicit("minutes a seed: dotnet test tests/Kernels.Tests --filter RandomKernelCaseTests")]
    [Test]
    public void Random_shapes_equal_their_CPU_forms([Range(1ul, 3ul, 1ul)] ulong seed)
    {
        foreach (KernelCase one in AllCases.Random(seed))
        {
            using var device = new InterpretedDevice();
            Assert.DoesNotThrow(() => one.Run(device), one.ToString());
        }
    }
}
