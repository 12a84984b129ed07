using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Tasks;
using Harness.Tasks.Files;
using Harness.Tasks.Prompts;

namespace Harness.Training;

/// <summary>What a model learns from, found on this machine and read.</summary>
public sealed class TrainingData
{
    readonly (DataManifest Data, IExampleSource Source)[] sources;

    TrainingData((DataManifest, IExampleSource)[] sources) => this.sources = sources;

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

    /// <summary>Those that are a model's answers, which are yet to be drawn and labelled.</summary>
    public IReadOnlyList<LabelledExamples> Labelled => [.. sources.Select(source => source.Source).OfType<LabelledExamples>()];

    /// <summary>The same, where answers that are yet to be drawn are as long as solutions of the same problems: to plan with.</summary>
    public TrainingData Planned() => new([.. sources.Select(source => (source.Data,
        source.Source is LabelledExamples ? new TaskExamples(source.Data, new ExampleText(GeneratedWords.Vocabulary)) : source.Source))]);

    /// <summary>By the data's name, SHA-256 of what its texts depend on beside their manifest.</summary>
    public IReadOnlyDictionary<string, string> Hashes =>
        sources.ToDictionary(source => source.Data.Name, source => source.Source.ContentHash);

    static IExampleSource Open(DataManifest data, ExampleText text, TrainManifest train, IReadOnlyList<string?> folders, int place) =>
        data.File is { } file
            ? new FileExamples(data, DataFile.Read([file], folders), text, train.Shape.ContextLength, train.BatchTokens, train.Seed, place)
            : data.Labelling is null ? new TaskExamples(data, text)
            : new LabelledExamples(
                data, text, PromptTemplate.Load(data.Task!.Name, data.Prompt, manifestFolder: null), train.Seed, place);
}
