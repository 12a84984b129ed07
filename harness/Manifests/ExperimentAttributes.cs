using Harness.Kernels.Configuration;

namespace Harness.Manifests;

/// <summary>Properties that say what an experiment is, and those that say where it runs.</summary>
public static class ExperimentAttributes
{
    public static AttributeDefinition<Manifest, string?> Title { get; } = AttributeKinds.Text<Manifest>(
        "Title", "Heads the experiment's README and figures", KeyPart.None, manifest => manifest.Title, "a text", null,
            "the experiment's name") with
    {
        IsOverridable = true,
    };

    public static AttributeDefinition<Manifest, string?> Model { get; } = AttributeKinds.Text<Manifest>(
        "Model",
            "The model: a GGUF file or a Hugging Face folder, looked for beside the manifest, then under the data folder; or "
            + "random weights, synthetic:NAME",
        KeyPart.Pools, manifest => manifest.Model, "a path, or synthetic:NAME", null,
        "required, unless the pools are recorded, or models are trained") with
    {
        KeyName = "model",
        IsLeftOut = manifest => !manifest.AsksModel,
        IsOverridable = true,
    };

    /// <summary>Keys name an engine that is not the default; so results of before there were others keep theirs.</summary>
    public static AttributeDefinition<Manifest, string> Engine { get; } = new()
    {
        Name = "Engine",
        Summary = "What answers the prompts",
        Values = "an engine's name",
        DefaultSays = "the first engine; of recorded pools, the one that replays them",
        Key = KeyPart.Pools,
        KeyName = "engine",
        IsOverridable = true,
        Fallback = "",
        Describe = manifest => manifest.Engine.Name,
        IsLeftOut = manifest => manifest.IsEngineDefault,
    };

    public static AttributeDefinition<Manifest, Precision> Precision { get; } = new()
    {
        Name = "Precision",
        Summary = "Arithmetic of the weights and activations; both are exact, w8a8 is int8 and several times as fast",
        Values = string.Join(", ", Precisions.Exact.Select(NameOf)),
        Default = NameOf(Precisions.Exact[0]),
        Key = KeyPart.Pools,
        KeyName = "precision",
        IsLeftOut = manifest => !manifest.AsksModel,
        IsOverridable = true,
        Fallback = Precisions.Exact[0],
        Read = values => Precisions.Exact[Array.IndexOf(ExactNames, values.Choice("Precision", ExactNames) ?? ExactNames[0])],
        Describe = manifest => NameOf(manifest.Precision),
    };

    public static AttributeDefinition<Manifest, ulong> Seed { get; } = new()
    {
        Name = "Seed",
        Summary = "Names every random draw: of generated problems, of tokens, of resamples",
        Values = "an integer from 0 to 18,446,744,073,709,551,615",
        Default = "1",
        Key = KeyPart.Pools,
        KeyName = "seed",
        IsOverridable = true,
        Fallback = 1,
        Read = values => values.Unsigned("Seed", 1),
        Describe = manifest => manifest.Seed,
    };

    public static AttributeDefinition<Manifest, string?> Headline { get; } = AttributeKinds.Text<Manifest>(
        "Headline", "What the README's first sentence is about, such as majority-vote@64 over think", KeyPart.Analysis,
        manifest =>
            manifest.Headline is { } headline ? $"{headline.Strategy.Name}@{headline.Multiplier} over {headline.Strategy.Pool.Name}" : null,
        "STRATEGY, STRATEGY@MULTIPLIER, or either with ' over POOL'", null,
        "the best strategy that one can deploy, chosen on other problems than it is judged on") with
    {
        KeyName = "headline",
        IsOverridable = true,
    };

    public static AttributeDefinition<Manifest, double?> Margin { get; } = new()
    {
        Name = "Margin",
        Summary = "A smaller difference in accuracy does not matter: strategies that are sure to be within it are called the same",
        Values = "a share from 0 to below 1, such as 0.02 or 2%",
        DefaultSays = "none: nothing is called the same",
        Key = KeyPart.Analysis,
        KeyName = "margin",
        IsLeftOut = manifest => manifest.Margin == 0,
        IsOverridable = true,
        Fallback = null,
        Read = values => values.Share("Margin"),
        Describe = manifest => manifest.Margin,
    };

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<Manifest>> All { get; } = [Title, Model, Engine, Precision, Seed, Headline, Margin];

    internal static string[] ExactNames => [.. Precisions.Exact.Select(NameOf)];

    internal static string NameOf(Precision precision) => precision.ToString().ToLowerInvariant();
}
