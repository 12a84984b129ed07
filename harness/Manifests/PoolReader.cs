using Harness.Diagnostics;
using Harness.Registry;
using Harness.Tasks;
using TaskOptionValues = System.Collections.Generic.IReadOnlyDictionary<string, string>;

namespace Harness.Manifests;

/// <summary>Types what is asked and how it is decoded: a pool, or the evaluation of a model that is made.</summary>
/// <param name="item">Of the manifest.</param>
/// <param name="kind">What messages call it.</param>
sealed class PoolReader(
    Registered registered, ManifestPlaces places, Mistakes mistakes, string item = AttributeTable.PoolItem, string kind = "pool")
{
    /// <summary>With the reader of its attributes, which knows whether one was wrong.</summary>
    public (PoolManifest Pool, AttributeReader Read) Read(IReadOnlyDictionary<string, string> values, int index)
    {
        string include = values.GetValueOrDefault(PoolAttributes.Name.Name, "");
        AttributeReader pool = new(new ValueReader(values, name => places.Attribute(item, include, index, name),
            $" of {kind} '{include}'"), mistakes);
        bool isPool = item == AttributeTable.PoolItem;
        pool.Allow(isPool ? AttributeTable.OfPools(registered) : AttributeTable.OfEvaluations(registered), Codes.UnknownMetadata,
            $"attribute of {item}");
        RecordingManifest? recording = isPool ? RecordingReader.Read(pool) : null;
        TaskDefinition? task = recording is not null && pool.Values.Text(PoolAttributes.Task.Name) is null
            ? RecordedTask.Definition
            : pool.Read(() => pool.Values.Known(PoolAttributes.Task.Name, registered.Tasks, known => known.Name,
                Codes.UnknownTask, "task"), null!);
        return (new PoolManifest
        {
            Name = pool.Read(PoolAttributes.Name),
            Task = task!,
            Prompt = recording is null ? pool.Read(PoolAttributes.Prompt)! : "",
            Difficulties = pool.Read(PoolAttributes.Difficulty),
            Problems = pool.Read(PoolAttributes.Problems),
            Samples = pool.Read(PoolAttributes.Samples),
            Temperature = recording is null || IsStated(PoolAttributes.Temperature, pool) ? pool.Read(PoolAttributes.Temperature)
                : float.NaN,
            TopK = pool.Read(PoolAttributes.TopK),
            TopP = pool.Read(PoolAttributes.TopP),
            MinP = pool.Read(PoolAttributes.MinP),
            MaxTokens = pool.Read(PoolAttributes.MaxTokens),
            StopStrings = pool.Read(PoolAttributes.StopStrings),
            Chat = isPool ? pool.Read(PoolAttributes.Chat) : false,
            Date = isPool ? pool.Read(PoolAttributes.Date) : null,
            TaskOptions = task is null
                ? PoolAttributes.NoOptions
                : pool.Read<TaskOptionValues>(() => ReadOptions(task, pool.Values), PoolAttributes.NoOptions),
            Recording = recording,
        }, pool);
    }

    /// <summary>A build writes the default for every pool, so that it may be nobody's own.</summary>
    static bool IsStated(AttributeDefinition attribute, AttributeReader pool) =>
        pool.Values.Text(attribute.Name) is { } written && written != attribute.Default;

    SortedDictionary<string, string> ReadOptions(TaskDefinition task, ValueReader values)
    {
        if (registered.TaskOptions.FirstOrDefault(name => values.Text(name) is not null && !task.Options.Has(name)) is { } foreign)
            throw values.Complaint(Codes.UnknownMetadata, foreign, $"'{foreign}' is not an attribute of task '{task.Name}'");
        SortedDictionary<string, string> options = new(StringComparer.Ordinal);
        foreach (TaskOption option in task.Options.Select(TaskOptionAttributes.Find))
        {
            if ((option.IsVerbatim ? values.Verbatim(option.Name) : values.Text(option.Name)) is { } written)
                options.Add(option.Name, written);
            else if (option.IsAlwaysStated)
                options.Add(option.Name, option.Default);
        }
        return options;
    }
}
