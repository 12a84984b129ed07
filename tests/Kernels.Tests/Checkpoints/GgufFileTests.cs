using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Files;
using Harness.Tests.Shared;

namespace Kernels.Tests.Checkpoints;

sealed class GgufFileTests
{
    [TestCase("F32")]
    [TestCase("F16")]
    [TestCase("BF16")]
    [TestCase("Q4_0")]
    [TestCase("Q4_1")]
    [TestCase("Q5_0")]
    [TestCase("Q5_1")]
    [TestCase("Q8_0")]
    [TestCase("Q2_K")]
    [TestCase("Q3_K")]
    [TestCase("Q4_K")]
    [TestCase("Q5_K")]
    [TestCase("Q6_K")]
    [TestCase("IQ4_NL")]
    [TestCase("IQ4_XS")]
    public void Every_block_type_is_within_one_rounding_of_its_reference(string type)
    {
        using GgufFile file = GgufFile.Open(Repository.Data("reference/every-block-type.gguf"));
        JsonElement rows = ReferenceFiles.Read("reference/every-block-type.json").GetProperty("tensors").GetProperty(type);
        StoredTensor tensor = file.Find($"t.{type}")!;
        Assert.That(tensor.Format.Name, Is.EqualTo(type));

        for (int row = 0; row < 3; row++)
        {
            var values = new float[256];
            tensor.ReadRows(row, values);
            for (int i = 0; i < values.Length; i++)
            {
                float expected = rows[row][i].GetSingle();
                float rounding = MathF.BitIncrement(MathF.Abs(expected)) - MathF.Abs(expected);
                Assert.That(
                    MathF.Abs(values[i] - expected), Is.LessThanOrEqualTo(rounding), $"row {row}, value {i}: {values[i]}, not {expected}");
            }
        }
    }

    [Test]
    public void Several_rows_are_the_rows_one_by_one()
    {
        using GgufFile file = GgufFile.Open(Repository.Data("reference/every-block-type.gguf"));
        foreach (StoredTensor tensor in file.Tensors)
        {
            var together = new float[2 * tensor.Columns];
            var alone = new float[tensor.Columns];
            tensor.ReadRows(1, together);
            tensor.ReadRows(2, alone);
            Assert.That(together[tensor.Columns..], Is.EqualTo(alone), tensor.Name);
        }
    }

    [Test]
    public void Metadata_of_every_type_is_read()
    {
        using var folder = new ScratchFolder();
        string path = folder.Write("m.gguf", new GgufWriter()
            .AddValue("u8", 0, writer => writer.Write((byte)200))
            .AddValue("i8", 1, writer => writer.Write((sbyte)-100))
            .AddValue("u16", 2, writer => writer.Write((ushort)60000))
            .AddValue("i16", 3, writer => writer.Write((short)-30000))
            .Add("u32", 4_000_000_000)
            .AddValue("i32", 5, writer => writer.Write(-2_000_000_000))
            .Add("f32", 1.5f)
            .Add("flag", true)
            .Add("text", "é")
            .Add("texts", "a", "", "é")
            .Add("numbers", -1, 2)
            .AddValue("u64", 10, writer => writer.Write(5_000_000_000UL))
            .AddValue("i64", 11, writer => writer.Write(-5_000_000_000L))
            .AddValue("f64", 12, writer => writer.Write(2.5))
            .ToBytes());
        using GgufFile file = GgufFile.Open(path);
        GgufMetadata metadata = file.Metadata;

        Assert.Multiple(() =>
        {
            Assert.That(metadata.WholeNumber("u8"), Is.EqualTo(200));
            Assert.That(metadata.WholeNumber("i8"), Is.EqualTo(-100));
            Assert.That(metadata.WholeNumber("u16"), Is.EqualTo(60000));
            Assert.That(metadata.WholeNumber("i16"), Is.EqualTo(-30000));
            Assert.That(metadata.WholeNumber("u32"), Is.EqualTo(4_000_000_000));
            Assert.That(metadata.WholeNumber("i32"), Is.EqualTo(-2_000_000_000));
            Assert.That(metadata.Number("f32"), Is.EqualTo(1.5));
            Assert.That(metadata.Flag("flag"), Is.True);
            Assert.That(metadata.Text("text"), Is.EqualTo("é"));
            Assert.That(metadata.Texts("texts"), Is.EqualTo(new[] { "a", "", "é" }));
            Assert.That(metadata.WholeNumbers("numbers"), Is.EqualTo(new[] { -1, 2 }));
            Assert.That(metadata.WholeNumber("u64"), Is.EqualTo(5_000_000_000));
            Assert.That(metadata.WholeNumber("i64"), Is.EqualTo(-5_000_000_000));
            Assert.That(metadata.Number("f64"), Is.EqualTo(2.5));
            Assert.That(metadata.Number("u8"), Is.EqualTo(200));
            Assert.That(metadata.Text("absent"), Is.Null);
            Assert.That(metadata.ArrayLength("texts"), Is.EqualTo(3));
            Assert.That(metadata.Keys, Has.Count.EqualTo(14));
        });
    }

    [Test]
    public void Rows_outside_a_tensor_are_not_read()
    {
        using GgufFile file = GgufFile.Open(Repository.Data("reference/every-block-type.gguf"));
        StoredTensor tensor = file.Find("t.F32")!;

        Assert.Multiple(() =>
        {
            Assert.That(() => tensor.ReadRows(-1, new float[256]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => tensor.ReadRows(2, new float[512]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => tensor.ReadRows(0, new float[100]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }
}
