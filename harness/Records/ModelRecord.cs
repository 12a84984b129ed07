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
    /// <summary>Where samples are recorded and nothing is known of what drew them.</summary>
    public static ModelRecord None { get; } = new(null, null, HasChatTemplate: false);

    public JsonObject Write()
    {
        SortedDictionary<string, JsonNode?> members = new(StringComparer.Ordinal)
        {
            ["chat_template"] = HasChatTemplate,
            ["context_length"] = ContextLength,
        };
        if (Shape is { } shape)
        {
            members["architecture"] = shape.Architecture;
            members["feed_forward"] = shape.FeedForward;
            if (shape.Experts is { } experts)
            {
                members["experts"] = experts.Count;
                members["experts_active"] = experts.Active;
                members["experts_normalised"] = experts.Normalised;
                members["experts_shared_feed_forward"] = experts.SharedFeedForward;
            }
            members["head_width"] = shape.HeadWidth;
            members["heads"] = shape.Heads;
            members["kv_heads"] = shape.KvHeads;
            members["layers"] = shape.Layers;
            members["tied_embedding"] = shape.TiedEmbedding;
            members["vocabulary"] = shape.Vocabulary;
            members["width"] = shape.Width;
        }
        return new JsonObject(members);
    }

    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> where the file does not describe a model.</exception>
    public static ModelRecord Read(JsonObject run, string path)
    {
        try
        {
            JsonObject model = (JsonObject)run["model"]!;
            int? contextLength = model["context_length"]?.GetValue<int>();
            ModelConfig? shape = model["architecture"] is not { } architecture ? null : new ModelConfig
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
            return new ModelRecord(shape, contextLength, model["chat_template"]!.GetValue<bool>());
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
