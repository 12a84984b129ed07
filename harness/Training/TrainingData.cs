using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Tasks;
using Harness.Tasks.Files;

namespace Harness.Training;

/// <summary>What a model learns from, found on this machine and read.</summary>
public sealed class TrainingData
{
    readonly (DataManifest Data, IExampleSource Source)[] sources;

    /// <param name="train">Whose data they are.</param>
    /// <param name="folders">Where files are looked for, in this order.</param>
    /// <exception cref="HarnessException">A file is absent or can't be learnt from.</exception>
    public TrainingData(TrainManifest train, IReadOnlyList<string?> folders)
    {
        ExampleText text = new(GeneratedWords.Vocabulary);
        sources = [.. train.Data.Select((data, place) => (data, Open(data, text, train, folders, place)))];
    }

    /// <summary>In the order of the manifest.</summary>
    public IReadOnlyList<IExampleSource> Sources => [.. sources.Select(source => source.Source)];

    /// <summary>By the data's name, SHA-256 of what its texts depend on beside their manifest.</summary>
    public IReadOnlyDictionary<string, string> Hashes =>
        sources.ToDictionary(source => source.Data.Name, source => source.Source.ContentHash);

    static IExampleSource Open(DataManifest data, ExampleText text, TrainManifest train, IReadOnlyList<string?> folders, int place) =>
        data.File is { } file
            ? new FileExamples(data, DataFile.Read([file], folders), text, train.Shape.ContextLength, train.BatchTokens, train.Seed, place)
            : new TaskExamples(data, text);
}
