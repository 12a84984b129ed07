using System.Text.Json.Nodes;
using Harness.Kernels.Configuration;

namespace Harness.Manifests;

/// <summary>Attributes of a model that an experiment trains.</summary>
public static class TrainAttributes
{
    public const int MostLoops = 64;

    /// <summary>Of Fedus et al. 2021 (arXiv 2101.03961).</summary>
    public const double UsualBalanceLoss = 0.01;

    const int MostSteps = 1_000_000_000, MostAddedLayers = 1024;
    const long MostTokens = 1L << 50;

    public static AttributeDefinition<TrainManifest, string> Name { get; } = new()
    {
        Name = "Include",
        Summary = "The model's name, unique in the manifest: that of its folder beside the manifest, which other experiments name as their "
            + "Model",
        Values = "letters, digits, '-', '_' and '.', a letter or digit first",
        Key = KeyPart.Pools,
        KeyName = "name",
        Fallback = "",
        Read = values => values.FileName("Include"),
        Describe = train => train.Name,
    };

    public static AttributeDefinition<TrainManifest, ModelConfig> Shape { get; } = new()
    {
        Name = "Shape",
        Summary = "A llama: width d, layers, heads, feed-forward width ffn; also kv (heads of keys and values), head (a head's width), "
            + "context, and tied=0 for an output head of its own. With experts=8;active=2 a mixtral: in each layer 8 feed-forwards of "
            + "width ffn, of which each token passes 2",
        Values = "such as d=96;layers=4;heads=6;ffn=256",
        DefaultSays = "required, unless From is given",
        Key = KeyPart.Pools,
        KeyName = "shape",
        Fallback = null!,
        Read = values => ShapeText.Read(values, "Shape"),
        Describe = train => ShapeText.Of(train.Shape),
    };

    public static AttributeDefinition<TrainManifest, string?> From { get; } = AttributeKinds.Text<TrainManifest>(
        "From", "A model whose weights it begins with, in place of random ones: it has that model's shape", KeyPart.Pools,
        train => train.From is { } from ? Path.IsPathRooted(from) ? Path.GetFileName(from) : from : null,
        "a folder or file, looked for as Model is", null, "none") with
    {
        KeyName = "from",
        IsLeftOut = train => train.From is null,
    };

    public static AttributeDefinition<TrainManifest, int> AddLayers { get; } = AttributeKinds.Integer<TrainManifest>(
        "AddLayers", "With From: layers on top of that model's own, which do nothing until they have learnt", KeyPart.Pools,
        train => train.AddedLayers, 0, MostAddedLayers, 0) with
    {
        KeyName = "add_layers",
        IsLeftOut = train => train.AddedLayers == 0,
    };

    public static AttributeDefinition<TrainManifest, double?> BalanceLoss { get; } = new()
    {
        Name = "BalanceLoss",
        Summary = "Of a mixture of experts: the coefficient of the loss that has the tokens of a sequence share the experts of each layer; "
            + "the losses that are reported are without it",
        Values = "a number from 0 to 10",
        DefaultSays = "0.01 with experts",
        Key = KeyPart.Pools,
        KeyName = "balance_loss",
        Fallback = null,
        Read = values => values.Text("BalanceLoss") is null ? null : values.Double("BalanceLoss", null, 0, 10, aboveLow: false),
        Describe = train => train.BalanceLoss,
        IsLeftOut = train => train.Shape.Experts is null,
    };

    public static AttributeDefinition<TrainManifest, int> Loops { get; } = AttributeKinds.Integer<TrainManifest>(
        "Loops",
        "The most times that the layers are passed with the same weights: each step passes them a random number of times, from 1 to this, "
            + "each alike; validation this many times", KeyPart.Pools, train => train.Loops, 1, MostLoops, 1) with
    {
        KeyName = "loops",
        IsLeftOut = train => !train.IsLooped,
    };

    public static AttributeDefinition<TrainManifest, int> UnrolledAt { get; } = AttributeKinds.Integer<TrainManifest>(
        "UnrolledAt", "Of a looped model: the folder is a llama of so many times its layers, which transformers opens; else one that this "
            + "program alone reads, with the layers once, passed Loops times", KeyPart.Pools, train => train.UnrolledAt, 1, MostLoops, null,
            "not unrolled") with
    {
        KeyName = "unrolled_at",
        IsLeftOut = train => train.UnrolledAt == 0,
    };

    public static AttributeDefinition<TrainManifest, long> Tokens { get; } = Count(
        "Tokens", "tokens", "The most tokens that pass the model, padding among them; there are as many steps as whole batches in it. "
            + "Several, separated by ;, are a model each, named NAME-1M and so on: their common steps are trained once",
        train => train.Tokens, null, MostTokens) with
    {
        IsOverridable = true,
    };

    public static AttributeDefinition<TrainManifest, long> BatchTokens { get; } = Count(
        "BatchTokens", "batch_tokens", "The most tokens of a step, padding among them", train => train.BatchTokens, "10k", int.MaxValue)
        with
    {
        IsOverridable = true,
    };

    public static AttributeDefinition<TrainManifest, double> LearningRate { get; } = Real(
        "LearningRate", "learning_rate",
        "The highest learning rate of AdamW. Several, separated by ;, are a model each, named NAME-lr3e-3 and so on",
        train => train.LearningRate, null, 0, 10, aboveLow: true) with
    {
        IsOverridable = true,
    };

    public static AttributeDefinition<TrainManifest, int> Warmup { get; } = AttributeKinds.Integer<TrainManifest>(
        "Warmup", "Steps in which the learning rate rises to its highest", KeyPart.Pools, train => train.Warmup, 0, MostSteps, 100) with
    {
        KeyName = "warmup",
    };

    public static AttributeDefinition<TrainManifest, double> Decay { get; } = Real(
        "Decay", "decay", "The share of all steps, at the end, in which the learning rate falls to zero", train => train.Decay, "0.3",
        0, 1);

    public static AttributeDefinition<TrainManifest, double> WeightDecay { get; } = Real(
        "WeightDecay", "weight_decay", "AdamW's decay of matrices; embeddings and norms have none",
        train => train.Optimizer.WeightDecay, "0.1", 0, 10);

    public static AttributeDefinition<TrainManifest, double> Beta1 { get; } = Real(
        "Beta1", "beta1", "What AdamW keeps of its mean gradient each step", train => train.Optimizer.Beta1, "0.9", 0, 0.999999);

    public static AttributeDefinition<TrainManifest, double> Beta2 { get; } = Real(
        "Beta2", "beta2", "What AdamW keeps of its mean squared gradient each step", train => train.Optimizer.Beta2, "0.98", 0, 0.9999999);

    public static AttributeDefinition<TrainManifest, double> ClipNorm { get; } = Real(
        "ClipNorm", "clip_norm", "The largest norm of all gradients together; larger ones are scaled down",
        train => train.Optimizer.ClipNorm, "1", 0, 1e9, aboveLow: true);

    public static AttributeDefinition<TrainManifest, LossPart> Loss { get; } = new()
    {
        Name = "Loss",
        Summary = "Which tokens are learnt: those after the prompt, or all. A text without a prompt counts whole",
        Values = "answer, all",
        Default = "answer",
        Key = KeyPart.Pools,
        KeyName = "loss",
        Fallback = LossPart.Answer,
        Read = values => values.Choice("Loss", ["answer", "all"]) == "all" ? LossPart.All : LossPart.Answer,
        Describe = train => train.Loss.ToString().ToLowerInvariant(),
    };

    public static AttributeDefinition<TrainManifest, ulong?> Seed { get; } = new()
    {
        Name = "Seed",
        Summary = "Names its first weights and its data. Several, separated by ;, are a model each, named NAME-seed2 and so on",
        Values = "an integer from 0 to 18,446,744,073,709,551,615",
        DefaultSays = "the manifest's",
        Key = KeyPart.Pools,
        KeyName = "seed",
        Fallback = null,
        Read = values => values.Text("Seed") is null ? null : values.Unsigned("Seed", 0),
        Describe = train => train.Seed,
    };

    public static AttributeDefinition<TrainManifest, long> ValidationTokens { get; } = Count(
        "ValidationTokens", "validation_tokens", "The most tokens of the texts on which the loss is validated",
        train => train.ValidationTokens, "20k", int.MaxValue);

    public static AttributeDefinition<TrainManifest, int> LogEvery { get; } = AttributeKinds.Integer<TrainManifest>(
        "LogEvery", "Steps from one row of training.csv to the next; step 1 and the last have rows too", KeyPart.Pools,
        train => train.LogEvery, 1, MostSteps, 10) with
    {
        KeyName = "log_every",
    };

    public static AttributeDefinition<TrainManifest, int> ValidateEvery { get; } = AttributeKinds.Integer<TrainManifest>(
        "ValidateEvery", "Steps from one validation to the next; the last step has one too", KeyPart.Pools,
        train => train.ValidateEvery, 1, MostSteps, 200) with
    {
        KeyName = "validate_every",
    };

    public static AttributeDefinition<TrainManifest, bool?> Commit { get; } = AttributeKinds.Flag<TrainManifest>(
        "Commit", "Whether the model's folder lies beside the manifest, for others to build on; else in artifacts, and its hash is kept",
        KeyPart.Pools, train => train.IsCommitted, "true") with
    {
        KeyName = "commit",
    };

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<TrainManifest>> All { get; } =
    [
        Name, Shape, From, AddLayers, BalanceLoss, Loops, UnrolledAt, Tokens, BatchTokens, LearningRate, Warmup, Decay, WeightDecay,
        Beta1, Beta2, ClipNorm, Loss, Seed, ValidationTokens, ValidateEvery, LogEvery, Commit,
    ];

    /// <summary>Those of which an item may list several values, each a model of its own, with the mark before it in the name.</summary>
    public static IReadOnlyList<(string Attribute, string Mark)> Several { get; } =
        [(Tokens.Name, ""), (LearningRate.Name, "lr"), (Seed.Name, "seed")];

    internal static JsonObject Describe(TrainManifest train) => ManifestKeys.Members(train, All);

    static AttributeDefinition<TrainManifest, long> Count(
        string name, string keyName, string summary, Func<TrainManifest, long> of, string? absent, long most) =>
        AttributeKinds.Count(name, summary, KeyPart.Pools, of, most, absent) with { KeyName = keyName };

    static AttributeDefinition<TrainManifest, double> Real(
        string name, string keyName, string summary, Func<TrainManifest, double> of, string? absent, double low, double high,
        bool aboveLow = false) =>
        AttributeKinds.Double(name, summary, KeyPart.Pools, of, low, high, absent, aboveLow) with { KeyName = keyName };
}
