using System.Text.Json;
using Harness.Kernels;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using Harness.Kernels.Tokenizers;
using Harness.Manifests;

namespace Harness.ModelChecks;

/// <summary>
/// The model that is checked. It is loaded when it is first needed, in its own precision and, for a quantised one, in float32 beside it.
/// </summary>
sealed class ReferenceModel(Checkpoint checkpoint, Precision precision, Placement placement) : IDisposable
{
    /// <summary>The most by which float32 logits may differ from float64 ones.</summary>
    public const double LogitTolerance = 1e-2;

    /// <summary>Where the two best logits are nearer than this, another order of summation may choose the other.</summary>
    public const double MarginTolerance = 1e-2;

    /// <summary>Mean Kullback-Leibler divergence from float32 that int8 may have, in nats a token.</summary>
    public const double DivergenceLimit = 0.02;

    readonly Lazy<ILanguageModel> model = new(() => LanguageModels.Load(checkpoint, precision, placement));
    readonly Lazy<ILanguageModel> single = new(() => LanguageModels.Load(checkpoint, Precision.F32, placement));

    public Checkpoint Checkpoint => checkpoint;

    public Precision Precision => precision;

    public Tokenizer Tokenizer =>
        checkpoint.Tokenizer ?? throw KernelCodes.TokenizerUnsupported.With("the model has no tokenizer, and the reference compares texts");

    /// <summary>Ids of a text, after the begin token where the tokenizer adds one and the reference has it.</summary>
    public int[] Encode(string text, IReadOnlyList<int> expected)
    {
        int[] ids = Tokenizer.Encode(text);
        bool wanted = Tokenizer.AddsBeginOfSequence && expected.Count > 0 && expected[0] == Tokenizer.BeginOfSequence;
        return wanted && (ids.Length == 0 || ids[0] != Tokenizer.BeginOfSequence) ? [Tokenizer.BeginOfSequence!.Value, .. ids] : ids;
    }

    /// <summary>The template on the day that a reference's entry was written, where that says it.</summary>
    public static ChatTemplate Dated(ChatTemplate template, JsonElement entry) => entry.TryGetProperty("date", out JsonElement date)
        ? template.On(DateText.Read(date.GetString()!) ?? throw new FormatException($"'{date}' is no date such as 2024-07-26"))
        : template;

    public void Evaluate(int[] tokens, LogitsVisitor visit) => model.Value.Evaluate(tokens, visit);

    public IReadOnlyList<Generation> Generate(IReadOnlyList<GenerationRequest> requests, DecodingSettings settings)
    {
        using IGenerator generator = model.Value.CreateGenerator();
        List<Generation> generations = [];
        generator.Generate(requests, settings, generations.Add, CancellationToken.None);
        return generations;
    }

    public DecodingSettings Settings(float temperature, int maxTokens) =>
        new() { Seed = 1, Temperature = temperature, MaxTokens = maxTokens, StopTokens = Tokenizer.EndTokens };

    /// <summary>Mean over the texts' positions of KL(float32 || this precision), in nats.</summary>
    public double DivergenceFromSingle(IEnumerable<int[]> texts)
    {
        double sum = 0;
        long positions = 0;
        foreach (int[] text in texts)
        {
            var expected = new float[text.Length][];
            single.Value.Evaluate(text, (position, logits) => expected[position] = logits.ToArray());
            model.Value.Evaluate(text, (position, logits) => sum += LogitDivergence.Between(expected[position], logits));
            positions += text.Length;
        }
        return sum / positions;
    }

    public static int[] Ids(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>Tokens that a greedy answer must share with the reference: all before the first choice that is nearly a tie.</summary>
    public static int SureTokens(IReadOnlyList<double> margins)
    {
        int sure = 0;
        while (sure < margins.Count && margins[sure] >= MarginTolerance)
            sure++;
        return sure;
    }

    public void Dispose()
    {
        if (model.IsValueCreated)
            model.Value.Dispose();
        if (single.IsValueCreated)
            single.Value.Dispose();
    }
}
