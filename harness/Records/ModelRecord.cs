using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>What analyses and reports need of a model, as run.json keeps it.</summary>
/// <param name="Shape">Of which operations are counted; null where the engine states none.</param>
/// <param name="ContextLength">Most tokens of a prompt and its answer together; null where no limit is known.</param>
public sealed record ModelRecord(ModelConfig? Shape, int? ContextLength, bool HasChatTemplate)
{
    /// <summary>Shapes of the reward models that verify, by their folders' names.</summary>
    public IReadOnlyDictionary<string, ModelConfig> Judges { get; init; } = new Dictionary<string, ModelConfig>();

    /// <summary>Where samples are recorded and nothing is known of what drew them.</summary>
    public static ModelRecord None { get; } = new(null, null, HasChatTemplate: false);

    public JsonObject Write()
    {
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal)
        {
            ["chat_template"] = HasChatTemplate,
            ["context_length"] = ContextLength,
        };
        foreach ((string name, JsonNode? value) in Shape is null ? [] : Describe(Shape))
            members[name] = value;
        if (Judges.Count > 0)
            members["reward_models"] = new JsonObject(Judges.OrderBy(judge => judge.Key, StringComparer.Ordinal)
                .Select(judge => KeyValuePair.Create(judge.Key, (JsonNode?)Describe(judge.Value, judge.Value.ContextLength))));
        return new JsonObject(members);
    }

    static JsonObject Describe(ModelConfig shape, int contextLength)
    {
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal) { ["context_length"] = contextLength };
        foreach ((string name, JsonNode? value) in Describe(shape))
            members[name] = value;
        return new JsonObject(members);
    }

    static IEnumerable<(string Name, JsonNode? Value)> Describe(ModelConfig shape) =>
    [
        ("architecture", shape.Architecture), ("feed_forward", shape.FeedForward),
        .. shape.Experts is not { } experts ? [] : new (string, JsonNode?)[]
        {
            ("experts", experts.Count), ("experts_active", experts.Active), ("experts_normalised", experts.Normalised),
            ("experts_shared_feed_forward", experts.SharedFeedForward),
        },
        ("head_width", shape.HeadWidth),
        ("heads", shape.Heads), ("kv_heads", shape.KvHeads), ("layers", shape.Layers), ("tied_embedding", shape.TiedEmbedding),
        ("vocabulary", shape.Vocabulary), ("width", shape.Width),
    ];

    /// <summary>Null where no shape is described.</summary>
    static ModelConfig? ShapeOf(JsonObject model, int? contextLength) => model["architecture"] is not { } architecture ? null : new()
    {
        Architecture = architecture.GetValue<string>(),
        Layers = model["layers"]!.GetValue<int>(),
        Width = model["width"]!.GetValue<int>(),
        Heads = model["heads"]!.GetValue<int>(),
        KvHeads = model["kv_heads"]!.GetValue<int>(),
        HeadWidth = model["head_width"]!.GetValue<int>(),
        FeedForward = model["feed_forward"]!.GetValue<int>(),
        Experts = ReadExperts(model),
        Vocabulary = model["vocabulary"]!.GetValue<int>(),
        ContextLength = contextLength!.Value,
        TiedEmbedding = model["tied_embedding"]!.GetValue<bool>(),
        NormEpsilon = 0,
        RopeTheta = 0,
    };

    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> where the file does not describe a model.</exception>
    public static ModelRecord Read(JsonObject run, string path)
    {
        try
        {
            JsonObject model = (JsonObject)run["model"]!;
            int? contextLength = model["context_length"]?.GetValue<int>();
            return new ModelRecord(ShapeOf(model, contextLength), contextLength, model["chat_template"]!.GetValue<bool>())
            {
                Judges = (model["reward_models"] as JsonObject ?? []).ToDictionary(
                    judge => judge.Key,
                    judge => ShapeOf((JsonObject)judge.Value!, judge.Value!["context_length"]!.GetValue<int>())!, StringComparer.Ordinal),
            };
        }
        catch (Exception wrong) when (wrong is NullReferenceException or InvalidOperationException or InvalidCastException
            or FormatException)
        {
            throw Codes.ResultsCorrupt.With("its 'model' does not describe one", path, inner: wrong);
        }
    }

    static ExpertShape? ReadExperts(JsonObject model) => model["experts"] is not { } count ? null : new ExpertShape
    {
        Count = count.GetValue<int>(),
        Active = model["experts_active"]!.GetValue<int>(),
        Normalised = model["experts_normalised"]!.GetValue<bool>(),
        SharedFeedForward = model["experts_shared_feed_forward"]!.GetValue<int>(),
    };
}
