using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;

namespace Kernels.Tests.Checkpoints;

/// <summary>GGUF files that lie, cut short or built to overflow: each ends with its code, and none with a large allocation.</summary>
sealed class HostileGgufTests
{
    static readonly TestCaseData[] Lies =
    [
        Lie("a tensor count beyond the file", writer => writer.StatedTensors = ulong.MaxValue),
        Lie("one tensor more than there are", writer => writer.StatedTensors = 2),
        Lie("a key count beyond the file", writer => writer.StatedKeys = ulong.MaxValue / 2),
        Lie("one key more than there are", writer => writer.StatedKeys = 2),
        Lie("a key of 2^63 bytes", writer => writer.AddValue("key", 8, value => value.Write(1UL << 63))),
        Lie("a string longer than the file", writer => writer.AddValue("key", 8, value => value.Write(100_000UL))),
        Lie("an unknown metadata type", writer => writer.AddValue("key", 13, value => value.Write(0UL))),
        Lie("an array longer than the file", writer => AddArray(writer, 4, 1UL << 40)),
        Lie("an array whose bytes overflow", writer => AddArray(writer, 10, ulong.MaxValue / 8 + 2)),
        Lie("an array of strings longer than the file", writer => AddArray(writer, 8, 1UL << 61)),
        Lie("an array of an unknown type", writer => AddArray(writer, 99, 1)),
        Lie("arrays that nest without end", writer => writer.AddValue("key", 9, value =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                value.Write(9u);
                value.Write(1UL);
            }
        })),
        Lie("a key twice", writer => writer.Add("key", 1u).Add("key", 1u)),
        Lie("an empty key", writer => writer.Add("", 1u)),
        Lie("an alignment of zero", writer => writer.Add("general.alignment", 0u)),
        Lie("an alignment of text", writer => writer.Add("general.alignment", "32")),
        Lie("a tensor of no dimensions", writer => writer.AddHeader("b", [], 0, 32)),
        Lie("a tensor of a billion dimensions", writer => writer.AddHeader("b", new ulong[1000], 0, 32)),
        Lie("a dimension of zero", writer => writer.AddHeader("b", [4, 0], 0, 32)),
        Lie("dimensions that overflow", writer => writer.AddHeader("b", [1UL << 31, 1UL << 31, 4, 1], 0, 32)),
        Lie("a dimension of 2^64 - 1", writer => writer.AddHeader("b", [ulong.MaxValue], 0, 32)),
        Lie("more values than the file", writer => writer.AddHeader("b", [1_000_000], 0, 32)),
        Lie("a row that is no whole number of blocks", writer => writer.AddHeader("b", [33], 8, 32)),
        Lie("an offset beyond the file", writer => writer.AddHeader("b", [4], 0, 1UL << 40)),
        Lie("an offset that overflows", writer => writer.AddHeader("b", [4], 0, ulong.MaxValue - 31)),
        Lie("an offset that is not aligned", writer => writer.AddHeader("b", [4], 0, 8)),
        Lie("tensors that share bytes", writer => writer.AddHeader("b", [4], 0, 0)),
        Lie("a tensor twice", writer => writer.Add("a", [8], new float[8])),
        Lie("a tensor without a name", writer => writer.AddHeader("", [4], 0, 32)),
    ];

    [TestCaseSource(nameof(Lies))]
    public void A_file_that_contradicts_itself_is_corrupt(Action<GgufWriter> lie)
    {
        using var folder = new ScratchFolder();
        GgufWriter writer = new GgufWriter().Add("some.key", 1u).Add("a", [8], new float[8]);
        lie(writer);
        string path = folder.Write("m.gguf", writer.ToBytes());
        long before = GC.GetAllocatedBytesForCurrentThread();

        HarnessException error = Assert.Throws<HarnessException>(() => GgufFile.Open(path).Dispose())!;

        Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ModelCorrupt), error.Message);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4_000_000));
    }

    [Test]
    public void Block_types_that_are_not_implemented_are_named()
    {
        using var folder = new ScratchFolder();
        foreach ((uint type, string name) in new[] { (16u, "IQ2_XXS"), (28u, "F64"), (39u, "MXFP4"), (12345u, "number 12345") })
        {
            string path = folder.Write("m.gguf", new GgufWriter().AddHeader("b", [256], type, 0).ToBytes());
            HarnessException error = Assert.Throws<HarnessException>(() => GgufFile.Open(path).Dispose())!;
            Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.BlockTypeUnsupported));
            Assert.That(error.Message, Does.Contain(name));
        }
    }

    [Test]
    public void A_file_cut_short_anywhere_is_refused()
    {
        using var folder = new ScratchFolder();
        byte[] whole = TinyModels.Gguf().ToBytes();
        for (int length = 0; length < whole.Length; length += length < 700 ? 1 : 131)
        {
            string path = folder.Write("m.gguf", whole[..length]);
            HarnessException error = Assert.Throws<HarnessException>(() => ModelFiles.Open(path).Dispose(), $"{length} bytes")!;
            Assert.That(error.Diagnostic, Is.EqualTo(KernelCodes.ModelCorrupt).Or.EqualTo(KernelCodes.ModelFormat), $"{length} bytes");
        }
    }

    static TestCaseData<Action<GgufWriter>> Lie(string name, Action<GgufWriter> lie) =>
        new TestCaseData<Action<GgufWriter>>(lie).SetArgDisplayNames(name);

    static void AddArray(GgufWriter writer, uint type, ulong count) => writer.AddValue("key", 9, value =>
    {
        value.Write(type);
        value.Write(count);
        value.Write(0UL);
    });
}
