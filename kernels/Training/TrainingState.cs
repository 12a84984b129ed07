using System.Globalization;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Linear;

namespace Harness.Kernels.Training;

/// <summary>
/// The state of a run between two steps as one safetensors file: weights, both moments, and as metadata the step and what names the run.
/// </summary>
static class TrainingState
{
    const string Format = "harness.training.1";
    const string WeightsFolder = "weights/";
    const string FirstFolder = "first_moment/";
    const string SecondFolder = "second_moment/";

    /// <summary>Writes the file aside and renames it.</summary>
    public static void Write(string path, TrainedWeights weights, long step, string run)
    {
        var tensors = new List<WrittenTensor>();
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            foreach ((string folder, RowBuffer buffer) in Parts(tensor))
                tensors.Add(Written(folder, tensor, buffer));
        }
        SafetensorsWriter.Write(
            path,
            tensors,
            new Dictionary<string, string>
            {
                ["format"] = Format,
                ["run"] = run,
                ["step"] = step.ToString(CultureInfo.InvariantCulture),
                ["sha256"] = SafetensorsWriter.Hash(tensors),
            });
    }

    /// <summary>Reads weights and moments, and gives the step. Nothing is changed unless the whole file is sound.</summary>
    public static long Read(string path, TrainedWeights weights, string run)
    {
        if (!File.Exists(path))
            throw KernelCodes.TrainingState.With("there is no such file", path);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        string Metadata(string key) => file.Metadata.GetValueOrDefault(key, "");
        if (Metadata("format") != Format)
            throw KernelCodes.TrainingState.With($"it is no state of a training: its format is '{Metadata("format")}', not {Format}", path);
        if (Metadata("run") != run)
            throw KernelCodes.TrainingState.With($"it is of another run: '{Metadata("run")}', not '{run}'", path);
        if (!long.TryParse(Metadata("step"), NumberStyles.None, CultureInfo.InvariantCulture, out long step))
            throw KernelCodes.TrainingState.With($"its step is '{Metadata("step")}'", path);
        Check(path, file, weights, Metadata("sha256"));
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            foreach ((string folder, RowBuffer buffer) in Parts(tensor))
            {
                StoredTensor stored = file.Tensors[folder + tensor.Name];
                for (int row = 0; row < tensor.Rows; row++)
                    stored.ReadRows(row, buffer.RowSpan(tensor.FirstRow + row));
            }
        }
        weights.Transpose();
        return step;
    }

    static void Check(string path, SafetensorsFile file, TrainedWeights weights, string hash)
    {
        var tensors = new List<WrittenTensor>();
        foreach (ParameterTensor tensor in weights.Tensors)
        {
            foreach ((string folder, RowBuffer buffer) in Parts(tensor))
            {
                WrittenTensor expected = Written(folder, tensor, buffer);
                if (!file.Tensors.TryGetValue(expected.Name, out StoredTensor? stored)
                    || !stored.Dimensions.SequenceEqual(expected.Dimensions) || stored.Format != BlockFormat.F32)
                    throw KernelCodes.TrainingState.With($"it is of another model: {expected.Name} is absent or of another shape", path);
                tensors.Add(expected with { Read = (row, values) => stored.ReadRows(row, values) });
            }
        }
        if (file.Tensors.Count != tensors.Count)
            throw KernelCodes.TrainingState.With($"it is of another model: {file.Tensors.Count} tensors, not {tensors.Count}", path);
        if (SafetensorsWriter.Hash(tensors) != hash)
            throw KernelCodes.TrainingState.With("it is damaged: its values do not have the hash that it states", path);
    }

    static (string Folder, RowBuffer Buffer)[] Parts(ParameterTensor tensor) =>
    [
        (WeightsFolder, tensor.Matrix.Weights), (FirstFolder, tensor.Matrix.FirstMoment), (SecondFolder, tensor.Matrix.SecondMoment),
    ];

    static WrittenTensor Written(string folder, ParameterTensor tensor, RowBuffer buffer) => new(
        folder + tensor.Name,
        tensor.IsVector ? [tensor.Columns] : [tensor.Rows, tensor.Columns],
        (row, values) => buffer.RowSpan(tensor.FirstRow + row).CopyTo(values));
}
