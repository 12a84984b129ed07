using System.Text.Json.Nodes;

namespace Harness.Manifests;

/// <summary>Attributes of an evaluation: those of a pool that a model without a chat template can be asked, and who is asked.</summary>
public static class EvaluationAttributes
{
    public static AttributeDefinition<EvaluationManifest, IReadOnlyList<string>> Models { get; } = AttributeKinds.Texts<EvaluationManifest>(
        "Models", "The models that are asked", KeyPart.Pools, evaluation => evaluation.Models,
        "names among the manifest's Train items, separated by ;", "all", []) with
    {
        KeyName = "models",
    };

    public static AttributeDefinition<EvaluationManifest, IReadOnlyList<int>> Loops { get; } = AttributeKinds.Integers<EvaluationManifest>(
        "Loops", "Of looped models, how often they pass their layers, also more often than they learnt to: they are asked at each",
        KeyPart.Pools, evaluation => evaluation.Loops, 1, null, "the model's Loops") with
    {
        KeyName = "loops",
        IsLeftOut = evaluation => evaluation.Loops.Count == 0,
    };

    /// <summary>Those that are read as a pool's.</summary>
    static IReadOnlyList<AttributeDefinition> OfPool { get; } =
    [
        PoolAttributes.Name, PoolAttributes.Task, PoolAttributes.Prompt, PoolAttributes.Difficulty, PoolAttributes.Problems,
        PoolAttributes.Samples, PoolAttributes.Temperature, PoolAttributes.TopK, PoolAttributes.TopP, PoolAttributes.MinP,
        PoolAttributes.MaxTokens, PoolAttributes.StopStrings,
    ];

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition> All { get; } =
    [
        .. OfPool.Select(attribute => attribute.Name == PoolAttributes.Samples.Name ? attribute with { Default = "1", DefaultSays = null }
            : attribute).Select(attribute => attribute with { IsOverridable = false }),
        Models, Loops,
    ];

    internal static JsonObject Describe(EvaluationManifest evaluation)
    {
        JsonObject described = PoolAttributes.Describe(evaluation.Pool);
        described[Models.KeyName!] = Models.Describe(evaluation);
        if (!Loops.IsLeftOut(evaluation))
            described[Loops.KeyName!] = Loops.Describe(evaluation);
        return described;
    }
}
