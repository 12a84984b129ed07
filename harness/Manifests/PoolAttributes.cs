using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Tasks;

namespace Harness.Manifests;

/// <summary>Attributes of a pool that every task shares. What belongs to one task alone: <see cref="TaskOptionAttributes"/>.</summary>
public static class PoolAttributes
{
    const int Most = 10_000_000, MostTokens = 1 << 24;

    public static AttributeDefinition<PoolManifest, string> Name { get; } = new()
    {
        Name = "Include",
        Summary = "The pool's name, unique in the manifest",
        Values = "letters, digits, '-', '_' and '.', a letter or digit first",
        Key = KeyPart.Pools,
        KeyName = "name",
        Role = PoolRole.Name,
        Fallback = "",
        Read = values => values.FileName("Include"),
        Describe = pool => pool.Name,
    };

    public static AttributeDefinition<PoolManifest, TaskDefinition> Task { get; } = new()
    {
        Name = "Task",
        Summary = "What is asked, and how answers are checked",
        Values = "a task's name",
        DefaultSays = "required, but of a recorded pool, whose file then says alone what is right",
        Key = KeyPart.Pools,
        KeyName = "task",
        Role = PoolRole.Asks,
        Fallback = null!,
        Describe = pool => pool.Task.Name,
    };

    public static AttributeDefinition<PoolManifest, string?> Prompt { get; } = AttributeKinds.Text<PoolManifest>(
        "Prompt", "How a question is put to the model", KeyPart.Pools, pool => Portable(pool.Prompt),
            "think, direct, few-shot-N, or a template's file", "think") with
    {
        KeyName = "prompt",
        IsLeftOut = IsRecorded,
    };

    public static AttributeDefinition<PoolManifest, IReadOnlyList<int>> Difficulty { get; } = AttributeKinds.Integers<PoolManifest>(
        "Difficulty", "Difficulties that a generated task cycles over: problem i has the i-th", KeyPart.Pools, pool => pool.Difficulties,
            0, null, "the task's own") with
    {
        KeyName = "difficulties",
        Role = PoolRole.Asks,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, int> Problems { get; } = AttributeKinds.Integer<PoolManifest>(
        "Problems", "How many problems are asked: the first ones", KeyPart.Pools, pool => pool.Problems, 1, Most, null) with
    {
        KeyName = "problems",
        Role = PoolRole.Asks,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, int> Samples { get; } = AttributeKinds.Integer<PoolManifest>(
        "Samples", "Samples of each problem", KeyPart.Pools, pool => pool.Samples, 1, Most, null, "what the largest multiplier reads") with
    {
        KeyName = "samples",
        Role = PoolRole.Amount,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, float> Temperature { get; } = new()
    {
        Name = "Temperature",
        Summary = "Divides the logits before a token is drawn; 0 always takes the likeliest. Of a recorded pool: with what it was drawn",
        Values = $"0, or a number from {DecodingSettings.LowestTemperature} to 100",
        Default = "1",
        Key = KeyPart.Pools,
        KeyName = "temperature",
        IsOverridable = true,
        Fallback = 1,
        IsLeftOut = pool => float.IsNaN(pool.Temperature),
        Read = ReadTemperature,
        Describe = pool => pool.Temperature,
    };

    public static AttributeDefinition<PoolManifest, int> TopK { get; } = AttributeKinds.Integer<PoolManifest>(
        "TopK", "Only the K likeliest tokens are drawn from; 0 keeps all", KeyPart.Pools, pool => pool.TopK, 0, int.MaxValue, 0) with
    {
        KeyName = "top_k",
        IsLeftOut = IsRecorded,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, float> TopP { get; } = AttributeKinds.Real<PoolManifest>(
        "TopP", "Only the likeliest tokens that hold this share of the probability are drawn from", KeyPart.Pools, pool => pool.TopP, 0, 1,
            1, aboveLow: true) with
    {
        KeyName = "top_p",
        IsLeftOut = IsRecorded,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, float> MinP { get; } = AttributeKinds.Real<PoolManifest>(
        "MinP", "Only tokens with this share of the likeliest one's probability are drawn from", KeyPart.Pools, pool => pool.MinP, 0, 1,
            0) with
    {
        KeyName = "min_p",
        IsLeftOut = IsRecorded,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, int> MaxTokens { get; } = AttributeKinds.Integer<PoolManifest>(
        "MaxTokens", "Tokens after which a sample is cut off", KeyPart.Pools, pool => pool.MaxTokens, 1, MostTokens, null,
            "the task's own, or what the model's context leaves") with
    {
        KeyName = "max_tokens",
        IsLeftOut = IsRecorded,
        IsOverridable = true,
    };

    public static AttributeDefinition<PoolManifest, IReadOnlyList<string>> StopStrings { get; } = new()
    {
        Name = "StopStrings",
        Summary = @"Texts that end a sample, separated by ;. In them \n, \t and \\ stand for a line break, a tab and a backslash",
        Values = "texts, separated by ;",
        DefaultSays = "none",
        Key = KeyPart.Pools,
        KeyName = "stop_strings",
        IsLeftOut = IsRecorded,
        Fallback = [],
        Read = values => values.StopStrings("StopStrings"),
        Describe = pool => new JsonArray([.. pool.StopStrings.Select(value => (JsonNode)value)]),
    };

    public static AttributeDefinition<PoolManifest, bool?> Chat { get; } = AttributeKinds.Flag<PoolManifest>(
        "Chat", "Whether a prompt goes through the model's chat template, as the user's message", KeyPart.Pools, pool => pool.Chat, null,
            "as the model has a template or not") with
    {
        KeyName = "chat",
        IsLeftOut = IsRecorded,
    };

    public static AttributeDefinition<PoolManifest, DateOnly?> Date { get; } = new()
    {
        Name = "Date",
        Summary = "The date that a chat template takes for the day's",
        Values = "a date, such as 2024-07-26",
        DefaultSays = "none: a template that writes the date uses its own, or is refused",
        Key = KeyPart.Pools,
        KeyName = "date",
        IsLeftOut = pool => pool.Date is null,
        Fallback = null,
        Read = values => values.Date("Date"),
        Describe = pool => pool.Date is { } date ? DateText.Of(date) : null,
    };

    /// <summary>A task that is told nothing.</summary>
    public static IReadOnlyDictionary<string, string> NoOptions { get; } = new Dictionary<string, string>();

    /// <summary>What the task's own attributes say, together.</summary>
    static AttributeDefinition<PoolManifest, IReadOnlyDictionary<string, string>> TaskOptions { get; } = new()
    {
        Name = "the task's own attributes",
        Summary = "See the task",
        Values = "see the task",
        DefaultSays = "see the task",
        Key = KeyPart.Pools,
        KeyName = "options",
        Role = PoolRole.Asks,
        Fallback = NoOptions,
        Describe = pool => new JsonObject(pool.TaskOptions.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => KeyValuePair.Create(option.Key, (JsonNode?)Portable(option.Value)))),
    };

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<PoolManifest>> All { get; } =
    [
        Name, Task, Prompt, Difficulty, Problems, Samples, Temperature, TopK, TopP, MinP, MaxTokens, StopStrings, Chat, Date,
        .. RecordingAttributes.All,
    ];

    /// <summary>Whether two pools say the same in every attribute of a role.</summary>
    public static bool AreSame(PoolManifest first, PoolManifest second, PoolRole role) =>
        InKey.Where(attribute => attribute.Role == role)
            .All(attribute => JsonNode.DeepEquals(attribute.Describe(first), attribute.Describe(second)));

    /// <summary>Of a pool, what decides the tokens of a sample: neither its name nor how many problems and samples there are.</summary>
    public static JsonObject DescribeSample(PoolManifest pool) => Describe(pool,
        InKey.Where(attribute => attribute.Role is PoolRole.Asks or PoolRole.Answers && attribute != Problems));

    /// <summary>All of a pool that a key has.</summary>
    internal static JsonObject Describe(PoolManifest pool) => Describe(pool, InKey);

    static IEnumerable<AttributeDefinition<PoolManifest>> InKey => [.. All, TaskOptions];

    static JsonObject Describe(PoolManifest pool, IEnumerable<AttributeDefinition<PoolManifest>> attributes) =>
        ManifestKeys.Members(pool, attributes);

    static bool IsRecorded(PoolManifest pool) => pool.Recording is not null;

    static float ReadTemperature(ValueReader pool)
    {
        float temperature = pool.Real("Temperature", 1, 0, 100);
        return DecodingSettings.IsTemperature(temperature)
            ? temperature
            : throw pool.Complaint(Codes.BadValue, "Temperature",
                $"Temperature is {temperature}; expected 0 (greedy) or at least {DecodingSettings.LowestTemperature}");
    }

    /// <summary>An absolute path is a place on one machine; the content is hashed beside it.</summary>
    static string Portable(string value) => Path.IsPathRooted(value) && File.Exists(value) ? Path.GetFileName(value) : value;
}
