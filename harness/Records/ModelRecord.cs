using System.Text.Json.Nodes;
using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;

namespace Harness.Records;

/// <summary>
/// What analyses and reports need of a model, as run.json keeps it: its shape, for operations, and whether it has a chat template.
/// </summary>
public sealed record ModelRecord(ModelConfig Config, bool HasChatTemplate)
{
    public JsonObject Write() => new()
    {
        ["architecture"] = Config.Architecture,
        ["chat_template"] = HasChatTemplate,
        ["context_length"] = Config.ContextLength,
        ["feed_forward"] = Config.FeedForward,
        ["head_width"] = Config.HeadWidth,
        ["heads"] = Config.Heads,
        ["kv_heads"] = Config.KvHeads,
        ["layers"] = Config.Layers,
        ["tied_embedding"] = Config.TiedEmbedding,
        ["vocabulary"] = Config.Vocabulary,
        ["width"] = Config.Width,
    };

    /// <exception cref="HarnessException"><see cref="Codes.ResultsCorrupt"/> where the file does not describe a model.</exception>
    public static ModelRecord Read(JsonObject run, string path)
    {
        try
        {
            JsonObject model = (JsonObject)run["model"]!;
            return new ModelRecord(new ModelConfig
            {
                Architecture = model["architecture"]!.GetValue<string>(),
                Layers = model["layers"]!.GetValue<int>(),
                Width = model["width"]!.GetValue<int>(),
                Heads = model["heads"]!.GetValue<int>(),
                KvHeads = model["kv_heads"]!.GetValue<int>(),
                HeadWidth = model["head_width"]!.GetValue<int>(),
                FeedForward = model["feed_forward"]!.GetValue<int>(),
                Vocabulary = model["vocabulary"]!.GetValue<int>(),
                ContextLength = model["context_length"]!.GetValue<int>(),
                TiedEmbedding = model["tied_embedding"]!.GetValue<bool>(),
                NormEpsilon = 0,
                RopeTheta = 0,
            }, model["chat_template"]!.GetValue<bool>());
        }
        catch (Exception wrong) when (wrong is NullReferenceException or InvalidOperationException or InvalidCastException
            or FormatException)
        {
            throw Codes.ResultsCorrupt.With("its 'model' does not describe one", path, inner: wrong);
        }
    }
}
