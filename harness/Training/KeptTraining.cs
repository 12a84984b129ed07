using System.Security.Cryptography;
using System.Text;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;
using Harness.Records;

namespace Harness.Training;

/// <summary>
/// The state of a model's training in a folder: weights and moments in one file, and beside it, under the step's name, what was counted and
/// which rows were written. The first names the second, so that a run that is killed between the two finds the pair of before.
/// </summary>
/// <param name="folder">Not shared with another model's.</param>
/// <param name="run">Names all that the bytes depend on.</param>
sealed class KeptTraining(string folder, string run)
{
    const string Format = "harness.training-counts.1";

    public string WeightsPath => Path.Combine(folder, "state.safetensors");

    /// <summary>What goes with the weights.</summary>
    /// <param name="Drawn">Texts of each source.</param>
    public sealed record Counts(
        TrainingSums Sums, IReadOnlyList<long> Drawn, IReadOnlyList<TrainingRow> Rows, IReadOnlyList<ValidationRow> Validation);

    public void Save(ITrainer trainer, Counts counts)
    {
        Storage.WriteAll(folder, [(Path.GetFileName(CountsPath(trainer.Steps)), Bytes(counts))]);
        Storage.Writing(WeightsPath, () => trainer.Save(WeightsPath, run));
        foreach (string old in Directory.EnumerateFiles(folder, "*.counts").Where(path => path != CountsPath(trainer.Steps)))
            File.Delete(old);
    }

    /// <summary>Takes up what is kept of this very run; null, and nothing is taken, where there is nothing.</summary>
    /// <param name="most">Steps of what may be taken up.</param>
    public Counts? Resume(ITrainer trainer, long most = long.MaxValue)
    {
        if (!File.Exists(WeightsPath) || !Directory.EnumerateFiles(folder, "*.counts").All(path => StepOf(path) <= most))
            return null;
        try
        {
            trainer.Resume(WeightsPath, run);
        }
        catch (HarnessException other) when (other.Diagnostic == KernelCodes.TrainingState)
        {
            return null;
        }
        // A count of another step can't be: the weights are written after their counts.
        return Read(CountsPath(trainer.Steps));
    }

    static long StepOf(string counts) => long.TryParse(Path.GetFileNameWithoutExtension(counts), out long step) ? step : long.MaxValue;

    string CountsPath(long step) => Path.Combine(folder, $"{step}.counts");

    byte[] Bytes(Counts counts)
    {
        using MemoryStream content = new();
        using (BinaryWriter file = new(content, Encoding.UTF8, leaveOpen: true))
        {
            file.Write(Format);
            file.Write(run);
            counts.Sums.Write(file);
            file.Write(counts.Drawn.Count);
            foreach (long drawn in counts.Drawn)
                file.Write(drawn);
            Write(file, TrainingTable.Csv.Write(counts.Rows));
            Write(file, ValidationTable.Csv.Write(counts.Validation));
        }
        return [.. content.ToArray(), .. SHA256.HashData(content.ToArray())];
    }

    Counts Read(string path)
    {
        byte[] bytes = File.Exists(path) ? Storage.Reading(path, () => File.ReadAllBytes(path)) : [];
        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !SHA256.HashData(bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
            throw KernelCodes.TrainingState.With("it is absent or damaged; delete its folder to begin anew", path);
        using BinaryReader file = new(new MemoryStream(bytes, 0, length), Encoding.UTF8);
        if (file.ReadString() != Format || file.ReadString() != run)
            throw KernelCodes.TrainingState.With("it is of another run; delete its folder to begin anew", path);
        TrainingSums sums = TrainingSums.Read(file);
        long[] drawn = [.. Enumerable.Range(0, file.ReadInt32()).Select(_ => file.ReadInt64())];
        return new Counts(
            sums, drawn, TrainingTable.Csv.Parse(file.ReadBytes(file.ReadInt32()), path),
            ValidationTable.Csv.Parse(file.ReadBytes(file.ReadInt32()), path));
    }

    static void Write(BinaryWriter file, byte[] bytes)
    {
        file.Write(bytes.Length);
        file.Write(bytes);
    }
}
