using System.Text.Json;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Files;

namespace Harness.Kernels.Checkpoints;

/// <summary>
/// Writes a model of the llama or the mixtral architecture as the folder that transformers and <see cref="ModelFiles"/> open: config.json,
/// generation_config.json, model.safetensors in float32, and what the caller brings (a tokenizer). The same bytes for the same model.
/// </summary>
public static class HuggingFaceWriter
{
    /// <summary>Writes the folder beside its place and renames it when it is complete, so that none is ever half there.</summary>
    /// <param name="folder">Replaced if it exists.</param>
    /// <param name="model">Its weights are written as they are read, in float32.</param>
    /// <param name="tokens">Special tokens.</param>
    /// <param name="files">By name: tokenizer.json, tokenizer_config.json and the like.</param>
    /// <param name="loops">
    /// Times that the layers are passed: of more than one the folder is for <see cref="ModelFiles"/> alone, which transformers refuses by
    /// its model_type (an <see cref="UnrolledCheckpoint"/> is a model that it opens).
    /// </param>
    /// <param name="balanceLoss">
    /// Of a mixture of experts, the coefficient of the loss that balances them: for whoever trains it further.
    /// </param>
    /// <exception cref="HarnessException">The model has no such form, or the folder can't be written.</exception>
    public static void Write(
        string folder, Checkpoint model, SpecialTokens tokens, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, int loops = 1,
        double balanceLoss = 0)
    {
        ModelConfig config = model.Config;
        if (config.Architecture is not ("llama" or "mixtral") || config.RopeScaling is not null || config.RopeFactors is not null
            || config.Experts is { Normalised: false } or { HasShared: true })
            throw KernelCodes.ArchitectureUnsupported.With(
                $"a {config.Architecture}, one with scaled frequencies, or another mixture than mixtral's can't be written", folder);
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string partial = place + ".partial";
        try
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
            Directory.CreateDirectory(partial);
            File.WriteAllBytes(Path.Combine(partial, "config.json"), Configuration(config, tokens, loops, balanceLoss));
            File.WriteAllBytes(Path.Combine(partial, "generation_config.json"), GenerationConfiguration(tokens));
            foreach ((string name, ReadOnlyMemory<byte> bytes) in files)
                File.WriteAllBytes(Path.Combine(partial, name), bytes.Span);
            WriteWeights(Path.Combine(partial, "model.safetensors"), model);
            if (Directory.Exists(place))
                Directory.Delete(place, recursive: true);
            Directory.Move(partial, place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw KernelCodes.ModelNotWritten.With($"can't be written: {error.Message}", folder, inner: error);
        }
    }

    static void WriteWeights(string path, Checkpoint model)
    {
        IEnumerable<WrittenTensor> tensors = TensorLayout.Of(model.Config).Select(needed => new WrittenTensor(
            HuggingFaceModel.FileName(needed, model.Config),
            needed.IsVector ? [needed.Columns] : [needed.Rows, needed.Columns],
            (row, values) => model.ReadRows(needed.Name, row, values)));
        SafetensorsWriter.Write(
            path,
            [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)],
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    static byte[] Configuration(ModelConfig config, SpecialTokens tokens, int loops, double balanceLoss) => JsonText.Object(writer =>
    {
        string family = HuggingFaceConfig.FamilyOf(config.Architecture, looped: loops > 1);
        writer.WriteStartArray("architectures");
        writer.WriteStringValue(HuggingFaceConfig.HeadClassOf(family));
        writer.WriteEndArray();
        if (config.Experts is null)
            writer.WriteBoolean("attention_bias", false);
        Write(writer, tokens);
        writer.WriteString("dtype", "float32");
        writer.WriteNumber("head_dim", config.HeadWidth);
        writer.WriteString("hidden_act", "silu");
        writer.WriteNumber("hidden_size", config.Width);
        writer.WriteNumber("intermediate_size", config.FeedForward);
        writer.WriteNumber("max_position_embeddings", config.ContextLength);
        if (config.Experts is null)
            writer.WriteBoolean("mlp_bias", false);
        writer.WriteString("model_type", family);
        writer.WriteNumber("num_attention_heads", config.Heads);
        if (config.Experts is { } active)
            writer.WriteNumber("num_experts_per_tok", active.Active);
        writer.WriteNumber("num_hidden_layers", config.Layers);
        writer.WriteNumber("num_key_value_heads", config.KvHeads);
        if (config.Experts is { } experts)
            writer.WriteNumber("num_local_experts", experts.Count);
        if (loops > 1)
            writer.WriteNumber(HuggingFaceConfig.LoopsMember, loops);
        writer.WriteNumber("rms_norm_eps", config.NormEpsilon);
        writer.WriteNumber("rope_theta", config.RopeTheta);
        if (config.Experts is not null)
        {
            writer.WriteNumber("router_aux_loss_coef", balanceLoss);
            writer.WriteNull("sliding_window");
        }
        writer.WriteBoolean("tie_word_embeddings", config.TiedEmbedding);
        writer.WriteNumber("vocab_size", config.Vocabulary);
    });

    static byte[] GenerationConfiguration(SpecialTokens tokens) => JsonText.Object(writer => Write(writer, tokens));

    static void Write(Utf8JsonWriter writer, SpecialTokens tokens)
    {
        foreach ((string name, int? token) in new[]
            { ("bos_token_id", tokens.Begin), ("eos_token_id", tokens.End), ("pad_token_id", tokens.Padding) })
        {
            if (token is { } id)
                writer.WriteNumber(name, id);
        }
    }
}

/// <summary>Ids of a model's special tokens; null where it has none.</summary>
/// <param name="Begin">Begins a text.</param>
/// <param name="End">Ends an answer.</param>
/// <param name="Padding">Fills a batch.</param>
public readonly record struct SpecialTokens(int? Begin, int? End, int? Padding);
