using System.Text.Json;
using Harness.Kernels.Checkpoints;

namespace Harness.ModelChecks;

/// <summary>Key `tensors`: dequantised values of each block format; tensor t.NAME of a GGUF file against the key NAME.</summary>
static class BlockValues
{
    public static CheckItem Check(string path, JsonElement tensors)
    {
        CheckBuilder check = new("block values");
        using GgufFile file = GgufFile.Open(path);
        foreach (JsonProperty format in tensors.EnumerateObject())
        {
            if (file.Find($"t.{format.Name}") is not { } tensor)
            {
                check.Equal("absent", "there", $"tensor t.{format.Name}");
                continue;
            }
            double[][] rows = [.. format.Value.EnumerateArray().Select(ReferenceModel.Numbers)];
            for (int row = 0; row < rows.Length; row++)
                CompareRow(check, tensor, row, rows[row], format.Name);
        }
        return check.Build();
    }

    static void CompareRow(CheckBuilder check, StoredTensor tensor, int row, double[] expected, string format)
    {
        check.Equal(tensor.Columns, expected.Length, $"{format}, columns");
        if (tensor.Columns != expected.Length)
            return;
        var values = new float[tensor.Columns];
        tensor.ReadRows(row, values);
        bool stored = format is "F32" or "F16" or "BF16";
        for (int i = 0; i < values.Length; i++)
        {
            float rounded = (float)expected[i];
            double tolerance = stored ? 0 : MathF.BitIncrement(MathF.Abs(rounded)) - MathF.Abs(rounded);
            check.Near(values[i], rounded, tolerance, $"{format}[{row}][{i}]");
        }
    }
}
