using System.Text.Json;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;

namespace Kernels.Tests.Checkpoints;

/// <summary>Writes a Hugging Face folder's model as llama.cpp's converter does, in float32.</summary>
static class GgufConversion
{
    static readonly Dictionary<string, string> Names = new()
    {
        [TensorNames.Embedding] = "token_embd.weight",
        [TensorNames.FinalNorm] = "output_norm.weight",
        [TensorNames.Head] = "output.weight",
        ["attention_norm"] = "attn_norm.weight",
        ["q"] = "attn_q.weight",
        ["k"] = "attn_k.weight",
        ["v"] = "attn_v.weight",
        ["o"] = "attn_output.weight",
        ["ffn_norm"] = "ffn_norm.weight",
        ["gate"] = "ffn_gate.weight",
        ["up"] = "ffn_up.weight",
        ["down"] = "ffn_down.weight",
        ["q_norm"] = "attn_q_norm.weight",
        ["k_norm"] = "attn_k_norm.weight",
        ["q_bias"] = "attn_q.bias",
        ["k_bias"] = "attn_k.bias",
        ["v_bias"] = "attn_v.bias",
        [TensorNames.Router] = "ffn_gate_inp.weight",
        [TensorNames.SharedGate] = "ffn_gate_inp_shexp.weight",
        [TensorNames.OfSharedExpert("gate")] = "ffn_gate_shexp.weight",
        [TensorNames.OfSharedExpert("up")] = "ffn_up_shexp.weight",
        [TensorNames.OfSharedExpert("down")] = "ffn_down_shexp.weight",
    };

    public static GgufWriter Of(Checkpoint model, string folder, string preTokenizer)
    {
        ModelConfig config = model.Config;
        string architecture = config.Architecture is "mistral" or "mixtral" ? "llama" : config.Architecture.Replace("_", "");
        GgufWriter writer = new GgufWriter()
            .Add("general.architecture", architecture)
            .Add($"{architecture}.block_count", (uint)config.Layers)
            .Add($"{architecture}.context_length", (uint)config.ContextLength)
            .Add($"{architecture}.embedding_length", (uint)config.Width)
            .Add($"{architecture}.feed_forward_length", (uint)config.FeedForward)
            .Add($"{architecture}.attention.head_count", (uint)config.Heads)
            .Add($"{architecture}.attention.head_count_kv", (uint)config.KvHeads)
            .Add($"{architecture}.attention.key_length", (uint)config.HeadWidth)
            .Add($"{architecture}.attention.value_length", (uint)config.HeadWidth)
            .Add($"{architecture}.attention.layer_norm_rms_epsilon", config.NormEpsilon)
            .Add($"{architecture}.rope.dimension_count", (uint)config.HeadWidth)
            .Add($"{architecture}.rope.freq_base", config.RopeTheta);
        if (config.Experts is { } experts)
            AddExperts(writer, architecture, experts, config.FeedForward);
        AddTokenizer(writer, Path.Combine(folder, "tokenizer.json"), preTokenizer);
        foreach (NeededTensor tensor in TensorLayout.Of(config))
            AddTensor(writer, model, tensor, isInterleaved: architecture == "llama");
        return config.RopeScaling is { } scaling ? writer.Add("rope_freqs.weight", [config.HeadWidth / 2], Llama3Factors(config, scaling))
            : writer;
    }

    /// <summary>generate_extra_tensors of llama.cpp's LlamaModel converter: torch's float32 tensors with Python's numbers.</summary>
    public static float[] Llama3Factors(ModelConfig config, RopeScaling scaling)
    {
        var factors = new float[config.HeadWidth / 2];
        float lowWavelength = scaling.OriginalContextLength / scaling.LowFrequencyFactor;
        float highWavelength = scaling.OriginalContextLength / scaling.HighFrequencyFactor;
        for (int i = 0; i < factors.Length; i++)
        {
            float frequency = 1f / (float)ExactDouble.Pow(config.RopeTheta, 2.0 * i / config.HeadWidth);
            float wavelength = 1f / frequency * (float)(2 * Math.PI);
            float smooth = (1f / wavelength * scaling.OriginalContextLength - scaling.LowFrequencyFactor)
                / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
            factors[i] = wavelength < highWavelength ? 1
                : wavelength > lowWavelength ? scaling.Factor
                : 1f / ((1f - smooth) / scaling.Factor + smooth);
        }
        return factors;
    }

    static void AddExperts(GgufWriter writer, string architecture, ExpertShape experts, int feedForward)
    {
        writer.Add($"{architecture}.expert_count", (uint)experts.Count).Add($"{architecture}.expert_used_count", (uint)experts.Active);
        if (architecture != "llama")
            writer.Add($"{architecture}.expert_feed_forward_length", (uint)feedForward);
        if (experts.HasShared)
            writer.Add($"{architecture}.expert_shared_feed_forward_length", (uint)experts.SharedFeedForward);
    }

    static void AddTensor(GgufWriter writer, Checkpoint model, NeededTensor tensor, bool isInterleaved)
    {
        if (tensor.Expert > 0)
            return;
        float[] values = Read(model, tensor);
        if (tensor.Expert == 0)
        {
            int count = model.Config.Experts!.Count;
            IEnumerable<float> all = Enumerable.Range(0, count).SelectMany(expert => Read(model, tensor with { Expert = expert }));
            writer.Add(
                $"blk.{tensor.Layer}.{Names[tensor.Part].Replace(".weight", "_exps.weight")}", [count, tensor.Rows, tensor.Columns], all);
            return;
        }
        if (isInterleaved && tensor.Part is "q" or "k")
            values = Interleaved(values, tensor, model.Config.HeadWidth);
        string name = tensor.Layer < 0 ? Names[tensor.Part] : $"blk.{tensor.Layer}.{Names[tensor.Part]}";
        bool isVector = tensor.IsVector || tensor.Part == TensorNames.SharedGate;
        writer.Add(name, isVector ? [tensor.Columns] : [tensor.Rows, tensor.Columns], values);
    }

    static float[] Read(Checkpoint model, NeededTensor tensor)
    {
        var values = new float[tensor.Rows * tensor.Columns];
        model.ReadRows(tensor.Name, 0, values);
        return values;
    }

    static float[] Interleaved(float[] values, NeededTensor tensor, int headWidth)
    {
        var permuted = new float[values.Length];
        for (int row = 0; row < tensor.Rows; row++)
        {
            (int head, int inHead) = Math.DivRem(row, headWidth);
            (int pair, int half) = Math.DivRem(inHead, 2);
            int source = head * headWidth + half * headWidth / 2 + pair;
            values.AsSpan(source * tensor.Columns, tensor.Columns).CopyTo(permuted.AsSpan(row * tensor.Columns));
        }
        return permuted;
    }

    static void AddTokenizer(GgufWriter writer, string path, string preTokenizer)
    {
        JsonElement json = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        JsonElement model = json.GetProperty("model");
        var words = model.GetProperty("vocab").EnumerateObject().ToDictionary(word => word.Value.GetInt32(), word => word.Name);
        JsonElement[] added = [.. json.GetProperty("added_tokens").EnumerateArray()];
        foreach (JsonElement token in added)
            words[token.GetProperty("id").GetInt32()] = token.GetProperty("content").GetString()!;
        int[] special = [.. added.Select(token => token.GetProperty("id").GetInt32())];
        writer
            .Add("tokenizer.ggml.model", "gpt2")
            .Add("tokenizer.ggml.pre", preTokenizer)
            .Add("tokenizer.ggml.tokens", [.. words.OrderBy(word => word.Key).Select(word => word.Value)])
            .Add("tokenizer.ggml.token_type", [.. words.Keys.Order().Select(id => special.Contains(id) ? 3 : 1)])
            .Add("tokenizer.ggml.merges", [.. model.GetProperty("merges").EnumerateArray().Select(Merge)])
            .Add("tokenizer.ggml.bos_token_id", 1u)
            .Add("tokenizer.ggml.eos_token_id", 2u)
            .Add("tokenizer.ggml.add_bos_token", false);
    }

    static string Merge(JsonElement merge) =>
        merge.ValueKind == JsonValueKind.String ? merge.GetString()!
            : string.Join(' ', merge.EnumerateArray().Select(half => half.GetString()));
}
