using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;
using Harness.Registry;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Manifests;

/// <summary>Data with what was read of it.</summary>
sealed record DraftData(DataManifest Data, ValueReader Values);

/// <summary>Types what the models that a manifest trains learn from.</summary>
sealed class DataReader(RawManifest raw, Registered registered, ManifestPlaces places, Mistakes mistakes)
{
    const string SplitOption = "Split", LearntSplit = "train";

    public IReadOnlyList<DraftData> Read() => [.. raw.Data.Select(Read)];

    DraftData Read(IReadOnlyDictionary<string, string> values, int index)
    {
        AttributeReader data = AttributeReader.Of(AttributeTable.DataItem, values, index, AttributeTable.OfData, "data", places, mistakes);
        string? file = data.Read(DataAttributes.File);
        TaskDefinition? task = file is not null && data.Values.Text(DataAttributes.Task.Name) is null ? null
            : data.Read(() => data.Values.Known(DataAttributes.Task.Name, [.. registered.Tasks.Where(known => known.Solved is not null)],
                known => known.Name, Codes.UnknownTask, "task that makes its problems"), null!);
        DataManifest typed = new()
        {
            Name = data.Read(DataAttributes.Name),
            Task = task,
            Difficulties = task is null ? []
                : data.Read(DataAttributes.Difficulty) is { Count: > 0 } stated ? stated : task.DefaultDifficulties,
            Prompt = task is null ? "" : data.Read(DataAttributes.Prompt)!,
            File = file,
            PromptField = data.Read(DataAttributes.PromptField) ?? "",
            AnswerField = data.Read(DataAttributes.AnswerField) ?? "",
            Share = data.Read(DataAttributes.Share),
            For = data.Read(DataAttributes.For),
            Place = places.Attribute(AttributeTable.DataItem, values.GetValueOrDefault("Include", ""), index, DataAttributes.Name.Name),
        };
        typed = typed with { Labelling = ReadLabelling(typed, data) };
        if (!data.IsWrong)
            mistakes.Try(() => RequireSense(typed, data.Values), false);
        return new DraftData(typed, data.Values);
    }

    /// <summary>Null where nothing is labelled, or nothing of a task is.</summary>
    static LabellingManifest? ReadLabelling(DataManifest data, AttributeReader read)
    {
        RewardKind? kind = read.Read(DataAttributes.Labels);
        int problems = read.Read(DataAttributes.Problems), samples = read.Read(DataAttributes.Samples);
        int rollouts = read.Read(DataAttributes.Rollouts);
        bool isSoft = read.Read(DataAttributes.Estimate);
        bool isOfTokens = read.Read(DataAttributes.Verdict);
        float temperature = read.Read(DataAttributes.Temperature);
        return kind is null || data.Task is null ? null : new LabellingManifest
        {
            Kind = kind.Value,
            Rollouts = kind == RewardKind.Steps ? rollouts : 0,
            IsSoft = isSoft,
            IsOfTokens = isOfTokens,
            Pool = new PoolManifest
            {
                Name = data.Name,
                Task = data.Task,
                Prompt = data.Prompt,
                Difficulties = data.Difficulties,
                Problems = problems,
                Samples = samples,
                Temperature = temperature,
                TopK = PoolAttributes.TopK.Fallback,
                TopP = PoolAttributes.TopP.Fallback,
                MinP = PoolAttributes.MinP.Fallback,
                MaxTokens = 0,
                StopStrings = [],
                Chat = false,
                TaskOptions = new Dictionary<string, string> { [SplitOption] = LearntSplit },
            },
        };
    }

    static bool RequireSense(DataManifest data, ValueReader values)
    {
        if (data.Name == EntropyRow.AllData)
            throw values.Complaint(Codes.BadValue, DataAttributes.Name.Name, $"'{data.Name}' can't be a name: it stands for all");
        if (data.Task is not null && data.File is not null)
            throw values.Complaint(Codes.BadValue, DataAttributes.File.Name,
                $"data '{data.Name}' names a task and a file; leave one of them out");
        if ((data.PromptField.Length > 0) != (data.AnswerField.Length > 0))
            throw values.Complaint(Codes.MissingValue, DataAttributes.PromptField.Name,
                $"a pair of data '{data.Name}' has two fields: give PromptField and AnswerField, or neither");
        if (data.PromptField.Length > 0 && data.File is null)
            throw values.Complaint(Codes.BadValue, DataAttributes.PromptField.Name,
                "a field belongs to a file of pairs: name it with File");
        RequireLabelling(data, values);
        if (data.Task?.Solved is not { } solved)
        {
            string[] ofTasks = [DataAttributes.Prompt.Name, DataAttributes.Difficulty.Name];
            return ofTasks.FirstOrDefault(name => values.Text(name) is not null) is not { } foreign ? true
                : throw values.Complaint(Codes.BadValue, foreign, $"{foreign} belongs to a task, and data '{data.Name}' is a file's");
        }
        if (!solved.Styles.Contains(data.Prompt))
            throw values.Complaint(Codes.BadValue, DataAttributes.Prompt.Name,
                $"'{data.Prompt}' is not a style of {data.Task.Name}{NearestName.Hint(data.Prompt, solved.Styles)}"
                + $"; its styles are {string.Join(", ", solved.Styles)}");
        (int low, int high) = solved.Difficulties;
        return data.Difficulties.All(difficulty => difficulty >= low && difficulty <= high) ? true
            : throw values.Complaint(Codes.BadValue, DataAttributes.Difficulty.Name,
                $"a Difficulty of {data.Task.Name} is from {low} to {high}");
    }

    static void RequireLabelling(DataManifest data, ValueReader values)
    {
        bool isStated = values.Text(DataAttributes.Labels.Name) is not null;
        if (isStated && data.File is not null)
            throw values.Complaint(Codes.BadValue, DataAttributes.Labels.Name,
                $"labels are of answers to a task's problems, and data '{data.Name}' is a file's");
        if (!isStated && DataAttributes.OfLabelling.FirstOrDefault(attribute => values.Text(attribute.Name) is not null) is { } foreign)
            throw values.Complaint(Codes.BadValue, foreign.Name,
                $"{foreign.Name} says how labels are made, and data '{data.Name}' has none: state Labels, or leave it out");
        if (data.Labelling is not { } labelling)
            return;
        if (labelling.Pool.Problems == 0)
            throw values.Complaint(Codes.MissingValue, DataAttributes.Problems.Name, $"Problems of data '{data.Name}' is missing");
        string[] forSteps = [DataAttributes.Rollouts.Name, DataAttributes.Estimate.Name, DataAttributes.Verdict.Name];
        if (labelling.Kind != RewardKind.Steps && forSteps
            .FirstOrDefault(name => values.Text(name) is not null) is { } ofSteps)
            throw values.Complaint(Codes.BadValue, ofSteps, $"{ofSteps} is for labels of steps, and those of data '{data.Name}' are of "
                + "whole answers: leave it out");
    }
}
